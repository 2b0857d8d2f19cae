"""What the columns of somebody's file probably are, and how its dates are written: a proposal for people to correct."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from intake.cells import Dates, read_count
from intake.mapping import FIELDS
from intake.reading import Table
from leads.engine.identity import clean, normal_form, read_domain, read_email, read_phone

LOOKED_AT = 5_000
SAMPLES = 3
OWN = "baton_"  # what a file of refused rows adds

# field -> names in other systems, in normal form without its underscores.
SYNONYMS = {
    "external_id": "id leadid contactid recordid prospectid externalid crmid",
    "email": "email emailaddress mail workemail businessemail epost",
    "first_name": "firstname givenname forename vorname prenom",
    "last_name": "lastname surname familyname nachname nom",
    "title": "title jobtitle job position role jobrole",
    "phone": "phone phonenumber telephone tel mobile mobilephone mobilephonenumber cell directphone",
    "company": "company companyname account accountname organisation organization employer firma",
    "company_domain": "companydomain domain website websiteurl companywebsite url",
    "industry": "industry sector branche",
    "employees": "employees numberofemployees noofemployees employeecount headcount companysize",
    "country": "country countryregion land",
    "source": "source leadsource originalsource utmsource",
    "campaign": "campaign campaignname utmcampaign",
    "owner": "owner leadowner contactowner accountowner salesowner owneremail",
    "created_at": "createdat createdate createddate datecreated created captured capturedat scantime",
}
TARGETS = {name: target for target, names in SYNONYMS.items() for name in names.split()}
FORMATS = {
    "": "Year first: 2026-11-19",
    "%d/%m/%Y": "Day first: 19/11/2026",
    "%d/%m/%Y %H:%M": "Day first: 19/11/2026 10:14",
    "%d.%m.%Y": "Day first: 19.11.2026",
    "%d.%m.%Y %H:%M": "Day first: 19.11.2026 10:14",
    "%d-%m-%Y": "Day first: 19-11-2026",
    "%m/%d/%Y": "Month first: 11/19/2026",
    "%m/%d/%Y %H:%M": "Month first: 11/19/2026 10:14",
    "%m/%d/%Y %I:%M %p": "Month first: 11/19/2026 10:14 AM",
}


@dataclass
class Column:
    """One column of the file: what it is taken for, its first values, and how many of them do not fit."""

    name: str
    target: str
    samples: list[str] = field(default_factory=list)
    filled: int = 0
    problems: int = 0

    @property
    def misfits(self) -> str:
        return f"{self.problems:,} do{'es' if self.problems == 1 else ''} not fit"

    @property
    def is_field(self) -> bool:
        """An attribute cannot have the name of a field."""
        return normal_form(self.name) in FIELDS["leads"]

    @property
    def is_own(self) -> bool:
        return normal_form(self.name).startswith(OWN)


def targets(header: Sequence[str]) -> list[str]:
    """The field each column is taken for; a field is given once, to its best name. Empty: none."""
    chosen: dict[str, int] = {}
    for is_exact in (True, False):
        for index, name in enumerate(header):
            own = normal_form(name)
            target = own if is_exact and own in FIELDS["leads"] else ""
            if not is_exact:
                target = TARGETS.get(own.replace("_", ""), "")
            if target and target not in chosen and index not in chosen.values():
                chosen[target] = index
    by_index = {index: target for target, index in chosen.items()}
    return [by_index.get(index, "") for index in range(len(header))]


def columns(table: Table, chosen: Sequence[str], date_format: str) -> list[Column]:
    """Each column with its first values and, over the first rows, how many cells its field would refuse."""
    found = [Column(name, target) for name, target in zip(table.header, chosen, strict=True)]
    readers = _readers(date_format)
    for number, row in enumerate(table.rows()):
        if number == LOOKED_AT:
            break
        if row.problem is None:
            for column, cell in zip(found, row.cells, strict=True):
                _look(column, clean(cell), readers.get(column.target))
    return found


def date_format(values: Iterable[str]) -> str:
    """The way of writing dates that fits most values, ISO 8601 and day first before others."""
    texts = [text for text in values if text]
    fits = {known: sum(_fits(Dates(known).read, text) for text in texts) for known in FORMATS}
    return max(FORMATS, key=lambda known: fits[known])


def values_of(table: Table, target: str, chosen: Sequence[str]) -> list[str]:
    """The first cells of the column that is taken for this field."""
    if target not in chosen:
        return []
    index, found = list(chosen).index(target), []
    for number, row in enumerate(table.rows()):
        if number == LOOKED_AT:
            break
        if row.problem is None:
            found.append(clean(row.cells[index]))
    return found


def _readers(date_format: str) -> dict[str, Callable[[str], object]]:
    return {
        "email": read_email,
        "phone": read_phone,
        "company_domain": read_domain,
        "employees": read_count,
        "created_at": Dates(date_format).read,
    }


def _look(column: Column, text: str, reader: Callable[[str], object] | None) -> None:
    if not text:
        return
    column.filled += 1
    if len(column.samples) < SAMPLES and text not in column.samples:
        column.samples.append(text[:80])
    if reader is not None and not _fits(reader, text):
        column.problems += 1


def _fits(reader: Callable[[str], object], text: str) -> bool:
    try:
        reader(text)
    except ValueError:
        return False
    return True
