"""F17: somebody else's transaction stays open on one lead; the sweep does all others and comes back (R20, R26)."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import psycopg2
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from alignment.embedded.places import places_for
from common.database.moments import database_now
from sla.models import Clock
from sla.services import clocks
from tests.clock import DatabaseClock
from tests.faults.due import assert_each_missed_once, make_due
from tests.faults.sizes import size

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def test_a_lead_that_somebody_holds_is_skipped_shown_and_done_afterwards(
    database_clock: DatabaseClock, client: Client
) -> None:
    """The ten minutes pass on the database's clock."""
    database_clock.set(database_now())
    due = make_due(size(20, 2_000), database_clock.now() - timedelta(minutes=1))
    held = Clock.objects.get(pk=due[0])
    url = places_for(settings.DATA_DIR).database_url("baton", str(connection.settings_dict["NAME"]))

    with closing(psycopg2.connect(url)) as other, other.cursor() as cursor:
        cursor.execute("SELECT 1 FROM leads_lead WHERE id = %s FOR UPDATE", [held.lead_id])
        swept = clocks.sweep().breached
        database_clock.advance(timedelta(minutes=10))
        clocks.sweep()
        seen = client.get("/health/deadlines")
        running = list(Clock.objects.filter(status="running").values_list("pk", flat=True))
        other.rollback()
    clocks.sweep()

    assert (swept, running) == (len(due) - 1, [held.pk])
    assert seen.status_code == 503
    assert "overdue" in seen.json()["wrong"]
    assert_each_missed_once(due)
