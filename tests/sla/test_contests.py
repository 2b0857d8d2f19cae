"""Marketing contests a rejection in time, a sales manager decides it, and both sides talk about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from common.models import Outbox
from common.refusals import Conflict, Invalid, NotAllowed
from leads.models import Handoff
from notifications.message import Dropped, Message
from notifications.recipients import message_for
from sla.engine.working_days import end_of_working_day
from sla.models import Contest, Remark
from sla.services import contests, threads
from tests.desk.world import HTMX
from tests.factories import (
    HOUR,
    NOON,
    make_calendar,
    make_handoff,
    make_lead,
    make_member,
    make_person,
    make_reason,
    make_team,
)
from tests.sla.hours import always, moment, office

# NOON is a Wednesday, so the fifth business day after it is the Wednesday after.
OVER = datetime(2026, 6, 11, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def sales():
    return make_team("Sales")


@pytest.fixture
def marketer(db):
    return make_member(make_team("Demand", function="demand", calendar=make_calendar()), "marketing")


@pytest.fixture
def manager(sales):
    return make_member(sales, "sales_manager")


@pytest.fixture
def rejected(sales) -> Handoff:
    reason = make_reason("reject", "too-small")
    return make_handoff("rejected", team=sales, reason=reason, lead=make_lead(stage="recycled"))


@pytest.fixture
def contest(rejected, marketer) -> Contest:
    return contests.ask(rejected, by=marketer, text="They have 1,300 people.", at=NOON + HOUR)


@pytest.mark.parametrize(
    ("calendar", "at", "end"),
    [
        (office(), "wed 12:00", "+thu 00:00"), (office(), "sat 12:00", "+sat 00:00"),
        (always(), "wed 12:00", "+tue 00:00"),
    ],
    ids=["over a weekend", "from a weekend", "in all hours"],
)  # fmt: skip
def test_five_working_days_end_with_the_fifth_on_which_the_calendar_opens(calendar, at, end):
    assert end_of_working_day(calendar, moment(at), 5) == moment(end)


def test_a_working_day_ends_at_midnight_of_its_own_zone():
    berlin = office(tz="Europe/Berlin")

    assert end_of_working_day(berlin, moment("2026-03-26 12:00"), 1) == moment("2026-03-27 23:00")


@pytest.mark.django_db
def test_marketing_contests_a_rejection(contest, rejected, marketer):
    assert (contest.handoff, contest.asked_by, contest.asked_at, contest.decision) == (
        rejected, marketer, NOON + HOUR, "",
    )  # fmt: skip


@pytest.mark.django_db
def test_the_last_moment_lies_at_the_end_of_the_fifth_business_day(rejected, marketer):
    with pytest.raises(Conflict, match="5 business days"):
        contests.ask(rejected, by=marketer, text="Late", at=OVER)

    assert contests.ask(rejected, by=marketer, text="In time", at=OVER - MICROSECOND).pk


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["offered", "accepted", "withdrawn"])
def test_only_a_rejection_is_contested(sales, marketer, status):
    with pytest.raises(Conflict, match="rejection"):
        contests.ask(make_handoff(status, team=sales), by=marketer, text="Why", at=NOON)


@pytest.mark.django_db
def test_a_rejection_is_contested_once(contest, rejected, marketer):
    with pytest.raises(Conflict) as refused:
        contests.ask(rejected, by=marketer, text="Again", at=NOON + HOUR)

    assert (refused.value.by, refused.value.at) == (marketer.name, NOON + HOUR)


@pytest.mark.django_db
def test_a_contest_needs_words(rejected, marketer):
    with pytest.raises(Invalid):
        contests.ask(rejected, by=marketer, text=" ", at=NOON)


@pytest.mark.django_db
def test_sales_contests_nothing(rejected, manager):
    with pytest.raises(NotAllowed):
        contests.ask(rejected, by=manager, text="Ours", at=NOON)


@pytest.mark.django_db
@pytest.mark.parametrize("decision", ["upheld", "reversed"])
def test_a_sales_manager_decides_once(contest, manager, decision):
    decided = contests.decide(contest, by=manager, decision=decision, at=NOON + 2 * HOUR)

    assert (decided.decision, decided.decided_by, decided.decided_at) == (decision, manager, NOON + 2 * HOUR)
    with pytest.raises(Conflict, match=f"You {decision} it already"):
        contests.decide(contest, by=manager, decision="upheld")


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["rep", "marketing_manager", "operations", "admin"])
def test_nobody_else_decides(contest, sales, role):
    demand = make_team("Content", function="content")
    of_team = {"rep": sales, "marketing_manager": demand}
    person = make_member(of_team[role], role) if role in of_team else make_person(role=role)

    with pytest.raises(NotAllowed):
        contests.decide(contest, by=person, decision="upheld")


@pytest.mark.django_db
def test_a_decision_is_one_of_two(contest, manager):
    with pytest.raises(Invalid):
        contests.decide(contest, by=manager, decision="perhaps")


@pytest.mark.django_db
def test_the_managers_are_told_of_it_and_who_asked_of_the_decision(contest, manager, marketer):
    asked = message_for(Outbox.objects.get(topic="contest.asked"))
    contests.decide(contest, by=manager, decision="reversed")

    decided = message_for(Outbox.objects.get(topic="contest.decided"))
    assert isinstance(asked, Message)
    assert isinstance(decided, Message)
    assert (asked.people, decided.people) == ((manager,), (marketer,))
    assert decided.text.startswith(f"{manager.name} reversed the rejection of")
    assert message_for(Outbox.objects.get(topic="contest.asked")) == Dropped()


@pytest.mark.django_db
def test_both_sides_talk_and_the_other_is_told(contest, manager, marketer):
    threads.say(contest, "Which register?", by=manager)
    threads.say(contest, "The one in Bergen.", by=marketer)

    told = [message_for(fact) for fact in Outbox.objects.filter(topic="remark.made").order_by("pk")]
    assert [message.people for message in told if message] == [(marketer,), (manager,)]
    assert list(Remark.objects.values_list("text", flat=True)) == ["Which register?", "The one in Bergen."]


@pytest.mark.django_db
def test_a_remark_is_about_one_thing(manager):
    with pytest.raises(IntegrityError, match="remark_has_one_subject"):
        Remark.objects.create(by=manager, at=NOON, text="About nothing")


@pytest.mark.django_db
def test_a_reader_says_nothing(contest):
    with pytest.raises(NotAllowed):
        threads.say(contest, "Hello", by=make_person(role="read_only"))


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.django_db
def test_marketing_contests_from_the_page_of_the_lead(database_clock, rejected, marketer):
    database_clock.set(NOON + HOUR)
    client, url = signed_in(marketer), reverse("sla:contest", args=[rejected.public_id])
    lead = client.get(reverse("desk:lead", args=[rejected.lead.public_id])).content.decode()

    client.post(url, {"text": "They have 1,300 people."})

    page = client.get(reverse("desk:lead", args=[rejected.lead.public_id])).content.decode()
    assert [url in page for page in (lead, page)] == [True, True]
    assert [f"{marketer} contested the rejection." in page for page in (lead, page)] == [False, True]


@pytest.mark.django_db
def test_a_second_click_contests_nothing_more_and_says_nothing_in_the_thread(
    database_clock, rejected, marketer
):
    database_clock.set(NOON + HOUR)
    client, url = signed_in(marketer), reverse("sla:contest", args=[rejected.public_id])

    answers = [client.post(url, {"text": "They have 1,300 people. "}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert (Contest.objects.count(), Remark.objects.count()) == (1, 0)


@pytest.mark.django_db
def test_when_the_time_is_over_nothing_offers_it(database_clock, rejected, marketer):
    database_clock.set(OVER)
    client, url = signed_in(marketer), reverse("sla:contest", args=[rejected.public_id])

    page = client.get(reverse("desk:lead", args=[rejected.lead.public_id])).content.decode()

    assert (url in page, client.get(url).status_code) == (False, 409)


@pytest.mark.django_db
def test_a_waiting_contest_stands_among_what_is_to_decide(database_clock, contest, manager):
    database_clock.set(contest.decide_by + HOUR)
    client, url = signed_in(manager), reverse("sla:contest", args=[contest.handoff.public_id])

    page = client.get("/breaches/?view=excuses").content.decode()

    assert (url in page, "Overdue" in page, "No breach here" in page) == (True, True, False)


@pytest.mark.django_db
def test_a_manager_says_why_and_decides_at_once(contest, manager):
    url = reverse("sla:contest", args=[contest.handoff.public_id])

    answer = signed_in(manager).post(url, {"decision": "reversed", "text": "You are right."})

    contest.refresh_from_db()
    assert (answer.status_code, contest.decision, contest.remarks.get().text) == (
        302, "reversed", "You are right.",
    )  # fmt: skip


@pytest.mark.django_db
def test_a_decision_that_comes_late_is_refused_and_says_nothing_in_the_thread(contest, sales, manager):
    contests.decide(contest, by=make_member(sales, "sales_manager", name="Dana"), decision="upheld")
    url = reverse("sla:contest", args=[contest.handoff.public_id])

    answer = signed_in(manager).post(url, {"decision": "reversed", "text": "You are right."}, **HTMX)

    contest.refresh_from_db()
    assert (answer.status_code, contest.decision, contest.remarks.count()) == (409, "upheld", 0)
    assert "Dana upheld it" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("sent", "status"), [({}, 422), ({"decision": "maybe"}, 422)])
def test_an_answer_that_says_nothing_comes_back(contest, manager, sent, status):
    url = reverse("sla:contest", args=[contest.handoff.public_id])

    assert signed_in(manager).post(url, sent).status_code == status
