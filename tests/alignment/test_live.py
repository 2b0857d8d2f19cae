"""Real processes on the test database: what the slower tests stand on."""

import subprocess
from collections.abc import Callable

import pytest
from django.core.cache import cache
from playwright.sync_api import Page

from alignment.tasks import heartbeat


def test_a_real_worker_runs_what_is_sent_through_the_broker(
    live_worker: subprocess.Popen[bytes], eventually: Callable[..., None]
) -> None:
    cache.delete("heartbeat")

    heartbeat.delay()

    eventually(lambda: cache.get("heartbeat"))


@pytest.mark.browser
def test_a_real_browser_reaches_the_real_web_server(page: Page) -> None:
    answer = page.goto("/health/ready")

    assert answer is not None
    assert answer.json() == {"status": "ok", "database": True, "broker": True}
