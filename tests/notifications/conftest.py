"""Noon on the database's clock, for the tests of what is told."""

from __future__ import annotations

import pytest

from tests.factories import NOON


@pytest.fixture
def noon(database_clock):
    database_clock.set(NOON)
    return database_clock
