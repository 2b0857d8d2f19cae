"""The companies that Northwater knows: customers, named accounts and everyone else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.text import slugify

from alignment.demo import names
from alignment.demo.chance import Chance
from definitions.engine.text import text_key
from leads.models import Company, CompanyDomain

COUNT = 2_600
CUSTOMERS = 160
NAMED = 40

# Name: country, industry, employees. They appear on the first screens that a visitor sees.
KNOWN = {
    "Nordhavn Shipping": ("NO", "Shipping", 1_400),
    "Kestrel Paper": ("GB", "Paper", 870),
    "Solis Packaging": ("NL", "Paper", 640),
    "Orchard Street Brewing": ("GB", "Food", 320),
    "Mesa Verde Utilities": ("GB", "Utilities", 1_150),
    "Talbot & Crane": ("GB", "Food", 260),
    "Vanta Hydro": ("SE", "Utilities", 980),
    "Greyfield Dairy": ("GB", "Food", 410),
    "Rivermark Chemicals": ("DE", "Chemicals", 1_600),
    "Pinewood Hospital Trust": ("GB", "Other", 2_900),
    "Arclight Data Centers": ("DK", "Other", 2_400),
    "Calder Textiles": ("GB", "Other", 540),
    "Delta Desal": ("NL", "Utilities", 3_100),
    "Altamont Foods": ("US", "Food", 1_250),
    "Harbor Steelworks": ("DE", "Other", 1_800),
    "Lindau Beverages": ("DE", "Food", 760),
    "Tromso Fish Co": ("NO", "Food", 450),
    "Orla Ceramics": ("DK", "Other", 230),
    "Basalt Mining": ("SE", "Other", 1_300),
    "Quay Logistics": ("NL", "Shipping", 690),
    "Mirai Foods": ("SE", "Food", 1_020),
    "Fenwick Mills": ("GB", "Paper", 380),
    "Fjordline": ("NO", "Shipping", 900),
}


@dataclass(eq=False, slots=True)
class Firm:
    """One company with what the story needs of it."""

    row: Company
    domain: str
    customer_from: datetime | None = None

    @property
    def country(self) -> str:
        return self.row.country

    @property
    def employees(self) -> int | None:
        return self.row.employees

    def is_customer(self, at: datetime) -> bool:
        return self.customer_from is not None and self.customer_from <= at

    def fits(self, industries: tuple[str, ...], most: int | None) -> bool:
        """Whether the company's part of an MQL definition is met."""
        size = self.row.employees
        return (
            size is not None
            and size >= 200
            and (most is None or size <= most)
            and self.row.industry in industries
        )


def invent(chance: Chance, begins: datetime) -> list[Firm]:
    """The planted ones first, then the rest, customers and named accounts among them."""
    firms = [_firm(name, *facts, begins) for name, facts in KNOWN.items()]
    taken = {firm.domain for firm in firms}
    while len(firms) < COUNT:
        firm = _invented(chance, begins)
        if firm.domain not in taken:
            taken.add(firm.domain)
            firms.append(firm)
    rest = chance.shuffled(firms[len(KNOWN) :])
    for number, firm in enumerate(rest[: CUSTOMERS + NAMED]):
        if number < CUSTOMERS:
            firm.row.relation = Company.Relation.CUSTOMER
            firm.customer_from = begins - timedelta(days=chance.whole(30, 1_200))
        else:
            firm.row.tier = Company.Tier.NAMED
    for firm in rest[CUSTOMERS + NAMED : CUSTOMERS + 6 * NAMED]:
        firm.row.tier = Company.Tier.TARGET
    return firms


def domain_rows(firms: list[Firm]) -> list[CompanyDomain]:
    return [CompanyDomain(company=firm.row, domain=firm.domain, is_primary=True) for firm in firms]


def _firm(name: str, country: str, industry: str, employees: int, begins: datetime) -> Firm:
    firm = _row(name, country, industry, employees, begins)
    firm.row.tier = Company.Tier.TARGET
    return firm


def _invented(chance: Chance, begins: datetime) -> Firm:
    country, industry = chance.weighed(names.COUNTRIES), chance.weighed(names.INDUSTRIES)
    place = chance.one_of(names.PLACES[country].split())
    trade, kind = chance.one_of(names.TRADES[industry].split()), chance.one_of(names.KINDS)
    employees = max(8, round(chance.lognormal(420, 1.3)))
    return _row(f"{place} {trade} {kind}".strip(), country, industry, min(employees, 60_000), begins)


def _row(name: str, country: str, industry: str, employees: int, begins: datetime) -> Firm:
    row = Company(
        name=name,
        name_key=text_key(name),
        industry=industry,
        industry_key=text_key(industry),
        employees=employees,
        country=country,
        created_at=begins,
    )
    domain = slugify(name).replace("-shipping", "").replace("-", "")
    return Firm(row, f"{domain}.example")
