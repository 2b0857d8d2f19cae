"""What the tests of pages stand on: the company of the rep's pages at noon, and a marketer."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from accounts.models import User
from tests.clock import DatabaseClock
from tests.desk.world import World, make_world
from tests.factories import NOON, make_marketer


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> None:
    """The sidebar keeps its counts for a moment."""
    cache.clear()


@pytest.fixture
def world(database_clock: DatabaseClock) -> World:
    database_clock.set(NOON)
    return make_world()


@pytest.fixture
def marketer() -> User:
    person: User = make_marketer()
    return person
