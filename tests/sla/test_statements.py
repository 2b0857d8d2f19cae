"""How many statements an acceptance sends, whatever else stands in the database (docs/performance.md states it)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from common.database.moments import database_now
from leads.services import handoffs
from tests.factories import make_calendar, make_member, make_offer, make_team
from tests.sla.makers import make_contract

pytestmark = pytest.mark.django_db
STATED = 20  # two of them COPY; BEGIN and COMMIT come to it


def statements_of_accepting(team, rep) -> int:
    offered, by = make_offer(team, at=database_now()), User.objects.get(pk=rep.pk)
    with CaptureQueriesContext(connection) as sent:
        handoffs.accept(offered, by=by)
    return sum("SAVEPOINT" not in query["sql"] for query in sent)


@pytest.mark.parametrize("others", [0, 25])
def test_an_acceptance_sends_as_many_statements_as_the_documentation_says(others) -> None:
    make_contract(calendar=make_calendar())
    team = make_team(calendar=make_calendar())
    rep = make_member(team)
    statements_of_accepting(team, rep)  # what is remembered for the life of the process is read now
    for _ in range(others):
        make_offer(team, at=database_now())

    assert statements_of_accepting(team, rep) == STATED
