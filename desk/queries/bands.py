"""Clocks drawn as bands on one axis of time: when each ran, stood, was closed or late."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils.timezone import localtime

from calendars.engine.business_time import BusinessCalendar, open_intervals
from common.templatetags.words import span
from desk.queries.clocks import ClockFace
from leads.models import Handoff
from sla.engine.timeline import Phase, Stretch, counted
from sla.queries.reasons import spoken
from sla.queries.timeline import ClockTimeline, timelines

Span = tuple[datetime, datetime]
Pair = tuple[ClockFace, ClockTimeline]
ON_BANDS = ("handover", "answer", "rework", "first_response", "buyer_wait")
CLOSED_SCALE = 0.15  # the night is drawn short
LONGEST = timedelta(days=60)
LONG_AGO = datetime.min.replace(tzinfo=UTC)
MARKED = ("act", "warn", "breach", "due")
WORDS = {Phase.RUNS: "Runs", Phase.STANDS: "Paused", Phase.CLOSED: "Closed", Phase.LATE: "Late"}
OWED = {"mkt": "Runs with marketing", "run": "Runs with sales"}


@dataclass(frozen=True, slots=True)
class Band:
    """One clock: spans and marks in per cent of the axis, its state and how it went in words."""

    label: str
    spans: tuple[dict[str, object], ...]
    marks: tuple[dict[str, object], ...]
    face: ClockFace
    timeline: ClockTimeline
    spent: str = ""

    @property
    def summary(self) -> str:
        """All of it for who does not see it."""
        return f"{self.timeline.summary}. {self.face.words}."


@dataclass(frozen=True, slots=True)
class Tick:
    """One time written under the axis."""

    at: float
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Bands:
    """Early clocks on one axis; later ones, which run for days, each on its own."""

    bands: tuple[Band, ...] = ()
    ticks: tuple[Tick, ...] = ()
    later: tuple[Band, ...] = ()
    timelines: tuple[ClockTimeline, ...] = ()


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
    """Four queries for all of them."""
    drawn = timelines([face.public_id for face in faces], at=at)
    pairs = [(face, drawn[face.public_id]) for face in faces if face.public_id in drawn]
    early = sorted((pair for pair in pairs if pair[0].kind in ON_BANDS), key=_order)
    turns = marketings_turns([face for face, _ in early], handoff, at=at)
    bands, ticks = _on_one_axis(early, turns)
    later = [_on_one_axis([pair], turns) for pair in pairs if pair[0].kind not in ON_BANDS]
    return Bands(bands, ticks, tuple(band for [band], _ in later), tuple(drawn.values()))


def marketings_turns(faces: Iterable[ClockFace], handoff: Handoff | None, *, at: datetime) -> list[Span]:
    """When the lead lay with marketing: until it was offered, and whenever sales waited for rework."""
    offered = handoff.offered_at if handoff else None
    if offered is None:
        return [(LONG_AGO, at)]
    rework = [(face.started_at, face.ended_at or at) for face in faces if face.kind == "rework"]
    return _merged([(LONG_AGO, offered), *rework])


def _order(pair: Pair) -> tuple[datetime, int, int]:
    face, _ = pair
    return face.started_at, ON_BANDS.index(face.kind), face.round


def _on_one_axis(pairs: Sequence[Pair], turns: Sequence[Span]) -> tuple[tuple[Band, ...], tuple[Tick, ...]]:
    if not pairs:
        return (), ()
    courses = [timeline.course for _, timeline in pairs]
    start = min(course.started_at for course in courses)
    end = min(max(max(course.until, course.due_at or course.until) for course in courses), start + LONGEST)
    axis = Axis(start, end, {face.calendar for face, _ in pairs})
    ticks = tuple(_ticks(axis, start, end))
    return tuple(_band(face, timeline, axis, turns) for face, timeline in pairs), ticks


def _band(face: ClockFace, timeline: ClockTimeline, axis: Axis, turns: Sequence[Span]) -> Band:
    spans = tuple(
        {"start": axis.place(since), "end": axis.place(until), "kind": kind, "label": label}
        for since, until, kind, label in _spans(timeline, turns)
    )
    marks = tuple(
        {"at": axis.place(moment.at), "kind": moment.sign, "label": moment.said}
        for moment in timeline.moments
        if moment.sign in MARKED and timeline.course.started_at < moment.at
    )
    label = f"{face.label}, round {face.round}" if face.round > 1 else face.label
    return Band(label, spans, marks, face, timeline, _spent(timeline, turns) if face.side == "joint" else "")


def _spans(timeline: ClockTimeline, turns: Sequence[Span]) -> Iterator[tuple[datetime, datetime, str, str]]:
    for one in timeline.stretches:
        words = f"{WORDS[one.phase]} {spoken(one.start)} to {spoken(one.end)}"
        if one.phase is not Phase.RUNS:
            yield one.start, one.end, str(one.phase), words
        elif timeline.side != "joint":
            yield one.start, one.end, "mkt" if timeline.side == "marketing" else "run", words
        else:
            for since, until, kind in _owed(one, turns):
                yield since, until, kind, f"{OWED[kind]} {spoken(since)} to {spoken(until)}"


def _owed(one: Stretch, turns: Sequence[Span]) -> Iterator[tuple[datetime, datetime, str]]:
    """What both owe, in the colour of the side with which the lead lay."""
    at = one.start
    for began, ended in turns:
        since, until = max(began, at), min(ended, one.end)
        if since >= until:
            continue
        if at < since:
            yield at, since, "run"
        yield since, until, "mkt"
        at = until
    if at < one.end:
        yield at, one.end, "run"


def _spent(timeline: ClockTimeline, turns: Sequence[Span]) -> str:
    """How much of a promise that both owe went by with whom."""
    course = timeline.course
    whole = counted(course, course.started_at, course.until)
    marketing = sum((counted(course, *turn) for turn in turns), timedelta())
    sales = whole - marketing
    return f"Spent: {span(marketing, timeline.day)} with marketing, {span(sales, timeline.day)} with sales."


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
    openings = [since for since in axis.points[1::2] if 30 < axis.place(since) < 70]
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
