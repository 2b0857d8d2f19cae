"""How every act is done: lock the lead, read the clock, decide, write. Services call it; nothing else may.

The lead row is the lock of the whole story: every verb, every touch and the sweep take it first, several
leads in the order of their keys, so two people can never answer at the same instant (R4, R5, D12, D13).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.engine.standing import Standing
from accounts.models import Organisation, User
from accounts.queries import standing_of
from common import outbox
from common.database.moments import database_now
from common.refusals import Conflict, Invalid, NotAllowed
from common.web.once import once_a_page
from leads import events
from leads.engine import authority, lifecycle
from leads.engine.journey import RECYCLED, Act, Cycle, Decision, Journey, Span
from leads.models import Assignment, EventNote, Handoff, Lead, LeadEvent, Meeting
from leads.services.overtaken import done_already, told_by_whom, told_who_holds

log = logging.getLogger(__name__)

COLUMN = {name: f"{name}_id" for name in ("team", "holder", "setter", "setter_team", "answered_by")}
CYCLE_FIELDS = tuple(f.name for f in fields(Cycle))

# Rows about the lead itself, not about a cycle that is over.
OF_THE_LEAD = frozenset({"mql", "set_aside", "woken"})

# What the other side must be told, by journal kind.
TOPICS = {
    "offered": "handoff.offered", "accepted": "handoff.answered", "rejected": "handoff.answered",
    "redirected": "handoff.offered", "returned": "handoff.returned", "resupplied": "handoff.resupplied",
    "withdrawn": "handoff.withdrawn", "passed": "handoff.passed", "sent_back": "handoff.sent_back",
    "reassigned": "handoff.reassigned", "raised_again": "handoff.raised_again", "reopened": "handoff.reopened",
}  # fmt: skip


@dataclass
class Scene:
    """One lead, locked, with its newest cycle and the person who acts; `at` is read after the lock."""

    lead: Lead
    handoff: Handoff | None
    by: User | None
    at: datetime
    standing: Standing | None
    noticed_at: datetime | None = None  # later than `at` where the machine writes down what time did
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def row(self) -> Handoff:
        """The cycle acted on. Raises LookupError for a lead that never had one."""
        if self.handoff is None:
            raise LookupError(f"lead {self.lead.pk} has no handoff")
        return self.handoff

    @property
    def journey(self) -> Journey:
        return Journey(self.lead.stage, cycle_of(self.handoff) if self.handoff else None)


def lock(lead_ids: Iterable[int]) -> dict[int, Lead]:
    """Lock leads in the order of their keys, and nothing else."""
    rows = (
        Lead.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(lead_ids)).order_by("pk")
    )
    return {lead.pk: lead for lead in rows}


def enter(
    lead_id: int, *, by: User | None, at: datetime | None = None, handoff: Handoff | None = None
) -> Scene:
    """Lock the lead, then read the clock, then the cycle. Call it inside a transaction.

    A pause that is over by then is ended first, whether or not anybody has swept.
    """
    lead = lock([lead_id])[lead_id]
    moment = at or database_now()
    row = Handoff.objects.get(pk=handoff.pk) if handoff else lead.handoffs.order_by("-cycle").first()
    scene = Scene(lead, row, by, moment, standing_of(by) if by else None)
    if row is not None and row.pause_ends_at is not None and row.pause_ends_at <= moment:
        _end_pause_or_refuse(row, scene)
    return scene


def _end_pause_or_refuse(handoff: Handoff, scene: Scene) -> None:
    """Raises Conflict where hours cannot be counted, such as by a calendar without open time: none is an act."""
    try:
        _end_pause(handoff, scene)
    except (ArithmeticError, ValueError, Invalid):
        log.exception("The pause of handoff %s could not be ended.", handoff.pk)
        raise Conflict(
            "The pause of this lead is over but cannot be ended: its clocks have no open hours to run in. "
            "Operations corrects the calendar first.",
            state=handoff.status,
        ) from None


def _end_pause(handoff: Handoff, scene: Scene) -> None:
    """The journal dates it when the pause was to end; that it was found later changes no clock."""
    ends_at = handoff.pause_ends_at
    assert ends_at is not None  # noqa: S101 - asked by the caller
    machine = Scene(scene.lead, handoff, None, ends_at, None, noticed_at=scene.at)
    write(machine, lifecycle.decide(machine.journey, Act("resume", ends_at, data={"by": "end"})))
    payload = {"lead": scene.lead.pk, "kind": "pause_ended"}
    outbox.leave("handoff.pause_ended", handoff.pk, at=ends_at, payload=payload)


def perform(
    handoff: Handoff,
    verb: str,
    *,
    by: User | None,
    at: datetime | None = None,
    note: str = "",
    build: Callable[[Scene], dict[str, Any]] = lambda scene: {},
) -> Handoff:
    """Do one verb on one cycle. `build` reads what the act needs once the lead is locked.

    Without `by` the machine acts. Raises NotAllowed, Conflict or Invalid; then nothing is written.
    """
    with transaction.atomic():
        scene = enter(handoff.lead_id, by=by, at=at, handoff=handoff)
        decide_and_write(scene, verb, note=note, build=build)
    return scene.row


def _may_try(scene: Scene, verb: str) -> None:
    if scene.standing is None:
        return
    try:
        authority.may_try(verb, scene.standing, scene.journey.cycle)
    except NotAllowed as refused:
        raise done_already(scene.handoff, scene.by, verb) or refused from None


def may_hold(scene: Scene, verb: str) -> None:
    """Raises NotAllowed, with the name of who holds the lead, where its act is not this person's."""
    if scene.standing is None:
        return
    try:
        authority.may_hold(verb, scene.standing, scene.journey.cycle)
    except NotAllowed as refused:
        raise told_who_holds(refused, scene.handoff) from None


def decide_and_write(
    scene: Scene, verb: str, *, note: str = "", build: Callable[[Scene], dict[str, Any]] = lambda scene: {}
) -> Decision:
    """Ask for the right, judge the state, ask for the holder, write: in this order (surfaces section 3)."""
    _may_try(scene, verb)
    try:
        act = Act(verb, scene.at, scene.by.pk if scene.by else None, **build(scene))
        decision = lifecycle.decide(scene.journey, act)
    except Conflict as conflict:
        raise told_by_whom(conflict, scene.handoff, scene.by, verb) from None
    may_hold(scene, verb)
    write(scene, decision, note=note)
    return decision


def write(
    scene: Scene, decision: Decision, *, note: str = "", qualification: int | None = None
) -> list[LeadEvent]:
    """Store a decision: cycle, stage, holder, journal, and what others must be told."""
    if scene.handoff is not None and decision.journey.cycle is not None:
        _call_off_meeting(scene.handoff, decision.journey.cycle, scene.at)
        store_cycle(scene.handoff, decision.journey.cycle)
    _store_stage(scene.lead, decision, scene.at)
    if scene.handoff is not None:
        _store_span(scene.handoff, decision, scene.at)
    rows = events.record(
        [_journal_row(scene, row.kind, dict(row.data), qualification) for row in decision.rows]
    )
    if note:
        EventNote.objects.create(event=rows[-1], text=note)
    _tell(scene, rows)
    return rows


def cycle_of(handoff: Handoff) -> Cycle:
    """A handoff as the rules see it."""
    return Cycle(**{name: getattr(handoff, COLUMN.get(name, name)) for name in CYCLE_FIELDS})


def store_cycle(handoff: Handoff, cycle: Cycle) -> None:
    """Write the columns that changed, and no others (D11)."""
    changed = []
    for name in CYCLE_FIELDS:
        column, value = COLUMN.get(name, name), getattr(cycle, name)
        if getattr(handoff, column) != value:
            setattr(handoff, column, value)
            changed.append(column)
    if changed:
        handoff.save(update_fields=changed)


def _call_off_meeting(handoff: Handoff, cycle: Cycle, at: datetime) -> None:
    """A cycle that closes takes its planned meeting with it."""
    if handoff.meeting_at is not None and not cycle.is_open:
        planned = Meeting.objects.filter(handoff=handoff, status=Meeting.Status.PLANNED)
        planned.update(status=Meeting.Status.CALLED_OFF, ended_at=at)


def _store_stage(lead: Lead, decision: Decision, at: datetime) -> None:
    """The stage, and the local midnight on which a recycled lead wakes."""
    until = decision.rows[-1].data.get("until")
    stage = decision.journey.stage
    if lead.stage == stage and not until:
        return
    if lead.stage != stage:
        lead.stage, lead.stage_at = stage, at
    lead.wake_at = _midnight(until) if until and stage == RECYCLED else None
    lead.save(update_fields=["stage", "stage_at", "wake_at"])


def _midnight(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time.min, reporting_zone()).astimezone(UTC)


@once_a_page
def reporting_zone() -> ZoneInfo:
    """The organisation's zone, in which dates without a time are meant."""
    name = Organisation.objects.values_list("time_zone", flat=True).first()
    return ZoneInfo(name or "UTC")


def _store_span(handoff: Handoff, decision: Decision, at: datetime) -> None:
    span, cycle = decision.span, decision.journey.cycle
    if span is None or cycle is None:
        return
    Assignment.objects.filter(handoff=handoff, until_at=None).update(
        until_at=at, ended=span.ended or "closed"
    )
    if cycle.is_open:
        _open_span(handoff, span, at)


def _open_span(handoff: Handoff, span: Span, at: datetime) -> None:
    Assignment.objects.create(
        handoff=handoff, part=span.part, team_id=span.team, person_id=span.person, from_at=at
    )


def _journal_row(scene: Scene, kind: str, data: dict[str, Any], qualification: int | None) -> LeadEvent:
    handoff = None if kind in OF_THE_LEAD else scene.handoff
    return LeadEvent(
        kind=kind,
        lead_id=scene.lead.pk,
        handoff_id=handoff.pk if handoff else None,
        qualification_id=qualification or (handoff.qualification_id if handoff else None),
        actor=scene.by,
        at=scene.at,
        recorded_at=scene.noticed_at or scene.at,
        data=data,
    )


def _tell(scene: Scene, rows: list[LeadEvent]) -> None:
    for row in rows:
        topic = TOPICS.get(row.kind)
        if topic and row.handoff_id:
            payload = {"event": row.pk, "lead": row.lead_id, "kind": row.kind, **scene.told}
            outbox.leave(topic, row.handoff_id, at=row.at, payload=payload)
