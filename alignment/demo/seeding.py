"""Writing the demo: the company, its history, its stories and today, in one transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from accounts.models import User
from alignment.collecting import without_collecting
from alignment.demo import aftermath, climbs
from alignment.demo import world as company
from alignment.demo.book import Book
from alignment.demo.companies import domain_rows
from alignment.demo.forgotten import ForgottenDay
from alignment.demo.history import History
from alignment.demo.nordhavn import Nordhavn
from alignment.demo.nurturing import nurture
from alignment.demo.stories import Stories, outage
from alignment.demo.today import Stage
from alignment.demo.world import World
from common.database.moments import database_now
from common.models import Outbox
from common.refusals import Conflict
from leads import events as journal
from leads.models import LeadEvent


@without_collecting()
@transaction.atomic
def seed(at: datetime | None = None) -> World:
    """The whole demo as of `at` (now). Raises Conflict where somebody already works here."""
    world, book, history = _begin(at)
    history.tell()
    stories = Stories(world, history)
    stories.tell()
    today = Stage(world, history).set()
    Nordhavn(world, history).tell(today.threads["Maren Solberg"])
    _write(world, book, history)
    nurture(world)
    aftermath.publish(world.at)
    forgotten = ForgottenDay(world, stories)
    forgotten.plant()
    _settle(world)
    forgotten.correct()
    aftermath.ask_excuses(world, stories.absent)
    aftermath.contest(world, today.contested)
    aftermath.judge_periods(world)
    _finish(world)
    return world


@transaction.atomic
def seed_today(at: datetime | None = None) -> World:
    """Only what waits today, for whoever needs no past."""
    world, book, history = _begin(at)
    today = Stage(world, history).set()
    _write(world, book, history)
    _settle(world)
    aftermath.contest(world, today.contested)
    _finish(world)
    return world


def _begin(at: datetime | None) -> tuple[World, Book, History]:
    if User.objects.exists():
        raise Conflict("This database already has people in it. The demo is only written into an empty one.")
    world = company.create(at or database_now())
    book = Book()
    return world, book, History(world, book)


def _write(world: World, book: Book, history: History) -> None:
    """Rows first, then the clocks that the journal sets going."""
    for row in domain_rows(world.firms):
        book.add(row)
    for relation in history.cycles.selling.relations():
        book.add(relation)
        if relation.until_at is None:
            relation.company.relation = relation.relation
    events = book.write()
    journal.recorded.send(sender=LeadEvent, events=events)


def _settle(world: World) -> None:
    aftermath.publish(world.at)
    aftermath.date_detections(outage(world), world.at)
    climbs.climb(outage(world), world.at)


def _finish(world: World) -> None:
    """Nobody is told of what was over before anybody came."""
    aftermath.keep_findings(world.at)
    Outbox.objects.filter(done_at=None).update(done_at=world.at, outcome="Told before the demo began.")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
