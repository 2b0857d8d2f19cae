"""The contract as people read it: each promise in words, on the side that owes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from accounts.queries import organisation
from common.templatetags.words import agreed_pct, money_full
from definitions.catalogue import catalogue
from definitions.engine import codec
from definitions.engine.wording import describe
from leads.models.qualification import Basis
from sla.engine import counting, pause_terms
from sla.models import Commitment, ContractVersion
from sla.queries.agreed_fields import label_of
from sla.queries.drafting import pause_labels
from sla.queries.rungs import ladder_words
from sla.queries.spans import span_words

HOUR = timedelta(hours=1)
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


def promises_of(version: ContractVersion) -> list[Commitment]:
    """By side, by kind, and within a kind in the order in which they are tried: one query."""
    sides, kinds = list(Commitment.Side.values), list(Commitment.Kind.values)
    rows = version.commitments.select_related("calendar")
    return sorted(rows, key=lambda row: (sides.index(row.side), kinds.index(row.kind), row.position))


def names_of(rows: Sequence[Commitment]) -> dict[int, str]:
    """What each is called; those of one name are told apart by kind, by whom they are for, else by number."""
    found = {row.pk: row.name for row in rows}
    marks: tuple[Callable[[Commitment], str], ...] = (
        lambda row: str(row.get_kind_display()),
        lambda row: "every lead" if row.segment in EVERYBODY else _segment(row).lower(),
        lambda row: str(1 + [one for one in rows if one.kind == row.kind].index(row)),
    )
    for mark in marks:
        alike: dict[str, list[Commitment]] = defaultdict(list)
        for row in rows:
            alike[found[row.pk]].append(row)
        for name, group in alike.items():
            if len({mark(row) for row in group}) > 1:
                found |= {row.pk: f"{name}, {mark(row)}" for row in group}
    return found


def sides_of(version: ContractVersion) -> Sides:
    """One query; promises keep the order in which they are tried."""
    rows = promises_of(version)
    names = names_of(rows)
    of = {
        side: tuple(term_of(row, names[row.pk]) for row in rows if row.side == side)
        for side in Commitment.Side.values
    }
    return Sides(of["marketing"], of["sales"], of["joint"])


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One promise in the list of a draft: in words, and where it stands among those of its kind."""

    public_id: UUID
    side: str
    kind: str
    place: int
    of: int
    term: Term


def rows_of(version: ContractVersion) -> list[DraftRow]:
    """All promises in the order of the ledger: one query."""
    rows = promises_of(version)
    names, kinds = names_of(rows), [row.kind for row in rows]
    return [
        DraftRow(
            row.public_id,
            row.side,
            row.get_kind_display(),
            1 + kinds[:place].count(row.kind),
            kinds.count(row.kind),
            term_of(row, names[row.pk]),
        )
        for place, row in enumerate(rows)
    ]


def term_of(row: Commitment, name: str = "") -> Term:
    """Under the name that tells it from others of its version, where that is given."""
    notes = [MEANT[row.kind], *_small_print(row)]
    return Term(row.kind, name or row.name, _figure(row), tuple(notes))


def _figure(row: Commitment) -> str:
    if row.kind == Commitment.Kind.BRIEF and row.target is not None:
        return f"{spoken(row)} before launch"
    if row.target is not None:
        within = f"in {spoken(row)}"
        return f"{row.attempts} attempts {within}" if row.attempts else within
    per = f" a {row.period}" if row.period else ""
    if row.amount is not None and row.kind == Commitment.Kind.PIPELINE:
        return f"{money_full(row.amount, organisation().currency)}{per}"
    if row.amount is not None:
        return f"{row.amount.normalize():,f}{per}"
    return f"{agreed_pct(row.goal)}{per}" if row.goal is not None else "agreed"


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
        yield f"{agreed_pct(row.goal)} in time" + (f", by the {row.period}" if row.period else "")
    if row.restart_on_reassign:
        yield "Starts anew when reassigned"
    if row.binds_up_to:
        yield f"Binds up to {row.binds_up_to} new offers a rep and day"
    if row.ladder and (words := ladder_words(row)):
        yield words


def _segment(row: Commitment) -> str:
    try:
        words = describe(codec.parse(row.segment, catalogue), catalogue)
        return f"Only if {words[:1].lower()}{words[1:]}"
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
    return [label_of(name) for name in version.agreed_fields]


def counting_words(version: ContractVersion) -> str:
    """Which offers count for a volume promise, as people call their basis."""
    named = counting.counted(version.counting_rules)
    return ", ".join(str(Basis(basis).label) for basis in named) or "every basis"


def pause_words(keys: Iterable[str]) -> list[str]:
    """Reasons to pause by hand as people call them; a reason that is gone keeps its key."""
    labels = pause_labels()
    return [labels.get(key, key) for key in keys]


def by_hand_words(version: ContractVersion) -> str:
    """For what a clock may be paused by hand, and for how long, in one line."""
    rules = pause_terms.holds(version.pause_rules)
    why = ", ".join(pause_words(rules.reasons)) if rules.reasons else "any reason"
    longest = f"up to {rules.cap / HOUR:g} business hours a cycle" if rules.cap else "for as long as it takes"
    return f"{why}; {longest}"
