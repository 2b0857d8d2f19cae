"""The company that the rep's pages stand on, at noon."""

from __future__ import annotations

import pytest

from tests.clock import DatabaseClock
from tests.desk.world import World, make_world
from tests.factories import NOON


@pytest.fixture
def world(database_clock: DatabaseClock) -> World:
    database_clock.set(NOON)
    return make_world()
