"""Why a clock was missed: proposed from the log, confirmed by a manager of either side with one key."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from common import outbox
from common.models import Outbox
from common.refusals import Invalid, NotAllowed
from sla.models import Breach, Clock, ClockEvent
from sla.services import causes, clocks
from tests.factories import HOUR, NOON, make_calendar, make_handoff, make_member, make_person, make_team
from tests.sla.makers import happens, make_contract

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
CLOSING = NOON + 5 * HOUR  # of the hours of the factories, 9 to 17 in UTC


@pytest.fixture
def sales():
    return make_team("Sales")


@pytest.fixture
def breach(sales) -> Breach:
    make_contract(answer=HOUR)
    happens("offered", make_handoff(team=sales), NOON)
    clocks.breach_overdue(NOON + 2 * HOUR)
    return Breach.objects.get()


def held_by_a_rep(sales, at):
    handoff = make_handoff(team=sales, holder=make_member(sales, "rep"))
    happens("offered", handoff, at)
    return handoff


@pytest.mark.parametrize(
    ("before_closing", "cause"),
    [(11 * MINUTE, "offered_late"), (12 * MINUTE, ""), (3 * HOUR, ""), (-HOUR, "")],
    ids=["less than a fifth of an hour", "a fifth", "in the day", "when all had gone"],
)
def test_an_offer_shortly_before_closing_explains_the_miss(sales, before_closing, cause):
    make_contract(calendar=make_calendar(), answer=HOUR)
    held_by_a_rep(sales, CLOSING - before_closing)

    clocks.breach_overdue(NOON + timedelta(days=4))

    assert Breach.objects.get().cause == cause


def test_an_answer_after_closing_finds_the_late_offer_too(sales):
    make_contract(calendar=make_calendar(), answer=HOUR)
    handoff = held_by_a_rep(sales, CLOSING - 5 * MINUTE)

    happens("accepted", handoff, NOON + timedelta(days=4))

    assert Breach.objects.get().cause == "offered_late"


TOLD = {
    "it waits": (NOON, None, "", "not_delivered"),
    "it was given up": (NOON, NOON, "parked: ValueError", "not_delivered"),
    "it came after the due moment": (NOON, NOON + HOUR + MINUTE, "told 1", "not_delivered"),
    "it came at the due moment": (NOON, NOON + HOUR, "told 1", ""),
    "it came at once": (NOON, NOON, "told 1", ""),
    "it was left after the due moment": (NOON + HOUR + MINUTE, None, "", ""),
}


@pytest.mark.parametrize(("left", "done", "outcome", "cause"), TOLD.values(), ids=TOLD)
@pytest.mark.parametrize("found_by", ["the sweep", "a late answer"])
def test_a_notice_that_nobody_got_in_time_explains_the_miss(sales, left, done, outcome, cause, found_by):
    make_contract(answer=HOUR)
    handoff = held_by_a_rep(sales, NOON)
    outbox.leave("handoff.offered", handoff.pk, at=left)
    if done:
        outbox.finish(Outbox.objects.filter(topic="handoff.offered"), outcome, at=done)

    if found_by == "the sweep":
        clocks.breach_overdue(NOON + 2 * HOUR)
    else:
        happens("accepted", handoff, NOON + 2 * HOUR)

    assert Breach.objects.get().cause == cause


def test_what_was_told_in_time_is_not_looked_through(breach):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {causes.PROPOSE}", [[breach.clock_id]])
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "Index Scan using outbox_untold" in plan


@pytest.mark.parametrize("side", ["sales", "demand"])
def test_a_manager_of_either_side_says_better_and_the_log_keeps_who(breach, sales, side):
    demand = make_team("Demand", function="demand")
    person = (
        make_member(sales, "sales_manager") if side == "sales" else make_member(demand, "marketing_manager")
    )

    causes.confirm(breach, by=person, cause="busy", at=NOON + 3 * HOUR)

    breach.refresh_from_db()
    line = ClockEvent.objects.get(kind="explained")
    assert (breach.cause, breach.cause_by) == ("busy", person)
    assert (line.clock_id, line.at, line.data) == (
        breach.clock_id, NOON + 3 * HOUR, {"cause": "busy", "proposed": "nobody", "by": person.pk},
    )  # fmt: skip


def test_saying_the_same_again_adds_nothing(breach, sales):
    manager = make_member(sales, "sales_manager")

    for _ in range(2):
        causes.confirm(breach, by=manager, cause="nobody")

    assert ClockEvent.objects.filter(kind="explained").count() == 1


@pytest.mark.parametrize("cause", ["", "weather"])
def test_only_known_causes_are_confirmed(breach, sales, cause):
    with pytest.raises(Invalid):
        causes.confirm(breach, by=make_member(sales, "sales_manager"), cause=cause)


@pytest.mark.parametrize("role", ["operations", "read_only", "rep"])
def test_nobody_else_confirms(breach, sales, role):
    person = make_member(sales, "rep") if role == "rep" else make_person(role=role)

    with pytest.raises(NotAllowed):
        causes.confirm(breach, by=person, cause="busy")


def test_what_a_manager_said_is_not_proposed_over(breach, sales):
    causes.confirm(breach, by=make_member(sales, "sales_manager"), cause="busy")

    causes.propose_causes(list(Clock.objects.values_list("pk", flat=True)))

    assert Breach.objects.get().cause == "busy"


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_the_dialog_has_a_key_for_each_of_the_nine_causes(breach, sales):
    url = reverse("sla:breach-cause", args=[breach.public_id])

    page = signed_in(make_member(sales, "sales_manager")).get(url).content.decode()

    assert [f'data-key="{key}"' in page for key in range(1, 11)] == [True] * 9 + [False]


def test_the_list_stays_where_it_was_and_shows_what_was_said(breach, sales):
    url, manager = reverse("sla:breach-cause", args=[breach.public_id]), make_member(sales, "sales_manager")

    answer = signed_in(manager).post(url, {"cause": "nobody"}, headers={"HX-Request": "true"})

    page = answer.content.decode()
    assert (answer.status_code, f"confirmed by {manager}" in page) == (200, True)
    assert f'id="cause-{breach.public_id}"' in page


def test_a_rep_reads_causes_and_confirms_none(database_clock, breach, sales):
    database_clock.set(NOON + 3 * HOUR)
    rep, url = signed_in(make_member(sales, "rep")), reverse("sla:breach-cause", args=[breach.public_id])

    page = rep.get("/breaches/").content.decode()

    assert ("Nobody held it" in page, url in page) == (True, False)
    assert [rep.get(url).status_code, rep.post(url, {"cause": "busy"}).status_code] == [403, 403]


def test_on_a_phone_a_manager_reaches_the_causes_too(database_clock, breach, sales):
    database_clock.set(NOON + 3 * HOUR)
    manager, url = (
        signed_in(make_member(sales, "sales_manager")),
        reverse("sla:breach-cause", args=[breach.public_id]),
    )

    page = manager.get("/breaches/").content.decode()

    assert f'Nobody held it. <a class="link" href="{url}">Say why</a>' in page
