"""What was known at an earlier moment, read from changes and from the journal. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from leads.engine import journey as j
from leads.engine.verbs.answers import STAGE_AFTER_REJECT
from leads.engine.verbs.offers import STAGE_OF_STATUS

OFFERS = ("offered", "reopened")
_FIXED = {
    "created": j.INQUIRY,
    "woken": j.INQUIRY,
    "withdrawn": j.MARKETING_QUALIFIED,
    "accepted": j.SALES_ACCEPTED,
    "sent_back": j.SALES_ACCEPTED,
    "qualified": j.SALES_QUALIFIED,
    "disqualified": j.DISQUALIFIED,
    "recycled": j.RECYCLED,
    "won": j.CUSTOMER,
}
RECYCLES = ("recycled", "rejected", "lost", "set_aside")  # rows that may leave a lead recycled
STAGED = (*_FIXED, "mql", "rejected", "lost", "set_aside", "reopened")


@dataclass(frozen=True, slots=True)
class Change:
    """One value from a moment on (None: it was emptied), and the value before. Without `at`: since ever."""

    value: Any
    at: datetime | None
    was: Any = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One journal row: what happened, to which cycle, and the codes said with it."""

    kind: str
    handoff: int | None
    data: Mapping[str, Any]


def known_at(changes: Sequence[Change], at: datetime) -> Change | None:
    """The last change by `at`, oldest first; before the first one, what that one replaced. None: never changed."""
    if not changes:
        return None
    known = [change for change in changes if change.at is None or change.at <= at]
    return known[-1] if known else replace(changes[0], value=changes[0].was, at=None, source="")


def stages_at_offers(steps: Iterable[Step]) -> dict[int, str]:
    """The stage of one lead right after each of its cycles was offered or reopened; `steps` in journal order."""
    stage, found = j.INQUIRY, dict[int, str]()
    for step in steps:
        stage = stage_after(stage, step)
        if step.kind in OFFERS and step.handoff is not None:
            found[step.handoff] = stage
    return found


def stage_after(stage: str, step: Step) -> str:
    """The stage that the verb behind this row left (domain section 3)."""
    if step.kind in _FIXED:
        return _FIXED[step.kind]
    if step.kind == "mql":
        return stage if stage == j.CUSTOMER else j.MARKETING_QUALIFIED
    if step.kind == "rejected":
        return STAGE_AFTER_REJECT.get(step.data.get("next_step", ""), j.RECYCLED)
    if step.kind == "lost":
        return j.RECYCLED if step.data.get("until") else j.DISQUALIFIED
    if step.kind == "set_aside":
        return str(step.data.get("stage") or j.DISQUALIFIED)
    if step.kind == "reopened":
        return STAGE_OF_STATUS.get(step.data.get("status", ""), j.MARKETING_QUALIFIED)
    return stage
