"""The ladder of a promise in words: its warnings, the miss, and every step after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from definitions.engine.shapes import CriteriaError
from sla.engine import alerts, ladder
from sla.engine.clock import default_warnings
from sla.engine.ladder import Do
from sla.models import Clock, Commitment, ContractVersion
from sla.queries.spans import span_words

ROLES = {
    "holder": "the holder", "team": "the team", "sales_manager": "the sales manager",
    "marketing_manager": "the marketing manager", "both_managers": "both managers", "admin": "the admins",
}  # fmt: skip
MOVES = {
    Do.TAKEOVER: ("hand-finger", "Anyone of the team may claim it"),
    Do.REASSIGN: ("user-plus", "Goes to the next person of the team"),
    Do.POOL: ("refresh", "Back to the team's pool"),
}


@dataclass(frozen=True, slots=True)
class RungFace:
    """One step of what happens as a promise runs out."""

    at: str
    icon: str
    what: str
    detail: str


@dataclass(frozen=True, slots=True)
class Ladder:
    """What happens as one promise runs out, and after it."""

    name: str
    rungs: tuple[RungFace, ...]


def ladders_of(version: ContractVersion) -> list[Ladder]:
    """Of every promise that says when it warns or what happens after a miss.

    Without any, of the first that runs by the clock.
    """
    timed = version.commitments.filter(kind__in=Clock.Kind.values).order_by("kind", "position")
    rows = [row for row in timed if row.target]
    return [ladder_of(row) for row in [row for row in rows if row.ladder or row.warnings] or rows[:1]]


def ladder_of(row: Commitment) -> Ladder:
    target = row.target or timedelta()
    percents = tuple(sorted(row.warnings)) or default_warnings(target)
    rungs = [_warning(target, percent, percent == percents[-1]) for percent in percents]
    rungs.append(
        RungFace("100%", "alert-octagon", "Breach, dated at the due time", "Holder and manager, once")
    )
    return Ladder(f"{row.name}, {span_words(target)}", (*rungs, *map(_later, rungs_of(row))))


def rungs_of(row: Commitment) -> tuple[ladder.Rung, ...]:
    """None where what is written cannot be read."""
    try:
        return ladder.read(row.ladder, kind=row.kind)
    except CriteriaError:
        return ()


def ladder_words(row: Commitment) -> str:
    """In one line: "After a miss: +1 h tell the sales manager, +4 h back to the team's pool"."""
    steps = [f"{face.at} {face.what[:1].lower()}{face.what[1:]}" for face in map(_later, rungs_of(row))]
    return f"After a miss: {', '.join(steps)}" if steps else ""


def mail_words(version: ContractVersion) -> str:
    """How messages about clocks are sent, in one line."""
    terms = alerts.holds(version.alerts)
    words = [f"{span_words(terms.cool_down)} between two about one clock" if terms.cool_down else "",
             f"at most {terms.daily_cap} a person and day",
             "not outside a person's own hours" if terms.quiet_hours else "at any hour"]  # fmt: skip
    return ", ".join(filter(None, words))


def _warning(target: timedelta, percent: int, last: bool) -> RungFace:
    after = f"After {span_words(target * percent / 100)}"
    if last:
        return RungFace(f"{percent}%", "alert-triangle", "Last warning: at risk from here", after)
    return RungFace(f"{percent}%", "bell", "Tell the holder", after)


def _later(rung: ladder.Rung) -> RungFace:
    after, who = f"+{span_words(rung.after)}", ROLES[ladder.told(rung)]
    if rung.do is Do.NOTIFY:
        return RungFace(after, "user-up", f"Tell {who}", "Once, unless it is answered")
    icon, what = MOVES[rung.do]
    return RungFace(after, icon, what, f"And {who} is told")
