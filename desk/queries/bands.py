"""Clocks drawn as bands on one axis of time: when each ran, stood, was closed or late."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import localtime

from calendars.engine.business_time import BusinessCalendar, open_intervals
from common.templatetags.words import moment
from desk.queries.clocks import ClockFace
from leads.models import Handoff
from sla.models import Clock

Span = tuple[datetime, datetime]
ON_BANDS = ("handover", "answer", "rework", "first_response", "buyer_wait")
CLOSED_SCALE = 0.15  # the night is drawn short
LONGEST = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Band:
    """One clock: spans and marks in per cent of the axis, and its state in words."""

    label: str
    spans: tuple[dict[str, object], ...]
    marks: tuple[dict[str, object], ...]
    face: ClockFace


@dataclass(frozen=True, slots=True)
class Tick:
    """One time written under the axis."""

    at: float
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Bands:
    """Early clocks as bands, later ones as rows of a table."""

    bands: tuple[Band, ...] = ()
    ticks: tuple[Tick, ...] = ()
    later: tuple[ClockFace, ...] = ()


class Axis:
    """Moments to per cent: open time at full length, time in which nobody works short."""

    def __init__(self, start: datetime, end: datetime, calendars: Iterable[BusinessCalendar]) -> None:
        end = max(end, start + timedelta(minutes=1))
        opened = _merged(span for calendar in calendars for span in open_intervals(calendar, start, end))
        self.points, self.drawn = [start], [0.0]
        for since, until in [*opened, (end, end)]:
            self._add(since, CLOSED_SCALE)
            self._add(until, 1.0)

    def _add(self, moment: datetime, scale: float) -> None:
        length = (moment - self.points[-1]).total_seconds() * scale
        self.points.append(moment)
        self.drawn.append(self.drawn[-1] + length)

    def place(self, at: datetime) -> float:
        """Per cent from the left, kept on the paper."""
        if at <= self.points[0]:
            return 0.0
        if at >= self.points[-1]:
            return 100.0
        after = bisect_right(self.points, at)
        since, until = self.points[after - 1], self.points[after]
        share = (at - since) / (until - since) if until > since else 0.0
        length = self.drawn[after - 1] + (self.drawn[after] - self.drawn[after - 1]) * share
        return round(length / (self.drawn[-1] or 1) * 100, 2)


def bands_of(faces: Sequence[ClockFace], handoff: Handoff | None, *, at: datetime) -> Bands:
    """Two queries for all of them."""
    drawn = {face.public_id: face for face in faces if face.kind in ON_BANDS}
    rows = Clock.objects.filter(public_id__in=drawn).prefetch_related("log")
    clocks = sorted(rows, key=lambda clock: (clock.started_at, ON_BANDS.index(clock.kind), clock.round))
    later = tuple(face for face in faces if face.kind not in ON_BANDS)
    if not clocks:
        return Bands(later=later)
    start = min(clock.started_at for clock in clocks)
    end = min(max(_end(clock, at) for clock in clocks), start + LONGEST)
    axis = Axis(start, end, {drawn[clock.public_id].calendar for clock in clocks})
    bands = tuple(_band(clock, drawn[clock.public_id], axis, handoff, at) for clock in clocks)
    return Bands(bands, tuple(_ticks(axis, start, end)), later)


def _end(clock: Clock, at: datetime) -> datetime:
    stopped = clock.satisfied_at or clock.ended_at or at
    return max(stopped, clock.due_at or stopped)


def _band(clock: Clock, face: ClockFace, axis: Axis, handoff: Handoff | None, at: datetime) -> Band:
    spans = tuple(
        {"start": axis.place(since), "end": axis.place(until), "kind": kind}
        for since, until, kind in _spans(clock, face, handoff, at)
    )
    due = f"{face.label}: {face.words}, due {moment(clock.due_at, at)}" if clock.due_at else face.words
    marks = ({"at": axis.place(clock.due_at), "kind": "due", "label": due},) if clock.due_at else ()
    label = f"{face.label}, round {clock.round}" if clock.round > 1 else face.label
    return Band(label, spans, marks, face)


def _spans(
    clock: Clock, face: ClockFace, handoff: Handoff | None, at: datetime
) -> Iterator[tuple[datetime, datetime, str]]:
    calendar, offered = face.calendar, handoff.offered_at if handoff else None
    for since, until, runs in _stretches(clock, at):
        if not runs:
            yield since, until, "pause"
            continue
        in_time = min(until, clock.due_at) if clock.due_at else until
        if in_time > since:
            yield since, in_time, "closed"
            for opened, closed in open_intervals(calendar, since, in_time):
                yield from _owed(opened, closed, face.side, offered)
        if until > in_time:
            yield max(in_time, since), until, "late"


def _owed(
    since: datetime, until: datetime, side: str, offered: datetime | None
) -> Iterator[tuple[datetime, datetime, str]]:
    """In the colour of the side that owes; what both owe was marketing's until it was offered."""
    if side == "joint" and offered is None:
        side = "marketing"
    if side != "joint":
        yield since, until, "mkt" if side == "marketing" else "run"
    elif offered is not None:
        if since < offered:
            yield since, min(until, offered), "mkt"
        if until > offered:
            yield max(since, offered), until, "run"


def _stretches(clock: Clock, at: datetime) -> Iterator[tuple[datetime, datetime, bool]]:
    """Running and standing by turns, from start to end or now; read from the clock's own log."""
    stopped = clock.satisfied_at or clock.ended_at or at
    since, runs = clock.started_at, True
    for entry in clock.log.all():
        if entry.kind in ("paused", "resumed") and since <= entry.at <= stopped:
            if entry.at > since:
                yield since, entry.at, runs
            since, runs = entry.at, entry.kind == "resumed"
    if stopped > since:
        yield since, stopped, runs


def _merged(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for since, until in sorted(spans):
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((since, until))
    return found


def _ticks(axis: Axis, start: datetime, end: datetime) -> Iterator[Tick]:
    yield Tick(0, _written(start, start - LONGEST), "start")
    openings = [since for since in axis.points[1::2] if 18 < axis.place(since) < 82]
    middle = min(openings, key=lambda since: abs(axis.place(since) - 50), default=start)
    if openings:
        yield Tick(axis.place(middle), _written(middle, start), "middle")
    yield Tick(100, _written(end, middle), "end")


def _written(at: datetime, before: datetime) -> str:
    """The hour; with its day where that is another than the one written before."""
    local, other = localtime(at), localtime(before)
    if local.date() == other.date():
        return f"{local:%H:%M}"
    return f"{local:%a} {local.day} {local:%b}, {local:%H:%M}"
