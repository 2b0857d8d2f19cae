"""F23: deadlocks and serialization failures cost nobody a row, and nobody sees a 500 (D13, R5, R23)."""

from __future__ import annotations

from contextlib import closing
from threading import Thread

import psycopg2
import pytest
from django.db import connection

from accounts.services import keys
from desk.services import bulk
from intake.services import work
from leads.models import Assignment, LeadEvent
from leads.services import handoffs
from tests.factories import make_calendar, make_member, make_offer, make_team
from tests.faults.boss import as_boss, url
from tests.faults.load import Program, together
from tests.faults.sizes import size
from tests.faults.work import started_import
from tests.live import LiveProcesses
from tests.sla.makers import make_contract
from tests.threads import at_once

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def test_four_who_reassign_the_same_leads_in_opposite_order_lose_no_batch() -> None:
    team = make_team(calendar=make_calendar())
    reps, manager = [make_member(team) for _ in range(4)], make_member(team, "sales_manager")
    leads = [make_offer(team, reps[0]).lead for _ in range(size(8, 200))]

    def batch(rep, order):
        def to_rep(lead):
            return handoffs.reassign(bulk.open_cycle(lead), by=manager, team=team, person=rep)

        return [bulk.each(order, to_rep) for _ in range(size(2, 5))]

    done = at_once(
        [
            lambda rep=rep, step=step: batch(rep, leads[::step])
            for rep, step in zip(reps, (1, -1, 1, -1), strict=True)
        ]
    )

    assert [outcome for outcome in done if isinstance(outcome, Exception)] == []
    assert Assignment.objects.filter(until_at=None).count() == len(leads)


def test_two_imports_of_the_same_people_both_end_well() -> None:
    """The second finds what the first wrote; whoever is thrown out is taken up again, as every minute."""
    (one, _), (two, _) = started_import(size(20, 2_000)), started_import(size(20, 2_000))

    at_once([lambda: work.work_on(one.pk), lambda: work.work_on(two.pk)])
    for run in work.waiting():
        work.work_on(run)

    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.status, two.status) == ("done", "done")
    assert one.report["created"] + two.report["created"] == size(20, 2_000)


def test_under_repeatable_read_one_of_many_accepts_and_no_one_sees_a_500(company: LiveProcesses) -> None:
    team = make_team(calendar=make_calendar())
    with as_boss(
        "ALTER ROLE baton SET default_transaction_isolation = 'repeatable read'",
        "ALTER ROLE baton RESET default_transaction_isolation",
    ):
        web = company.web()
        programs = [Program(web, keys.create(make_member(team), scopes=["all"])[1]) for _ in range(4)]
        for _ in range(size(3, 100)):
            handoff = make_offer(team)
            path = f"handoffs/{handoff.public_id}/accept/"
            answers = together(lambda one, path=path: one.post(path, {}), programs)

            assert [answer.status for answer in answers].count(200) == 1
            assert {answer.status for answer in answers} <= {200, 409, 503}
            assert all(answer.retry_after for answer in answers if answer.status == 503)
            assert LeadEvent.objects.filter(handoff=handoff, kind="accepted").count() == 1


def test_whoever_loses_a_deadlock_is_asked_to_come_back(company: LiveProcesses, eventually) -> None:
    make_contract()
    handoff = make_offer(make_team(calendar=make_calendar()))
    rep = make_member(handoff.team)
    program, path = (
        Program(company.web(), keys.create(rep, scopes=["all"])[1]),
        f"handoffs/{handoff.public_id}/accept/",
    )
    answers = []
    with closing(psycopg2.connect(url("postgres"))) as other, other.cursor() as cursor:
        cursor.execute("SET deadlock_timeout = '1min'")  # the product finds the deadlock, or waits too long
        cursor.execute("SELECT 1 FROM sla_clock WHERE lead_id = %s FOR UPDATE", [handoff.lead_id])
        accepting = Thread(target=lambda: answers.append(program.post(path, {})))
        accepting.start()
        eventually(somebody_waits)
        cursor.execute("SELECT 1 FROM leads_lead WHERE id = %s FOR UPDATE", [handoff.lead_id])
    accepting.join()
    again = program.post(path, {})

    assert [(answer.status, answer.retry_after) for answer in answers] == [(503, "1")]
    assert "Two people changed this" in str(answers[0].body)
    assert again.status == 200
    assert LeadEvent.objects.filter(handoff=handoff, kind="accepted").count() == 1


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0
