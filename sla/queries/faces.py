"""Clocks as people see them: state, words and time left, for whole lists in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch, Q

from calendars.engine.business_time import BusinessCalendar, business_time_between, is_open, open_intervals
from calendars.models import CalendarVersion
from calendars.queries import business_calendar
from common.templatetags.words import span, time_left
from leads.models import Handoff
from sla.engine.clock import FOR_INFO, overdue
from sla.models import Clock, Excuse
from sla.queries.reasons import hours_a_day, why_due
from sla.queries.spans import span_words

ALWAYS = BusinessCalendar.always()
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
Status = Clock.Status


@dataclass(frozen=True, slots=True)
class ClockFace:
    """One clock at one moment. Time left is business time, below zero once it is late; None once it ended.

    `open_seconds`: how long a running clock counts until its calendar closes, at most a day; None while it stands.
    """

    public_id: UUID
    kind: str
    label: str
    side: str
    round: int
    status: str
    state: str
    words: str
    left_seconds: float | None
    percent_left: float
    running: bool
    open_seconds: float | None
    started_at: datetime
    risk_at: datetime | None
    due_at: datetime | None
    satisfied_at: datetime | None
    ended_at: datetime | None
    commitment: str
    target: timedelta
    calendar: BusinessCalendar = field(repr=False, compare=False)
    waited: timedelta = timedelta()
    attempts: int | None = None

    @property
    def promised(self) -> str:
        """The target in words, never in days: "4 h", "30 m"."""
        return span_words(self.target)

    @property
    def in_full(self) -> str:
        """What is said in days, in hours as well: how long a working day is depends on who works."""
        left = self.left_seconds or 0
        if abs(left) < DAY.total_seconds():
            return ""
        return f"{int(abs(left) // 3600)} working hours {'late' if left < 0 else 'left'}"

    @property
    def warned_percent(self) -> float | None:
        """Where on the bar of its time the last warning stands; None for a clock without one, or that stands."""
        if self.risk_at is None or self.due_at is None:
            return None
        return 100 - _percent(business_time_between(self.calendar, self.risk_at, self.due_at), self.target)

    @property
    def why(self) -> str:
        """The sentence that says why it is due when it is; none for one that was cancelled while it stood."""
        if self.due_at is None and self.ended_at is not None:
            return ""
        return why_due(self.calendar, self.started_at, self.target, self.due_at, self.waited)


def clock_faces(handoffs: Iterable[int], at: datetime) -> dict[int, list[ClockFace]]:
    """By primary key of the handoff: its own clocks and those of its qualification, oldest first."""
    return _faces_of(handoffs, Q(), at)


def open_clock_faces(
    handoffs: Iterable[int], kinds: Iterable[str], at: datetime
) -> dict[int, list[ClockFace]]:
    """The same, but only clocks of these kinds that have not ended: lists leave most of them in the past."""
    return _faces_of(handoffs, Q(ended_at=None, kind__in=list(kinds)), at)


def _faces_of(handoffs: Iterable[int], which: Q, at: datetime) -> dict[int, list[ClockFace]]:
    of_qualification = dict(
        Handoff.objects.filter(pk__in=set(handoffs)).values_list("pk", "qualification_id")
    )
    by_qualification: defaultdict[int, list[int]] = defaultdict(list)
    for handoff, qualification in of_qualification.items():
        by_qualification[qualification].append(handoff)
    wanted = Q(handoff__in=of_qualification) | Q(qualification__in=by_qualification)
    faces: dict[int, list[ClockFace]] = defaultdict(list)
    for clock in _rows(wanted & which):
        owners = [clock.handoff_id] if clock.handoff_id else by_qualification[clock.qualification_id or 0]
        for owner in owners:
            faces[owner].append(face_of(clock, at))
    return dict(faces)


def lead_clock_faces(leads: Iterable[int], at: datetime) -> dict[int, list[ClockFace]]:
    """By primary key of the lead: all its clocks, oldest first."""
    faces: dict[int, list[ClockFace]] = defaultdict(list)
    for clock in _rows(Q(lead__in=set(leads))):
        faces[clock.lead_id].append(face_of(clock, at))
    return dict(faces)


def _rows(wanted: Q) -> Iterable[Clock]:
    granted = Excuse.objects.filter(decision=Excuse.Decision.GRANTED)
    return (
        Clock.objects.filter(wanted)
        .select_related("commitment", "calendar_version", "breach")
        .prefetch_related(Prefetch("breach__excuses", granted, to_attr="granted"))
        .order_by("started_at", "pk")
    )


def face_of(clock: Clock, at: datetime) -> ClockFace:
    """Select `commitment`, `calendar_version` and `breach` with its granted excuses beforehand."""
    calendar = calendar_of(clock.calendar_version)
    left = _left(clock, calendar, at)
    state = _state(clock, at)
    running = clock.running_since is not None and is_open(calendar, at)
    return ClockFace(
        public_id=clock.public_id,
        kind=clock.kind,
        label=str(clock.get_kind_display()),
        side=clock.commitment.side,
        round=clock.round,
        status=clock.status,
        state=state,
        words=_words(clock, state, left, calendar, at),
        left_seconds=left / SECOND if left is not None else None,
        percent_left=_percent(left, clock.target),
        running=running,
        open_seconds=_open_for(calendar, at) if running else None,
        started_at=clock.started_at,
        risk_at=clock.risk_at,
        due_at=clock.due_at,
        satisfied_at=clock.satisfied_at,
        ended_at=clock.ended_at,
        commitment=clock.commitment.name,
        target=clock.target,
        calendar=calendar,
        waited=_waited(clock, calendar),
        attempts=clock.commitment.attempts,
    )


def calendar_of(version: CalendarVersion | None) -> BusinessCalendar:
    return business_calendar(version) if version else ALWAYS


def _left(clock: Clock, calendar: BusinessCalendar, at: datetime) -> timedelta | None:
    if clock.ended_at is not None:
        return None
    if clock.due_at is None:
        return clock.target - clock.consumed
    if overdue(clock.due_at, at):
        return -business_time_between(calendar, clock.due_at, at)
    return business_time_between(calendar, max(at, clock.started_at), clock.due_at)


def _state(clock: Clock, at: datetime) -> str:
    """A clock past its due moment is shown as missed, whether or not the sweep has come by."""
    if clock.status == Status.BREACHED:
        return "exc" if clock.breach.by_recalculation or _excuse(clock) else "bad"
    if clock.status == Status.RUNNING:
        if overdue(clock.due_at, at):
            return "bad"
        return "risk" if clock.risk_at and clock.risk_at <= at else "track"
    return {Status.PAUSED: "hold", Status.MET: "met"}.get(Status(clock.status), "off")


def _excuse(clock: Clock) -> Excuse | None:
    granted: list[Excuse] = vars(clock.breach).get("granted", [])
    return granted[0] if granted else None


def _words(clock: Clock, state: str, left: timedelta | None, calendar: BusinessCalendar, at: datetime) -> str:
    if state == "exc":
        excuse = _excuse(clock)
        if excuse is None and clock.breach.by_recalculation:
            return "Excused: recalculated"
        return f"Excused: {excuse.reason}" if excuse and excuse.reason else "Excused"
    if state == "hold":
        return "Waiting for marketing" if FOR_INFO in clock.holds else "Paused"
    if state == "met":
        return "Met by booking" if clock.met_by_booking else f"Met in {span(clock.consumed)}"
    if state == "off":
        return "Cancelled"
    if left is None:
        assert clock.due_at is not None and clock.ended_at is not None  # noqa: S101, PT018 - missed and ended
        left = -business_time_between(calendar, clock.due_at, clock.ended_at)
    if state == "bad" and left > -SECOND:
        return "Just late"
    return time_left(left, hours_a_day(calendar))


def _open_for(calendar: BusinessCalendar, at: datetime) -> float:
    """A page that stays open counts no further than this."""
    _, closes = next(iter(open_intervals(calendar, at, at + DAY)))
    return (closes - at) / SECOND


def _percent(left: timedelta | None, target: timedelta) -> float:
    if left is None:
        return 0.0
    return round(min(max(left / target * 100, 0.0), 100.0), 1)


def _waited(clock: Clock, calendar: BusinessCalendar) -> timedelta:
    """Business time that it stood between its start and the present stretch."""
    if clock.running_since is None or clock.running_since == clock.started_at:
        return timedelta()
    return business_time_between(calendar, clock.started_at, clock.running_since) - clock.consumed
