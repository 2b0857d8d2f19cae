"""After every fault, the same invariant script."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from tests.faults.sound import assert_sound, recover


@pytest.fixture(autouse=True)
def sound(request: pytest.FixtureRequest, transactional_db: None) -> Generator[None, None, None]:
    """Processes end before this is asked; a clock that the test moved stays where it is until then."""
    if "database_clock" in request.fixturenames:
        request.getfixturevalue("database_clock")
    yield
    recover()
    assert_sound()
