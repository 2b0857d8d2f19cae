"""The contract as people read it: each promise in words, on the side that owes it, and what changed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from common.templatetags.words import pct
from definitions.catalogue import catalogue
from definitions.engine import codec
from definitions.engine.wording import describe
from leads.models.qualification import Basis
from sla.engine import counting, pause_terms
from sla.models import Commitment, ContractVersion
from sla.queries.rungs import ladder_words, mail_words
from sla.queries.spans import span_words

EVERYBODY: tuple[dict[str, list[object]], ...] = ({}, {"all": []})
MEANT = {
    "answer": "Accept or reject", "first_response": "Offer to first human attempt",
    "follow_up": "Human attempts after acceptance", "take": "Passed to taken or sent back",
    "disposition": "Accepted to qualified, disqualified or recycled", "handover": "MQL to offer",
    "re_response": "New hand raise on an open lead to the next attempt", "volume": "Distinct leads, counted bases",
    "rework": "Returned to resupplied or withdrawn", "buyer_wait": "Raised to first human attempt",
    "quality": "Of leads decided. Gross and net are shown", "completeness": "All agreed fields filled at the offer",
    "conversion": "SQL of accepted, per cohort", "pipeline": "Amount of sourced deals opened",
    "brief": "Published before the campaign starts", "brief_read": "Acknowledged by sellers before launch",
    "meeting": "Held and recorded, from when it was to begin",
    "nurture": "Recycled to first nurture touch, woken on the date",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """One promise: its name, the figure, and the small print."""

    kind: str
    name: str
    figure: str
    notes: tuple[str, ...]

    @property
    def note(self) -> str:
        return ". ".join(self.notes)


@dataclass(frozen=True, slots=True)
class Sides:
    """The ledger: who owes what."""

    marketing: tuple[Term, ...]
    sales: tuple[Term, ...]
    joint: tuple[Term, ...]


def sides_of(version: ContractVersion) -> Sides:
    """One query; promises keep the order in which they are tried."""
    rows = list(version.commitments.select_related("calendar").order_by("pk"))
    of = {side: tuple(term_of(row) for row in rows if row.side == side) for side in Commitment.Side.values}
    return Sides(of["marketing"], of["sales"], of["joint"])


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One promise in the list of a draft: in words, and where it stands within its kind."""

    public_id: UUID
    side: str
    kind: str
    place: int
    term: Term


def rows_of(version: ContractVersion) -> list[DraftRow]:
    """All promises in the order in which each kind is tried: one query."""
    kinds = list(Commitment.Kind.values)
    found: list[DraftRow] = []
    for row in version.commitments.select_related("calendar").order_by("position"):
        place = 1 + sum(one.kind == row.get_kind_display() for one in found)
        found.append(DraftRow(row.public_id, row.side, row.get_kind_display(), place, term_of(row)))
    sides = list(Commitment.Side.values)
    order = {label: kinds.index(value) for value, label in Commitment.Kind.choices}
    return sorted(found, key=lambda one: (sides.index(one.side), order[one.kind], one.place))


def term_of(row: Commitment) -> Term:
    notes = [MEANT[row.kind], *_small_print(row)]
    return Term(row.kind, row.name, _figure(row), tuple(notes))


def _figure(row: Commitment) -> str:
    if row.kind == Commitment.Kind.BRIEF and row.target is not None:
        return f"{spoken(row)} before launch"
    if row.target is not None:
        within = f"in {spoken(row)}"
        return f"{row.attempts} attempts {within}" if row.attempts else within
    per = f" a {row.period}" if row.period else ""
    if row.amount is not None:
        return f"{row.amount.normalize():,f}{per}"
    return f"{pct(row.goal, 0)}{per}" if row.goal is not None else "agreed"


def _small_print(row: Commitment) -> Iterable[str]:
    if row.segment not in EVERYBODY:
        yield _segment(row)
    efforts = ((row.attempt_days, "on {} days"), (row.attempt_calls, "{} of them calls"),
               (row.attempt_channels, "over {} channels"))  # fmt: skip
    said = [words.format(number) for number, words in efforts if number]
    if said:
        yield ", ".join(said).capitalize()
    if row.target is not None:
        yield _hours(row)
    if row.out_of_hours:
        yield f"Out of hours in {span_words(row.out_of_hours)}"
    if row.target is not None and row.goal is not None:
        yield f"{pct(row.goal, 0)} in time" + (f", by the {row.period}" if row.period else "")
    if row.binds_up_to:
        yield f"Binds up to {row.binds_up_to} new offers a rep and day"
    if row.ladder and (words := ladder_words(row)):
        yield words


def _segment(row: Commitment) -> str:
    try:
        words = describe(codec.parse(row.segment, catalogue), catalogue)
        return f"Where {words[:1].lower()}{words[1:]}"
    except codec.CriteriaError:
        return "For nobody: a fact of its segment is gone"


def _hours(row: Commitment) -> str:
    if row.calendar_choice == Commitment.CalendarChoice.ALWAYS:
        return "All hours count"
    if row.calendar is not None:
        return f"In {row.calendar} hours"
    return "In the answering team's hours"


def spoken(row: Commitment) -> str:
    """A target as agreed: "10 days (90 h)", "4 h", "30 m"."""
    if row.target is None:
        return ""
    hours = span_words(row.target)
    if not row.target_days:
        return hours
    return f"{row.target_days} day{'s' if row.target_days > 1 else ''} ({hours})"


def field_words(version: ContractVersion) -> list[str]:
    """The agreed fields as people call them."""
    known = ((name, catalogue.lookup(name)) for name in version.agreed_fields)
    return [
        spec.label if spec else name.rpartition(".")[2].replace("_", " ").capitalize() for name, spec in known
    ]


def counting_words(version: ContractVersion) -> str:
    """Which offers count for a volume promise, as people call their basis."""
    named = counting.counted(version.counting_rules)
    return ", ".join(str(Basis(basis).label) for basis in named) or "every basis"


def changes(version: ContractVersion, before: ContractVersion | None) -> list[str]:
    """What this version promises otherwise than the one before, in words."""
    if before is None:
        return []
    now, then = _by_name(version), _by_name(before)
    renamed = _renamed(version, before)
    found = [f"{old} is now called {new}" for old, new in renamed.items()]
    then = {renamed.get(name, name): term for name, term in then.items()}
    found += [f"{name}: {then[name].figure} to {term.figure}" for name, term in now.items()
             if name in then and then[name].figure != term.figure]  # fmt: skip
    added = [f"{name}: new, {term.figure}" for name, term in now.items() if name not in then]
    return found + added + [f"{name}: dropped" for name in then if name not in now]


def _renamed(version: ContractVersion, before: ContractVersion) -> dict[str, str]:
    """Old name -> new, of promises that are still the same kind for the same leads."""
    new, old = _names_by_place(version), _names_by_place(before)
    return {
        old[place]: name
        for place, name in new.items()
        if place in old and name not in old.values() and old[place] not in new.values()
    }


def _names_by_place(version: ContractVersion) -> dict[tuple[str, str], str]:
    rows = version.commitments.order_by("pk")
    return {(row.kind, json.dumps(row.segment, sort_keys=True)): row.name for row in rows}


@dataclass(frozen=True, slots=True)
class Change:
    """One line of what an amendment changes; empty where there was, or is, nothing."""

    side: str
    name: str
    then: str
    now: str


def change_list(version: ContractVersion, before: ContractVersion | None) -> list[Change]:
    """Every promise and term that says something else than the version in force, by side."""
    now, then = _by_kind_and_name(version), _by_kind_and_name(before)
    found = []
    for key in sorted({*now, *then}, key=lambda key: list({**now, **then}).index(key)):
        side, new, old = (now.get(key) or then[key])[0], now.get(key), then.get(key)
        if new and old and new[1] == old[1]:
            continue
        same_figure = bool(new and old and new[1].figure == old[1].figure)
        found.append(Change(side, key[1], *(_said(one, in_full=same_figure) for one in (old, new))))
    return found + _changed_terms(version, before)


def _by_kind_and_name(version: ContractVersion | None) -> dict[tuple[str, str], tuple[str, Term]]:
    if version is None:
        return {}
    rows = version.commitments.select_related("calendar").order_by("pk")
    return {(row.kind, row.name): (row.side, term_of(row)) for row in rows}


def _said(found: tuple[str, Term] | None, *, in_full: bool) -> str:
    if found is None:
        return ""
    return f"{found[1].figure}. {found[1].note}" if in_full else found[1].figure


def _changed_terms(version: ContractVersion, before: ContractVersion | None) -> list[Change]:
    now, then = _terms(version), _terms(before) if before else {}
    return [
        Change("", name, then.get(name, ""), said) for name, said in now.items() if said != then.get(name, "")
    ]


def _terms(version: ContractVersion) -> dict[str, str]:
    pauses = pause_terms.holds(version.pause_rules)
    return {
        "MQL": f"v{version.mql_version.number}" if version.mql_version else "",
        "SQL": f"v{version.sql_version.number}" if version.sql_version else "",
        "Counted for volume": counting_words(version),
        "Agreed fields": ", ".join(field_words(version)),
        "Reasons to pause": ", ".join(pauses.reasons or ()),
        "Longest pause": f"{pauses.cap / timedelta(hours=1):g} h" if pauses.cap else "",
        "Mail about clocks": mail_words(version),
        "Next review": f"{version.review_on:%-d %b %Y}" if version.review_on else "",
    }


def _by_name(version: ContractVersion) -> dict[str, Term]:
    sides = sides_of(version)
    return {term.name: term for term in (*sides.marketing, *sides.sales, *sides.joint)}
