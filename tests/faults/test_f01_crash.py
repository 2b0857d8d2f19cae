"""F1: a process killed at any point loses nothing and doubles nothing (R13, R18; C06, C21)."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import psycopg2
import pytest
from django.db import connection

from alignment.embedded.places import places_for
from common.database.moments import database_now
from common.models import Outbox
from notifications.models import Delivery
from notifications.services import mail
from notifications.services.relay import relay
from sla.services import clocks
from tests.faults.doomed import POINTS
from tests.faults.due import assert_each_missed_once, assert_each_told_once, make_due
from tests.faults.mailbox import ids_in
from tests.faults.sizes import size
from tests.live import LiveProcesses

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
KILLED = -9


def run_doomed(live: LiveProcesses, point: str, mails: Path) -> int | None:
    environment = {"DJANGO_SETTINGS_MODULE": "tests.faults.settings", "MAIL_FOLDER": str(mails)}
    process = live.start("doomed", ["-m", "tests.faults.doomed", point], **environment)
    return process.wait(60)


@pytest.fixture
def mails(tmp_path: Path, settings) -> Path:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


def recover() -> None:
    """What the next tick of each does, after the lease of the dead one has run out."""
    Outbox.objects.filter(done_at=None).update(claimed_until=None)
    clocks.sweep()
    relay()
    Delivery.objects.filter(state="waiting").update(next_at=database_now() - timedelta(seconds=1))
    while mail.deliver():
        pass


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_at_any_point_loses_and_doubles_nothing(live: LiveProcesses, mails: Path, point: str) -> None:
    due = make_due(size(10, 50), database_now() - timedelta(minutes=1))

    ended = [run_doomed(live, point, mails) for _ in range(size(1, 5))]
    recover()

    assert set(ended) <= {KILLED, 0}
    assert ended[0] == KILLED
    assert_each_missed_once(due)
    assert_each_told_once()
    sent = Counter(ids_in(mails))
    assert set(sent) == set(Delivery.objects.filter(state="sent").values_list("message_id", flat=True))
    doubled = sum(count - 1 for count in sent.values())
    assert doubled <= (ended.count(KILLED) if point == "mail: after it was sent" else 0)


SLOW = """
CREATE FUNCTION stall() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(20); RETURN NULL; END';
CREATE TRIGGER stall AFTER INSERT ON {table} FOR EACH STATEMENT EXECUTE FUNCTION stall();
"""
FAST = "DROP TRIGGER stall ON {table}; DROP FUNCTION stall();"
KILL = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event = 'PgSleep' AND pid <> pg_backend_pid()
"""


@pytest.mark.parametrize("table", ["sla_breach", "common_outbox", "sla_clockevent"])
def test_a_kill_inside_the_statement_leaves_it_undone(
    live: LiveProcesses, mails: Path, eventually, settings, table: str
) -> None:
    due = make_due(size(10, 50), database_now() - timedelta(minutes=1))
    with connection.cursor() as cursor:
        cursor.execute(SLOW.format(table=table))
    environment = {"DJANGO_SETTINGS_MODULE": "tests.faults.settings", "MAIL_FOLDER": str(mails)}
    process = live.start("sweep", ["manage.py", "sweep_clocks"], **environment)

    database = str(connection.settings_dict["NAME"])
    superuser = places_for(settings.DATA_DIR).database_url("postgres", database)

    def kill() -> bool:
        with closing(psycopg2.connect(superuser)) as boss, boss.cursor() as cursor:
            cursor.execute(KILL)
            return bool(cursor.fetchall())

    eventually(kill, 30)
    process.wait(30)
    with connection.cursor() as cursor:
        cursor.execute(FAST.format(table=table))
    assert not Outbox.objects.filter(topic="clock.breached").exists()
    recover()

    assert_each_missed_once(due)
