"""How many new leads a rep was given on a day: above what a promise binds up to, clocks are measured, not counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import chain
from typing import NamedTuple
from zoneinfo import ZoneInfo

from leads.models import LeadEvent

TWO_DAYS = timedelta(days=2)
GIVES = (LeadEvent.Kind.OFFERED, LeadEvent.Kind.REDIRECTED)


class Given(NamedTuple):
    """One journal row that gave a cycle to a rep, or to a pool (no person)."""

    pk: int
    handoff: int
    at: datetime
    team: int | None
    person: int | None


class Load:
    """The load of reps around a batch of events, in two statements.

    Which of the day's new leads a cycle is was decided by the row that gave it to the rep, so all its clocks have the
    same answer, whenever they start. What a rep took from a pool was given to nobody, and counts.
    """

    def __init__(self, events: Sequence[LeadEvent], zone_of: Callable[[int | None], str]) -> None:
        self._events = events
        self._zone_of = zone_of

    def place(self, handoff: int | None, until: int) -> int | None:
        """The how-manieth of its day the cycle was when it was last given, as of a journal row (its key)."""
        rows = self._given.get(handoff or 0, ())
        given = next((row for row in reversed(rows) if row.pk <= until), None)
        if given is None or given.person is None:
            return None
        zone = ZoneInfo(self._zone_of(given.team))
        day = _day(given, zone)
        return sum(row.pk <= given.pk and _day(row, zone) == day for row in self._by_person[given.person])

    @cached_property
    def _given(self) -> Mapping[int, Sequence[Given]]:
        handoffs = {event.handoff_id for event in self._events} - {None}
        found: defaultdict[int, list[Given]] = defaultdict(list)
        for row in _rows(handoff__in=handoffs):
            found[row.handoff].append(row)
        return found

    @cached_property
    def _by_person(self) -> Mapping[int, Sequence[Given]]:
        given = [row for row in chain.from_iterable(self._given.values()) if row.person is not None]
        moments, people = [row.at for row in given], {row.person for row in given}
        around = (min(moments) - TWO_DAYS, max(moments) + TWO_DAYS)
        found: defaultdict[int, list[Given]] = defaultdict(list)
        for row in _rows(data__person__in=list(people), at__range=around):
            assert row.person is not None  # noqa: S101 - asked for
            found[row.person].append(row)
        return found


def _rows(**which: object) -> Iterable[Given]:
    rows = LeadEvent.objects.filter(kind__in=GIVES, **which).order_by("pk")
    return map(Given._make, rows.values_list("pk", "handoff_id", "at", "data__team", "data__person"))


def _day(row: Given, zone: ZoneInfo) -> date:
    return row.at.astimezone(zone).date()
