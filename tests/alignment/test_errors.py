"""The last answer to whoever lost where two changed the same at once (R23), or asked too much (S25)."""

from __future__ import annotations

from threading import Event, Thread

import pytest
from django.db import OperationalError, connection, transaction
from django.test import RequestFactory

from alignment.errors import server_error
from leads.models import Lead
from tests.api.callers import Caller
from tests.desk.acting import status, url
from tests.desk.world import as_user
from tests.factories import make_calendar, make_member, make_offer, make_person, make_team


@pytest.fixture
def impatient():
    """Locks are waited for 100 ms, for the sake of the test."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '100ms'")
        yield
        cursor.execute("RESET lock_timeout")


@pytest.fixture
def hurried():
    """A statement may take 100 ms, and whoever reads leads takes longer: they are another's alone meanwhile."""
    let_go, taken = Event(), Event()

    def take() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE leads_lead IN ACCESS EXCLUSIVE MODE")
            taken.set()
            let_go.wait(20)
        connection.close()

    thread = Thread(target=take)
    thread.start()
    taken.wait(20)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '100ms'")
        yield
        let_go.set()
        thread.join()
        cursor.execute("RESET statement_timeout")


def holding(lead: Lead, let_go: Event) -> Thread:
    """Somebody who works on the lead until told to let go; it is held when this answers."""
    held = Event()

    def work() -> None:
        with transaction.atomic():
            Lead.objects.select_for_update().get(pk=lead.pk)
            held.set()
            let_go.wait(20)
        connection.close()

    thread = Thread(target=work)
    thread.start()
    held.wait(20)
    return thread


@pytest.mark.django_db(transaction=True)
def test_whoever_waited_in_vain_for_a_lead_reads_that_two_changed_it(impatient) -> None:
    rep = make_member(make_team(calendar=make_calendar()))
    handoff = make_offer(rep.memberships.get().team, rep)
    caller, browser = Caller(rep), as_user(rep)
    caller.client.raise_request_exception = browser.raise_request_exception = False
    let_go = Event()
    thread = holding(handoff.lead, let_go)

    page = browser.post(url(handoff, "accept"))
    answer = caller.post(f"handoffs/{handoff.public_id}/accept/")
    let_go.set()
    thread.join()

    assert [(one.status_code, one["Retry-After"]) for one in (page, answer)] == [(503, "1")] * 2
    assert ("Two people changed this at once" in page.content.decode(), page["HX-Trigger"]) == (
        True,
        "overtaken",
    )
    told = answer.json()
    assert told["detail"].startswith("Two people changed this at the same moment.")
    assert (told["title"], told["status"]) == ("Service Unavailable", 503)
    assert status(handoff) == "offered"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "retry"), [("40P01", "1"), ("40001", "1"), ("57P01", "5")], ids=["deadlock", "serial", "away"]
)
def test_the_database_says_whether_it_is_away_or_chose_the_other(code: str, retry: str) -> None:
    raised = f"DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '{code}'; END $$"
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(raised)
    except OperationalError:
        answer = server_error(RequestFactory().get("/inbox/"))

    assert (answer.status_code, answer["Retry-After"]) == (503, retry)


@pytest.mark.django_db(transaction=True)
def test_a_question_that_takes_too_long_says_so_on_page_and_api_s25(request) -> None:
    person = make_person(role="admin")
    caller, browser = Caller(person), as_user(person)
    caller.client.raise_request_exception = browser.raise_request_exception = False
    request.getfixturevalue("hurried")

    page, answer = browser.get("/leads/"), caller.get("leads/")

    assert [(one.status_code, one["Retry-After"]) for one in (page, answer)] == [(503, "60")] * 2
    assert ("This question takes too long" in page.content.decode(), page["HX-Trigger"]) == (True, "too-long")
    assert (answer["Content-Type"], answer.json()["detail"]) == (
        "application/problem+json",
        "This question takes too long; narrow it. Nothing was saved.",
    )
