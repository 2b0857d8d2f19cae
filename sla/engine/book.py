"""The book of clocks in memory: applies journal rows one by one, by the table, and notes what changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sla.engine import clock as clocks
from sla.engine.clock import BY_HAND, FOR_INFO, ClockState, Status, overdue
from sla.engine.entry import Chooser, Entry, Line, Wanted
from sla.engine.reading import Cycle, JournalRow, Place, table_row
from sla.engine.table import ON_QUALIFICATION, TABLE, Do, Kind

ENDS = frozenset({Do.END, Do.BOOK, Do.COUNT})


class Book:
    """All clocks of some leads. `apply` the journal rows of these leads in order, then read the entries."""

    def __init__(self, entries: Iterable[Entry], cycles: Mapping[int, Cycle], chooser: Chooser) -> None:
        self._by_lead: defaultdict[int, list[Entry]] = defaultdict(list)
        for entry in entries:
            self._by_lead[entry.lead].append(entry)
        self._cycles = cycles
        self._chooser = chooser

    def entries(self) -> Iterable[Entry]:
        for entries in self._by_lead.values():
            yield from entries

    def of(self, lead: int) -> Iterable[Entry]:
        return self._by_lead[lead]

    def changed(self) -> list[Entry]:
        return [entry for entry in self.entries() if entry.has_changed]

    def apply(self, event: JournalRow) -> None:
        self._breach_overdue(event)
        cycle = self._cycles.get(event.handoff_id) if event.handoff_id else None
        before = cycle.place if cycle else Place()
        row = table_row(event, before, cycle)
        if cycle:
            cycle.read(event)
            self._follow_place(event, cycle)
        actions = TABLE.get(row, {})
        for kind in Kind:
            if kind in actions:
                self._act(actions[kind], kind, event, cycle)

    def settle(self, moments: Mapping[int, datetime]) -> None:
        """What imported history left overdue at the moment of its import was missed then, quietly (rule 14)."""
        for lead, at in moments.items():
            for entry in self._by_lead[lead]:
                if entry.historic and entry.state.status is Status.RUNNING:
                    self._settle(entry, at)

    def _settle(self, entry: Entry, at: datetime) -> None:
        if overdue(entry.state.due_at, at):
            entry.breach(at, historic=True)
            return
        entry.state = clocks.marked(entry.state)
        while entry.state.warn_at is not None and entry.state.warn_at <= at:
            warning = {"rung": entry.state.warned + 1, "silent": True}
            entry.lines.append(Line("warned", entry.state.warn_at, at, None, warning))
            entry.state = clocks.warn(entry.state)

    def _breach_overdue(self, event: JournalRow) -> None:
        """Rule 16: what was due before this event is missed, whether or not a sweep has run.

        Quietly only where the clock itself is history: an imported row silences no miss of a live clock.
        """
        for entry in self._by_lead[event.lead_id]:
            if entry.state.status is Status.RUNNING and overdue(entry.state.due_at, event.at):
                entry.breach(event.recorded_at, historic=entry.historic)

    def _follow_place(self, event: JournalRow, cycle: Cycle) -> None:
        """Whoever holds the cycle answers for its clocks; a clock that was missed keeps who held it then."""
        for entry in self._by_lead[event.lead_id]:
            follows = entry.handoff == event.handoff_id and entry.kind is not Kind.REWORK
            if follows and entry.state.can_change and entry.place != cycle.place:
                entry.place, entry.moved, entry.applied = cycle.place, True, event.pk

    def _act(self, do: Do, kind: Kind, event: JournalRow, cycle: Cycle | None) -> None:
        concerned = [entry for entry in self._of(kind, event) if entry.state.is_open]
        holds: tuple[str, ...] = ()
        if do is Do.RESTART:
            concerned = [entry for entry in concerned if entry.choice.restarts and entry.state.can_change]
            holds = tuple(hold for entry in concerned for hold in entry.state.holds)
            do = Do.ANEW if concerned else Do.RESTART
        if event.implied and (do in ENDS or do is Do.ANEW):
            do = Do.CANCEL
        if do is Do.MOVE:
            self._move(concerned, event, cycle)
        elif do is not Do.START:
            for entry in concerned:
                _change(entry, do, event, cycle)
        if do in (Do.START, Do.ANEW) and not event.implied:
            self._start(kind, event, cycle, holds)

    def _of(self, kind: Kind, event: JournalRow) -> Iterable[Entry]:
        """Offers and attempts reach all qualifications of the lead, other clocks belong to their cycle."""
        every = kind in ON_QUALIFICATION or event.kind in ("merged", "anonymised")
        for entry in self._by_lead[event.lead_id]:
            if entry.kind is kind and (every or entry.handoff == event.handoff_id):
                yield entry

    def _start(self, kind: Kind, event: JournalRow, cycle: Cycle | None, holds: Iterable[str] = ()) -> None:
        """A clock that takes the place of a paused one stands for the same `holds`."""
        wanted = self._wanted(kind, event, cycle)
        choice = self._chooser.choose(wanted) if wanted else None
        if wanted is None or choice is None:
            return
        state = clocks.start(
            choice.hours.calendar, choice.target, wanted.at,
            warnings=choice.warnings, needed=choice.effort.attempts if kind is Kind.FOLLOW_UP else 1,
        )  # fmt: skip
        on_qualification = kind in ON_QUALIFICATION
        entry = Entry(
            lead=event.lead_id, handoff=wanted.handoff,
            qualification=wanted.qualification if on_qualification else None,
            kind=kind, round=wanted.round, state=state, choice=choice, place=wanted.place, historic=event.historic,
        )  # fmt: skip
        self._by_lead[event.lead_id].append(entry)
        entry.note("chosen", event, **choice.why)
        entry.note("started", event, due_at=_iso(state.due_at))
        _stand(entry, event, holds)
        if overdue(state.due_at, event.at):
            entry.breach(event.recorded_at, historic=event.historic, quiet=True)
        elif kind is Kind.FOLLOW_UP and cycle:
            _begin_effort(entry, event, cycle)

    def _wanted(self, kind: Kind, event: JournalRow, cycle: Cycle | None) -> Wanted | None:
        if kind in ON_QUALIFICATION:
            qualification = cycle.qualification if cycle else event.qualification_id
            handoff, place = None, Place()
        else:
            qualification, handoff = cycle.qualification if cycle else None, event.handoff_id
            place = Place() if cycle is None or kind is Kind.REWORK else cycle.place
        if qualification is None:
            return None
        known = [
            entry
            for entry in self._by_lead[event.lead_id]
            if entry.kind is kind and entry.subject == (handoff or qualification)
        ]
        if kind is Kind.BUYER_WAIT and known:
            return None
        at = _begins_at(kind, event)
        return Wanted(kind, len(known) + 1, event, qualification, handoff, place, at)

    def _move(self, entries: Iterable[Entry], event: JournalRow, cycle: Cycle | None) -> None:
        for entry in entries:
            if not entry.state.can_change:
                continue
            hours = self._chooser.hours(entry, event, cycle.place.team if cycle else None)
            entry.state = clocks.recompute(entry.state, event.at, calendar=hours.calendar)
            entry.choice = replace(entry.choice, hours=hours)
            entry.note("recomputed", event, calendar_version=hours.version, due_at=_iso(entry.state.due_at))


def _change(entry: Entry, do: Do, event: JournalRow, cycle: Cycle | None) -> None:
    if do in (Do.END, Do.BOOK) and entry.kind is not Kind.FOLLOW_UP:
        _end(entry, event, by_booking=do is Do.BOOK)
    elif do in ENDS:
        _count(entry, event, cycle, enough=do is Do.END)
    elif do in (Do.CANCEL, Do.ANEW):
        entry.state = clocks.cancel(entry.state, event.at)
        entry.note("cancelled", event)
    elif entry.state.can_change:
        _hold_or_release(entry, do, event)


def _end(entry: Entry, event: JournalRow, *, by_booking: bool = False) -> None:
    entry.state = clocks.stop(entry.state, event.at, by_booking=by_booking)
    if entry.place.team and entry.place.person is None:
        entry.place = replace(entry.place, person=event.actor_id)
    entry.note("stopped", event)


def _count(entry: Entry, event: JournalRow, cycle: Cycle | None, *, enough: bool) -> None:
    """Attempts count from the offer of the same cycle; contact made ends the follow-up."""
    made = cycle.attempts if cycle else []
    enough = enough or entry.choice.effort.met_by(made, entry.zone)
    entry.state = clocks.count(entry.state, event.at, done=len(made), enough=enough)
    entry.note("stopped" if enough else "counted", event, progress=len(made))


def _begin_effort(entry: Entry, event: JournalRow, cycle: Cycle) -> None:
    booked = event.data.get("by") == "booking"
    if booked or entry.choice.effort.met_by(cycle.attempts, entry.zone):
        _count(entry, event, cycle, enough=True)
    elif cycle.attempts:
        _count(entry, event, cycle, enough=False)


def _hold_or_release(entry: Entry, do: Do, event: JournalRow) -> None:
    before = entry.state
    hold = FOR_INFO if do in (Do.PAUSE, Do.RESUME) else BY_HAND
    if not _concerns(entry, event):
        return
    if do in (Do.PAUSE, Do.HOLD):
        if do is Do.PAUSE and before.status is Status.PAUSED:  # a return takes over from a pause by hand
            before = replace(before, holds=())
        entry.state = clocks.pause(before, event.at, hold)
    elif entry.state.status is Status.PAUSED:
        entry.state = clocks.resume(before, event.at, hold)
    if entry.state is not before:
        entry.note("resumed" if do in (Do.RESUME, Do.RELEASE) else "paused", event, **_left(entry.state))


def _stand(entry: Entry, event: JournalRow, holds: Iterable[str]) -> None:
    for hold in holds:
        entry.state = clocks.pause(entry.state, event.at, hold)
    if entry.state.holds:
        entry.note("paused", event, **_left(entry.state))


def _concerns(entry: Entry, event: JournalRow) -> bool:
    kinds = event.data.get("kinds") if event.kind in ("paused", "resumed") else None
    return not kinds or entry.kind in kinds


def _left(state: ClockState) -> dict[str, Any]:
    return {"due_at": _iso(state.due_at), "consumed": state.consumed.total_seconds()}


def _begins_at(kind: Kind, event: JournalRow) -> datetime:
    """A buyer waits from when he raised his hand; a meeting is owed from when it is to begin."""
    at: datetime = event.at
    if kind is Kind.MEETING:
        return datetime.fromisoformat(event.data["starts_at"])
    return _raised_at(event) if kind is Kind.BUYER_WAIT else at


def _raised_at(event: JournalRow) -> datetime:
    at: datetime = event.at
    raised = event.data.get("raised_at")
    return min(datetime.fromisoformat(raised), at) if raised else at


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
