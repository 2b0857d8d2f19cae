"""Writing the demo: the company, its history, its stories and today, in one transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from accounts.models import User
from alignment.demo import world as company
from alignment.demo.book import Book
from alignment.demo.companies import domain_rows
from alignment.demo.history import History
from alignment.demo.world import World
from common.models import Outbox
from common.moments import database_now
from common.refusals import Conflict
from leads import events as journal
from leads.models import LeadEvent


@transaction.atomic
def seed(at: datetime | None = None) -> World:
    """The whole demo as of `at` (now). Raises Conflict where somebody already works here."""
    if User.objects.exists():
        raise Conflict("This database already has people in it. The demo is only written into an empty one.")
    world = company.create(at or database_now())
    book = Book()
    history = History(world, book)
    for firm in world.known.values():
        book.add(firm.row)
    history.tell()
    _write(world, book, history)
    return world


def _write(world: World, book: Book, history: History) -> None:
    for row in domain_rows(world.firms):
        book.add(row)
    for relation in history.cycles.selling.relations():
        book.add(relation)
        if relation.until_at is None:
            relation.company.relation = relation.relation
    events = book.write()
    journal.recorded.send(sender=LeadEvent, events=events)
    Outbox.objects.filter(done_at=None).update(done_at=world.at, outcome="Told before the demo began.")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
