"""Story 15: a day on which Hamburg was closed, entered a day too late, and what the wrong hours had missed."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from alignment.demo import people
from alignment.demo.floor import Place
from alignment.demo.stories import HOUR, Stories
from alignment.demo.thread import NotYetError
from alignment.demo.world import OSLO, World
from calendars import services
from calendars.engine.business_time import BusinessCalendar, is_open
from calendars.models import CalendarVersion
from calendars.queries import current_version
from leads import events as journal
from leads.models import LeadEvent
from sla.engine.entry import Hours
from sla.engine.restate import Correction
from sla.models import Clock, Recompute
from sla.services.recompute.changes import Batch, Found, judge
from sla.services.recompute.concerned import OPEN
from sla.services.recompute.rules import Corrected, correction_to
from sla.services.recompute.writing import write

CALENDAR = "Hamburg"
CLOSED_FOR = "Office move"
CORRECTED = timedelta(days=20)  # ago
EXCUSED = 9
TOOK = timedelta(seconds=3)
IMAGINED = -1  # the version while nobody has entered the day


class ForgottenDay:
    """The calendar counted a working day. Who was asked the day before answered the day after: too late by it."""

    def __init__(self, world: World, stories: Stories) -> None:
        self.world, self.stories = world, stories
        self.corrected_at = world.at - CORRECTED
        self.day = self._day()

    def plant(self) -> None:
        """As many late answers that day as are missing from the nine, after everything else has its clocks."""
        missing = EXCUSED - len(self._missed_only_by(self.day).excused)
        for number in range((missing + 1) // 2):
            self._asked_the_day_before(number, tries_late=number * 2 + 1 == missing)
        journal.recorded.send(sender=LeadEvent, events=self.stories.history.book.write())

    def correct(self) -> None:
        """Operations enters the day; every clock that had begun by then follows it."""
        wrong = current_version(self.world.calendars[CALENDAR])
        right = self._revised()
        recompute = Recompute.objects.create(
            calendar_version=right, requested_by=self.world.people["Priya Raman"], requested_at=self.corrected_at,
            starts_at=self.corrected_at,
        )  # fmt: skip
        clocks = _by(wrong).filter(started_at__lt=self.corrected_at).filter(_known_by(self.corrected_at))
        found = judge(Batch(list(clocks)), correction_to(right), self.corrected_at)
        write(recompute, found, self.corrected_at)
        Recompute.objects.filter(pk=recompute.pk).update(
            total=len(found.moved), moved=len(found.moved), excused=len(found.excused),
            done_at=self.corrected_at + TOOK,
        )  # fmt: skip

    def _day(self) -> datetime:
        """A working day between two others, at noon, on which the rest of the story explains few enough misses."""
        noon = self.corrected_at.astimezone(OSLO).replace(hour=12, minute=0, second=0, microsecond=0)
        while True:
            noon -= timedelta(days=1)
            if self._works_around(noon) and len(self._missed_only_by(noon).excused) <= EXCUSED:
                return noon

    def _works_around(self, noon: datetime) -> bool:
        hours, day = self.world.hours[CALENDAR], timedelta(days=1)
        return all(is_open(hours, at) for at in (noon - day, noon, noon + day))

    def _missed_only_by(self, noon: datetime) -> Found:
        """What would be excused if this day were entered."""
        wrong = current_version(self.world.calendars[CALENDAR])
        rules = self.world.hours[CALENDAR].to_dict()
        closed = BusinessCalendar.from_dict(
            rules | {"holidays": [*rules["holidays"], noon.date().isoformat()]}
        )
        around = (noon - timedelta(days=1), self.corrected_at)
        missed = _by(wrong).filter(status=Clock.Status.BREACHED, due_at__range=around)
        rule = Corrected(Correction((wrong.pk,), Hours(IMAGINED, closed)))
        return judge(Batch(list(missed)), rule, self.corrected_at)

    def _asked_the_day_before(self, number: int, *, tries_late: bool) -> None:
        """Late for the answer and the first response; or for the answer alone, where the attempt was late anyway."""
        before, after = self.day - timedelta(days=1), self.day + timedelta(days=1)
        at = before + 2 * HOUR + timedelta(minutes=10 + 13 * number)
        rep = self.stories.floor.turn(people.ENTERPRISE, at)
        thread = self.stories.meet("Webinar", at - HOUR / 3, country="DE")
        self.stories.offer(thread, at, Place(people.ENTERPRISE, rep, "Round robin of Enterprise"))
        answered_at = after - 4 * HOUR + timedelta(minutes=20 + 9 * number)
        thread.do("accept", answered_at, rep, data={"by": "act"})
        tried_at = after + timedelta(hours=3.5) if tries_late else answered_at + timedelta(minutes=25)
        self.stories.cycles.try_once(thread, tried_at, rep)
        with suppress(NotYetError):
            self.stories.cycles.pursue(thread, rep, qualifies=False)
        thread.finish()

    def _revised(self) -> CalendarVersion:
        rules = self.world.hours[CALENDAR].to_dict()
        calendar, priya = self.world.calendars[CALENDAR], self.world.people["Priya Raman"]
        named = calendar.holidays.filter(on__in=rules["holidays"]).values_list("on", "name")
        closed = dict(named) | {self.day.date(): CLOSED_FOR}
        version = services.revise(calendar, rules, holidays=closed, by=priya.pk)
        version.created_at = self.corrected_at
        version.save(update_fields=["created_at"])
        return version


def _by(version: CalendarVersion) -> QuerySet[Clock]:
    return Clock.objects.filter(calendar_version=version)


def _known_by(at: datetime) -> Q:
    """Open still, or missed by then."""
    missed = Q(status=Clock.Status.BREACHED, due_at__lt=at, breach__by_recalculation=False)
    return Q(status__in=OPEN) | missed
