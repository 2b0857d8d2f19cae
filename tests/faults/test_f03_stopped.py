"""F3: a process stands still until its lease is over and others have done its work; what it writes then is too late."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import psycopg2
import pytest

from alignment import environment
from common.database.moments import database_now
from notifications.models import Delivery
from sla.services import clocks
from tests.faults.boss import app_url
from tests.faults.due import assert_each_missed_once, assert_each_told_once, make_due
from tests.faults.mailbox import ids_in
from tests.faults.sound import recover
from tests.faults.stuck import POINTS
from tests.live import LiveProcesses

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def stands_still(process: subprocess.Popen[bytes]) -> bool:
    return "State:\tT" in Path(f"/proc/{process.pid}/status").read_text()


@pytest.fixture
def mails(settings, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


@pytest.mark.parametrize("point", POINTS)
def test_who_wakes_after_its_lease_does_nothing_twice(
    company: LiveProcesses, mails: Path, eventually, point: str
) -> None:
    """Three leases pass on paper: `recover` does what others do once they are over."""
    due = make_due(5, database_now() - timedelta(minutes=1))
    process = company.start("stuck", ["-m", "tests.faults.stuck", point])
    eventually(lambda: stands_still(process), 60)
    recover()

    process.send_signal(signal.SIGCONT)

    assert process.wait(60) == 0
    assert_each_missed_once(due)
    assert_each_told_once()
    sent = Counter(ids_in(mails))
    assert set(sent.values()) == {1}
    assert set(sent) == set(Delivery.objects.filter(state="sent").values_list("message_id", flat=True))


def test_a_transaction_that_stands_still_is_ended_and_its_rows_are_free(eventually, monkeypatch) -> None:
    """With the limit that web and workers set, here of a second."""
    due = make_due(1, database_now() - timedelta(minutes=1))
    monkeypatch.setenv("IDLE_TIMEOUT", "1s")
    with (
        closing(psycopg2.connect(app_url(), options=environment.limits())) as still,
        still.cursor() as cursor,
    ):
        cursor.execute("SELECT id FROM leads_lead FOR UPDATE")
        assert clocks.sweep().breached == 0
        eventually(lambda: clocks.sweep().breached == 1)

        with pytest.raises(psycopg2.Error):
            cursor.execute("UPDATE leads_lead SET last_name = 'too late'")

    assert_each_missed_once(due)


@pytest.mark.parametrize("module", ["alignment.wsgi", "alignment.worker"])
def test_web_and_workers_set_that_limit(live: LiveProcesses, module: str) -> None:
    asked = f"import {module}; from alignment.environment import limits; print(limits())"
    process = subprocess.run(
        [sys.executable, "-c", asked], env=live.environment, capture_output=True, text=True, check=True
    )

    assert "idle_in_transaction_session_timeout=0" not in process.stdout
