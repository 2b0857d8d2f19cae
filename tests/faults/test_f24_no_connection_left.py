"""F24: no connection is left for the app; it says so at once, and goes on when there is one (R22)."""

from __future__ import annotations

from contextlib import ExitStack, closing
from urllib.error import HTTPError
from urllib.request import urlopen

import psycopg2
import pytest
from django.db import connection

from leads.models import Lead
from tests.faults.boss import app_url, as_boss
from tests.faults.load import ingest, together
from tests.live import LiveProcesses

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
MOST = 6


def test_without_a_connection_everything_answers_503_and_recovers(company: LiveProcesses) -> None:
    """The limit is the role's: the server answers as with max_connections, and needs no restart."""
    web, limit = company.web(), MOST + sessions_of_the_app()
    program = ingest(web)
    with ExitStack() as everything:
        everything.enter_context(
            as_boss(f"ALTER ROLE baton CONNECTION LIMIT {limit}", "ALTER ROLE baton CONNECTION LIMIT -1")
        )
        with ExitStack() as held:
            for _ in range(MOST):
                held.enter_context(closing(psycopg2.connect(app_url())))
            refused = together(lambda _: program.create(), range(12))
            ready = status(f"{web}/health/ready")
        taken = together(lambda _: program.create(), range(12))

    assert {(answer.status, answer.retry_after) for answer in refused} == {(503, "5")}
    assert max(answer.seconds for answer in refused) < 5
    assert ready == (503, "5")
    assert {answer.status for answer in taken} == {201}
    assert Lead.objects.count() == len(taken)


def sessions_of_the_app() -> int:
    """Other processes of this run may have some, which count too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE usename = 'baton'")
        return int(cursor.fetchone()[0])


def status(url: str) -> tuple[int, str | None]:
    try:
        with urlopen(url, timeout=10) as answer:
            return answer.status, answer.headers["Retry-After"]
    except HTTPError as error:
        return error.code, error.headers["Retry-After"]
