"""After every fault, the same invariant script; and what stands between the processes and their servers."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest
from django.conf import settings

from alignment.embedded.places import places_for
from tests.faults.mailbox import SETTINGS
from tests.faults.proxy import Proxy
from tests.faults.sound import assert_sound, recover
from tests.live import LiveProcesses


@pytest.fixture(autouse=True)
def sound(request: pytest.FixtureRequest, transactional_db: None) -> Generator[None, None, None]:
    """Processes end before this is asked; a clock that the test moved stays where it is until then."""
    if "database_clock" in request.fixturenames:
        request.getfixturevalue("database_clock")
    yield
    recover()
    assert_sound()


@pytest.fixture
def company(live: LiveProcesses, tmp_path: Path) -> LiveProcesses:
    """Processes of the product as it is shipped, with mail into a folder."""
    live.environment |= {"DJANGO_SETTINGS_MODULE": SETTINGS, "MAIL_FOLDER": str(tmp_path)}
    return live


@pytest.fixture
def wire() -> Generator[Proxy, None, None]:
    """What lies between the processes and their broker; `REDIS_URL` must name it."""
    proxy = Proxy(places_for(settings.DATA_DIR).valkey_socket)
    yield proxy
    proxy.close()
