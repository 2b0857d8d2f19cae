"""Rebuilding clocks from the journal and their own log, and comparing them with what is stored (rule 1)."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection, transaction

from calendars.models import CalendarVersion
from leads.models import LeadEvent
from sla.engine import clock as states
from sla.engine.book import Book
from sla.engine.clock import Status
from sla.engine.entry import Choice, Entry, Hours, Line, Wanted
from sla.engine.reading import Cycle, JournalRow, Place
from sla.engine.restate import recompute
from sla.engine.table import ON_QUALIFICATION
from sla.engine.trail import trail_of
from sla.models import Clock, ClockEvent
from sla.services import rows
from sla.services.chosen import change_from, from_line
from sla.services.hours import ALWAYS, hours_of
from sla.services.ledger import handoffs_of

BATCH = 500
ONE_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
# What is compared. The rest never changes, or is the sweep's own bookkeeping.
FACTS = tuple(column.attname for column in Clock._meta.concrete_fields if column.name in rows.FILLED)
Subject = tuple[str, int, str, int]


@dataclass(slots=True)
class Replayed:
    """What a replay found: primary keys. `final` differ but are over (R9); `lost` have no event that starts them."""

    clocks: int = 0
    mended: list[int] = field(default_factory=list)
    final: list[int] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)

    @property
    def differs(self) -> int:
        return len(self.mended) + len(self.final) + len(self.lost)


class LogChooser:
    """Reads every choice from the clocks' own log; judges nothing again."""

    def __init__(
        self, clocks: Sequence[Clock], log: Sequence[ClockEvent], hours: Mapping[int | None, Hours]
    ) -> None:
        subjects = {clock.pk: subject_of(clock) for clock in clocks}
        self._hours = hours
        self._choices: dict[Subject, Choice] = {}
        self._moves: dict[tuple[Subject, int | None], Hours] = {}
        for line in log:
            subject = subjects[line.clock_id]
            if line.kind == ClockEvent.Kind.CHOSEN:
                self._choices[subject] = from_line(line.data, self._hours[line.data["calendar_version"]])
            elif line.kind == ClockEvent.Kind.RECOMPUTED and line.event_id:
                self._moves[subject, line.event_id] = self._hours[line.data["calendar_version"]]

    def choose(self, wanted: Wanted) -> Choice | None:
        on = "qualification" if wanted.kind in ON_QUALIFICATION else "handoff"
        key = wanted.qualification if wanted.kind in ON_QUALIFICATION else wanted.handoff
        return self._choices.get((on, key or 0, wanted.kind.value, wanted.round))

    def hours(self, entry: Entry, event: JournalRow, team: int | None) -> Hours:
        return self._moves.get((_subject_of_entry(entry), event.pk), entry.choice.hours)


class Recomputes:
    """What the log says of recomputes, each between the two journal rows of its lead where it belongs."""

    def __init__(
        self,
        book: Book,
        clocks: Sequence[Clock],
        log: Sequence[ClockEvent],
        hours: Mapping[int | None, Hours],
    ) -> None:
        known = {clock.pk: clock for clock in clocks}
        self._book, self._hours = book, hours
        self._calendars = {version: one.calendar for version, one in hours.items()}
        self._waiting: defaultdict[int, deque[tuple[Subject, ClockEvent]]] = defaultdict(deque)
        for line in log:
            if line.kind == ClockEvent.Kind.RECOMPUTED and not line.event_id:
                clock = known[line.clock_id]
                self._waiting[clock.lead_id].append((subject_of(clock), line))

    def apply(self, lead: int, before: int | None = None) -> None:
        """Those of this lead that came before a journal row, or all that are left."""
        waiting = self._waiting[lead]
        while waiting and (before is None or waiting[0][1].data["after"] < before):
            subject, line = waiting.popleft()
            for entry in self._book.of(lead):
                if _subject_of_entry(entry) == subject and entry.state.can_change:
                    self._recompute(entry, line)

    def _recompute(self, entry: Entry, line: ClockEvent) -> None:
        change = change_from(line.data, line.at, self._hours)
        recompute(entry, trail_of(entry.state.started_at, entry.lines), change, self._calendars)
        entry.lines.append(Line(line.kind, line.at, line.recorded_at, None, line.data))


def _hours_in(log: Iterable[ClockEvent]) -> dict[int | None, Hours]:
    named = {line.data.get(name) for line in log for name in ("calendar_version", "right")} - {None}
    versions = CalendarVersion.objects.in_bulk(named)
    return {None: ALWAYS, **{key: hours_of(version) for key, version in versions.items()}}


def compare(leads: Sequence[int], result: Replayed) -> None:
    """The same for these leads, as of one moment; locks nothing and writes nothing. Opens a transaction."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(ONE_MOMENT)
        _differing(leads, list(Clock.objects.filter(lead__in=leads).order_by("pk")), result)


def replay(lead_ids: Iterable[int] | None = None) -> Replayed:
    """Rebuild the clocks of these leads, or all; write what differs and can still be written."""
    found = Clock.objects.order_by("lead_id").values_list("lead_id", flat=True).distinct()
    leads = sorted(set(lead_ids)) if lead_ids is not None else list(found)
    result = Replayed()
    for start in range(0, len(leads), BATCH):
        _replay(leads[start : start + BATCH], result)
    return result


@transaction.atomic
def _replay(leads: Sequence[int], result: Replayed) -> None:
    clocks = list(Clock.objects.filter(lead__in=leads).select_for_update(no_key=True).order_by("pk"))
    rows.update(_differing(leads, clocks, result))


def _differing(leads: Sequence[int], clocks: Sequence[Clock], result: Replayed) -> list[Clock]:
    """Accounts for these clocks; those that can still be mended, as they should be."""
    log = list(ClockEvent.objects.filter(clock__in=clocks).order_by("pk"))
    rebuilt = {_subject_of_entry(entry): entry for entry in _rebuild(leads, clocks, log)}
    mended = []
    for clock in clocks:
        result.clocks += 1
        entry = rebuilt.get(subject_of(clock))
        if entry is None:
            result.lost.append(clock.pk)
            continue
        before, was_final = _facts(clock), _is_final(clock)
        if before == _facts(rows.filled(clock, entry)):
            continue
        if was_final:
            result.final.append(clock.pk)
        else:
            result.mended.append(clock.pk)
            mended.append(clock)
    return mended


def _facts(clock: Clock) -> dict[str, Any]:
    return {name: getattr(clock, name) for name in FACTS}


def _is_final(clock: Clock) -> bool:
    """The database refuses to change it (R9)."""
    return clock.ended_at is not None or clock.status == Clock.Status.BREACHED


def _rebuild(leads: Sequence[int], clocks: Sequence[Clock], log: Sequence[ClockEvent]) -> Iterable[Entry]:
    events = list(LeadEvent.objects.filter(lead__in=leads).order_by("pk"))
    hours = _hours_in(log)
    book = Book([], _cycles(events), LogChooser(clocks, log, hours))
    recomputes = Recomputes(book, clocks, log, hours)
    for event in events:
        recomputes.apply(event.lead_id, before=event.pk)
        book.apply(event)
    for lead in leads:
        recomputes.apply(lead)
    _publish(book, clocks, log)
    return book.entries()


def _cycles(events: Sequence[LeadEvent]) -> Mapping[int, Cycle]:
    """Where a cycle lies is told by its journal from the first row on."""
    return {
        row.pk: Cycle(
            qualification=row.qualification_id,
            setter=Place(row.setter_team_id, row.setter_id),
            hand_raise=row.hand_raise,
            followed=row.followed or "",
        )
        for row in handoffs_of({event.handoff_id for event in events if event.handoff_id})
    }


def _publish(book: Book, clocks: Sequence[Clock], log: Sequence[ClockEvent]) -> None:
    """What the sweep has published stands in the log, and only that."""
    subjects = {clock.pk: subject_of(clock) for clock in clocks}
    warned = Counter(subjects[line.clock_id] for line in log if line.kind == ClockEvent.Kind.WARNED)
    missed = {subjects[line.clock_id] for line in log if line.kind == ClockEvent.Kind.BREACHED}
    for entry in book.entries():
        subject = _subject_of_entry(entry)
        entry.state = replace(entry.state, warned=warned[subject])
        if subject in missed and entry.state.status is Status.RUNNING:
            entry.state = states.breach(entry.state)


def subject_of(clock: Clock) -> Subject:
    on, key = ("handoff", clock.handoff_id) if clock.handoff_id else ("qualification", clock.qualification_id)
    return on, key or 0, clock.kind, clock.round


def _subject_of_entry(entry: Entry) -> Subject:
    on = "handoff" if entry.handoff else "qualification"
    return on, entry.subject or 0, entry.kind.value, entry.round
