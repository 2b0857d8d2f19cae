"""Clocks as timelines: when each ran and stood, who did what, and what was used; five statements for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import attrgetter
from uuid import UUID

from django.db.models import Prefetch

from calendars.engine.business_time import BusinessCalendar
from calendars.models import CalendarVersion
from common.templatetags.words import span
from leads.models import Reason
from sla.engine.clock import default_warnings, overdue
from sla.engine.timeline import Course, Phase, Step, Stretch, Turn, pauses, stood, stretches, used
from sla.models import Clock, ClockEvent, Escalation
from sla.queries.climbed import ahead_of, said_of, sentence_of
from sla.queries.faces import calendar_of
from sla.queries.reasons import Pause, hours_a_day, spoken, why_due

Line = ClockEvent.Kind
TURNS = {Line.PAUSED: Turn.PAUSE, Line.RESUMED: Turn.RESUME, Line.RECOMPUTED: Turn.MOVE}
SIGNS = {Line.WARNED: "warn", Line.BREACHED: "breach", Line.EXCUSED: "act", Line.LAPSED: "breach",
         Line.ESCALATED: "warn"}  # fmt: skip
WORDS = {
    Line.STARTED: "Started", Line.PAUSED: "Paused", Line.RESUMED: "Runs on", Line.CANCELLED: "Cancelled",
    Line.BREACHED: "Missed", Line.RECOMPUTED: "Other hours or target", Line.EXCUSED: "Excused",
    Line.LAPSED: "Late by the right hours too",
}  # fmt: skip
PHASES = {Phase.RUNS: "ran", Phase.STANDS: "paused", Phase.LATE: "late"}


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a clock's log in words. `used` is the business time counted until then."""

    at: datetime
    what: str
    who: str
    sign: str
    used: timedelta
    ahead: bool

    @property
    def said(self) -> str:
        """All of it in one line, for a mark on a band."""
        return f"{self.what}{f' by {self.who}' if self.who else ''}, {spoken(self.at)}"


@dataclass(frozen=True, slots=True)
class ClockTimeline:
    """How one clock went, in time and in words. `missed_at` is its due moment once that was missed.

    `day` is how many hours a working day has. `steps`: what followed the miss, and what comes next.
    """

    label: str
    side: str
    course: Course
    stretches: tuple[Stretch, ...]
    moments: tuple[Moment, ...]
    why: str
    summary: str
    missed_at: datetime | None
    day: float
    steps: str = ""


def timelines(clocks: Iterable[UUID], *, at: datetime) -> dict[UUID, ClockTimeline]:
    """By public id of the clock."""
    found = Clock.objects.filter(public_id__in=list(clocks))
    rows = list(
        found.select_related("commitment", "calendar_version", "breach").prefetch_related(
            Prefetch("breach__escalations", Escalation.objects.select_related("person"))
        )
    )
    log: defaultdict[int, list[ClockEvent]] = defaultdict(list)
    for line in ClockEvent.objects.filter(clock__in=rows).select_related("event__actor").order_by("pk"):
        log[line.clock_id].append(line)
    every = [line for lines in log.values() for line in lines]
    hours, reasons = _hours_in(every), _reasons_in(every)
    return {row.public_id: _timeline(row, log[row.pk], hours, reasons, at) for row in rows}


def _hours_in(log: Sequence[ClockEvent]) -> dict[int, BusinessCalendar]:
    named = {line.data.get(name) for line in log for name in ("calendar_version", "right")} - {None}
    return {key: calendar_of(row) for key, row in CalendarVersion.objects.in_bulk(named).items()}


def _reasons_in(log: Sequence[ClockEvent]) -> dict[str, str]:
    keys = {line.event.data.get("reason") for line in log if line.event} - {None, ""}
    return dict(Reason.objects.filter(key__in=keys).order_by("version").values_list("key", "label"))


def _timeline(
    clock: Clock, log: Sequence[ClockEvent], hours: Mapping[int, BusinessCalendar], reasons: Mapping[str, str],
    at: datetime,
) -> ClockTimeline:  # fmt: skip
    course = _course(clock, log, hours, at)
    drawn, day = stretches(course), hours_a_day(calendar_of(clock.calendar_version))
    missed = clock.status == Clock.Status.BREACHED or (
        clock.status == Clock.Status.RUNNING and overdue(clock.due_at, at)
    )
    label = str(clock.get_kind_display())
    return ClockTimeline(
        label=label,
        side=clock.commitment.side,
        course=course,
        stretches=drawn,
        moments=tuple(sorted(_moments(clock, log, course, reasons, at), key=attrgetter("at"))),
        why=_why(clock, course),
        summary=_summary(label, drawn, clock, day),
        missed_at=clock.due_at if missed else None,
        day=day,
        steps=_steps(clock),
    )  # fmt: skip


def _steps(clock: Clock) -> str:
    breach = getattr(clock, "breach", None)
    return sentence_of(breach.escalations.all(), ahead_of(clock)) if breach is not None else ""


def _why(clock: Clock, course: Course) -> str:
    """Nothing for a clock that was cancelled while it stood: no moment was set for it."""
    if clock.due_at is None and clock.ended_at is not None:
        return ""
    found = [Pause(one.start, one.end, used(course, one.start)) for one in pauses(course)]
    if clock.status == Clock.Status.PAUSED and found:
        found[-1] = replace(found[-1], end=None)
    calendar = calendar_of(clock.calendar_version)
    return why_due(calendar, clock.started_at, clock.target, clock.due_at, stood(course), found)


def _course(
    clock: Clock, log: Sequence[ClockEvent], hours: Mapping[int, BusinessCalendar], at: datetime
) -> Course:
    hours = _as_corrected(log, hours)
    first = next((line for line in log if line.kind == Line.CHOSEN), None)
    began = _calendar(first, hours) if first else None
    steps = tuple(
        Step(TURNS[Line(line.kind)], line.at, _calendar(line, hours)) for line in log if _turns(line)
    )
    until = max(clock.satisfied_at or clock.ended_at or at, clock.started_at)
    return Course(began or calendar_of(clock.calendar_version), clock.started_at, until, clock.due_at, steps)


def _as_corrected(
    log: Sequence[ClockEvent], hours: Mapping[int, BusinessCalendar]
) -> Mapping[int, BusinessCalendar]:
    """By version, what counts instead of it since the calendar was corrected: what ran is drawn anew."""
    corrected = dict(hours)
    for line in reversed(log):
        if "wrong" in line.data:
            corrected |= dict.fromkeys(line.data["wrong"], corrected[line.data["right"]])
    return corrected


def _turns(line: ClockEvent) -> bool:
    """One hold let go while another stays makes no clock run; a correction reaches back and is no turn."""
    lets_go = line.kind == Line.RESUMED and line.data.get("due_at", "") is None
    return line.kind in TURNS and not lets_go and "wrong" not in line.data


def _calendar(line: ClockEvent, hours: Mapping[int, BusinessCalendar]) -> BusinessCalendar | None:
    if "calendar_version" not in line.data:
        return None
    version = line.data["calendar_version"]
    return hours[version] if version is not None else calendar_of(None)


def _moments(
    clock: Clock, log: Sequence[ClockEvent], course: Course, reasons: Mapping[str, str], at: datetime
) -> Iterable[Moment]:
    for line in log:
        if line.kind == Line.CHOSEN:
            continue
        actor = line.event.actor if line.event else None
        yield Moment(
            at=line.at, what=_what(line, clock, reasons), who=str(actor) if actor else "",
            sign=SIGNS.get(Line(line.kind), "act"), used=used(course, line.at), ahead=False,
        )  # fmt: skip
    yield from _ahead(clock, at)


def _ahead(clock: Clock, at: datetime) -> Iterable[Moment]:
    """Warnings that will come, and the due moment of a clock that was not missed or cancelled."""
    if clock.status == Clock.Status.RUNNING:
        percents = _percents(clock)
        for place, mark in enumerate(clock.marks[clock.warned :], start=clock.warned):
            share = clock.target * percents[place] // 100 if place < len(percents) else timedelta()
            yield Moment(mark, _warning(percents, place), "", "warn", share, mark > at)
    if clock.due_at and clock.status in (Clock.Status.RUNNING, Clock.Status.MET):
        yield Moment(clock.due_at, "Due", "", "due", clock.target, clock.due_at > at)
    for step in ahead_of(clock):
        words, spent = step.words[:1].upper() + step.words[1:], clock.target + step.after
        yield Moment(step.at, words, "", "warn", spent, step.at > at)


def _what(line: ClockEvent, clock: Clock, reasons: Mapping[str, str]) -> str:
    """What the clock did, and the act that made it do so with its reason."""
    act = _inside(str(line.event.get_kind_display())) if line.event else ""
    if line.kind == Line.WARNED:
        return _warning(_percents(clock), line.data.get("rung", 1) - 1)
    if "wrong" in line.data:
        return "Calendar corrected"
    if line.kind == Line.ESCALATED:
        return said_of(line.data)
    if line.kind == Line.COUNTED:
        return f"Attempt {line.data.get('progress', '')} of {clock.needed}"
    reason = reasons.get(line.event.data.get("reason", ""), "") if line.event else ""
    because = f", {_inside(reason)}" if reason else ""
    words = (
        _ended(clock)
        if line.kind == Line.STOPPED
        else WORDS.get(Line(line.kind), str(line.get_kind_display()))
    )
    return f"{words}: {act}{because}" if act and act != words.lower() else f"{words}{because}"


def _inside(words: str) -> str:
    """Words of a list inside a sentence: their names keep their capitals."""
    return words[:1].lower() + words[1:]


def _ended(clock: Clock) -> str:
    if clock.status == Clock.Status.BREACHED:
        return "Answered late"
    return "Met by booking" if clock.met_by_booking else "Met"


def _percents(clock: Clock) -> Sequence[int]:
    return sorted(clock.commitment.warnings) or default_warnings(clock.target)


def _warning(percents: Sequence[int], place: int) -> str:
    return f"Warning at {percents[place]} %" if 0 <= place < len(percents) else "Warning"


def _summary(label: str, drawn: Sequence[Stretch], clock: Clock, day: float) -> str:
    """The band in words, for who does not see it."""
    parts = []
    for phase, word in PHASES.items():
        worked = sum((one.worked for one in drawn if one.phase is phase), timedelta())
        if worked:
            parts.append(f"{word} {span(worked, day)}")
    closed = sum((one.end - one.start for one in drawn if one.phase is Phase.CLOSED), timedelta())
    parts += [f"closed {span(closed)}"] if closed else []
    parts += [f"due {spoken(clock.due_at)}"] if clock.due_at else []
    return f"{label}: {', '.join(parts)}"
