"""Which handoffs a promise about a period counts: those whose lead was in its segment when it was offered.

As of the offer: the team (of the first assignment) and the source, title, country and attributes of the lead, as
far as their history reaches back so far. Its company, stage and origin, and a value without such history, are the
present ones; a later edit of those is a difference that a restatement shows.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import prefetch_related_objects

from accounts.models import Team
from definitions.engine.criteria import Tree, judge, leaves
from definitions.engine.facts import Facts, FactValue, WrongTypeError
from definitions.engine.scoring import with_score
from leads.facts import LeadFacts, facts_of
from leads.history import history_of
from leads.models import Handoff
from sla.models import Commitment
from sla.services.segments import (
    EVERYBODY,
    EVERYBODY_SEGMENTS,
    HANDOFF,
    SegmentFacts,
    asked_fact,
    parsed,
    parsed_file,
)

NEEDED = ("lead__company", "qualification__trigger__kind", "team")


def takes_everybody(commitment: Commitment) -> bool:
    return commitment.segment in EVERYBODY_SEGMENTS


def members(commitment: Commitment, handoffs: Iterable[Handoff]) -> set[int]:
    """Primary keys of the handoffs in the segment; facts of leads are read only if it asks for them.

    Select `NEEDED` with the handoffs. A segment that can no longer be read takes nobody (fail closed).
    """
    tree, rows = parsed(commitment.segment), list(handoffs)
    if tree is None:
        return set()
    if tree == EVERYBODY:
        return {row.pk for row in rows}
    prefetch_related_objects(rows, "assignments__team")
    known = _leads(tree, rows)
    definition = commitment.version.mql_version
    file = parsed_file(definition) if definition and known else None
    found = set()
    for row in rows:
        facts: Facts = known.get(row.pk, LeadFacts(row.offered_at, {}))
        facts = with_score(file, facts) if file else facts
        if _met(tree, SegmentFacts(facts, _of_handoff(row))):
            found.add(row.pk)
    return found


def _leads(tree: Tree, rows: list[Handoff]) -> dict[int, LeadFacts]:
    """By handoff."""
    asks_leads = any(not asked_fact(leaf).startswith(HANDOFF) for _, leaf in leaves(tree))
    if not rows or not asks_leads:
        return {}
    present = facts_of({row.lead for row in rows}, max(row.offered_at for row in rows))
    history = history_of({row.lead_id for row in rows})
    return {row.pk: history.as_of(row.offered_at, row.lead_id, present[row.lead_id]) for row in rows}


def _met(tree: Tree, facts: Facts) -> bool:
    try:
        return judge(tree, facts).met
    except WrongTypeError:
        return False


def _of_handoff(row: Handoff) -> dict[str, FactValue]:
    told, offered = row.qualification, _offered_to(row)
    raw = {
        "trigger": told.trigger.kind.key if told.trigger else None,
        "hand_raise": told.hand_raise,
        "grade": told.grade,
        "basis": str(told.basis),
        "motion": str(told.motion),
        "team": offered.name if offered else None,
    }
    return {
        HANDOFF + name: FactValue(value, row.offered_at)
        for name, value in raw.items()
        if value not in (None, "")
    }


def _offered_to(row: Handoff) -> Team | None:
    """Of the first assignment, by time: the team may have changed since."""
    first = min(row.assignments.all(), key=lambda one: (one.from_at, one.pk), default=None)
    return first.team if first else row.team
