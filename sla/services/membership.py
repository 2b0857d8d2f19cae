"""Which handoffs a promise about a period counts: those whose lead was in its segment when it was offered.

All of it as of the offer: `handoff.*` as the cycle was made, the team of its first assignment; source, title, country,
attributes and company by their changes, the relation by its spans, the stage by the journal, touches as far as they
were recorded by then (`leads.history`). So what is edited later moves no closed period.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import prefetch_related_objects

from accounts.models import Team
from definitions.engine.criteria import Tree, judge, leaves
from definitions.engine.facts import Facts, FactValue, WrongTypeError
from definitions.engine.scoring import with_score
from leads.facts import LeadFacts, facts_of
from leads.history import Offer, history_of
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

NEEDED = ("lead__company", "qualification", "trigger__kind", "team")
BY_JOURNAL = ("lead.stage", "touches", "score.")


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
    asked = {asked_fact(leaf) for _, leaf in leaves(tree)}
    if not rows or all(fact.startswith(HANDOFF) for fact in asked):
        return {}
    present = facts_of({row.lead for row in rows}, max(row.offered_at for row in rows))
    by_journal = any(fact.startswith(BY_JOURNAL) for fact in asked)
    history = history_of({row.lead_id: row.lead.company_id for row in rows}, journal=by_journal)
    return {
        row.pk: history.as_of(
            Offer(row.pk, row.lead_id, row.offered_at), present[row.lead_id], row.lead.company_id
        )
        for row in rows
    }


def _met(tree: Tree, facts: Facts) -> bool:
    try:
        return judge(tree, facts).met
    except WrongTypeError:
        return False


def _of_handoff(row: Handoff) -> dict[str, FactValue]:
    """Of the cycle itself; hand raise and grade stand on the qualification that it offers."""
    offered = _offered_to(row)
    raw = {
        "trigger": row.trigger.kind.key if row.trigger else None,
        "hand_raise": row.qualification.hand_raise,
        "grade": row.qualification.grade,
        "basis": str(row.basis),
        "motion": str(row.motion),
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
