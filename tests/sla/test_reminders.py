"""What waits longer than was agreed is reminded of in its rhythm, once for each number, until it is done."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError

from common.models import Outbox
from definitions.services import versions
from notifications.message import Dropped
from notifications.models import Delivery
from notifications.recipients import message_for
from notifications.services.mail import deliver
from notifications.services.relay import relay
from sla.engine.reminding import Rhythm
from sla.models import Breach, Contest, Excuse, Reminder
from sla.services import clocks, contests, contract_talk, contracts, excuses, reminders
from tests.factories import (
    HOUR,
    NOON,
    make_calendar,
    make_definition,
    make_handoff,
    make_member,
    make_team,
)
from tests.sla.makers import draft, happens, make_contract, promise, sign
from tests.threads import at_once

pytestmark = pytest.mark.django_db
DAY, WEEK = timedelta(days=1), timedelta(days=7)
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def marketer(db):
    demand = make_team("Demand", function="demand", calendar=make_calendar())
    return make_member(demand, "marketing_manager")


@pytest.fixture
def seller(db):
    return make_member(make_team("Sales"), "sales_manager")


@pytest.fixture
def excuse(seller) -> Excuse:
    make_contract(answer=HOUR)
    handoff = make_handoff(team=seller.memberships.get().team)
    happens("offered", handoff, NOON)
    clocks.breach_overdue(NOON + 2 * HOUR)
    return excuses.ask(Breach.objects.get(), by=seller, reason="Sudden illness", at=NOON)


@pytest.fixture
def contest(seller) -> Contest:
    handoff = make_handoff("rejected", team=seller.memberships.get().team)
    asks = make_member(make_team("Content", function="content"), "marketing")
    return Contest.objects.create(handoff=handoff, asked_by=asks, asked_at=NOON, text="They fit.")


def facts(about: str) -> list[Outbox]:
    return list(Outbox.objects.filter(topic=f"reminder.{about}").order_by("pk"))


@pytest.mark.parametrize(
    ("waited", "number"),
    [(2 * DAY - MICROSECOND, None), (2 * DAY, 1), (9 * DAY - MICROSECOND, 1), (9 * DAY, 2), (16 * DAY - MICROSECOND, 2),
     (16 * DAY, None)],
)  # fmt: skip
def test_the_first_comes_in_time_then_one_a_week_and_then_no_more(waited, number):
    assert Rhythm(first=2 * DAY, most=2).number(NOON, NOON + waited) == number


def test_a_decision_is_reminded_of_when_its_time_is_over_and_once(excuse, marketer):
    over = excuse.decide_by

    left = [reminders.remind(at) for at in (over - MICROSECOND, over, over + DAY, over + WEEK, over + WEEK)]

    assert left == [0, 1, 0, 1, 0]
    assert [message_for(fact).people for fact in facts("excuse")] == [(marketer,)] * 2


def test_many_reminders_at_once_are_one_mail(contest, seller, database_clock):
    """R17."""
    database_clock.set(NOON + WEEK)
    for _ in range(24):
        handoff = make_handoff("rejected", team=seller.memberships.get().team)
        Contest.objects.create(handoff=handoff, asked_by=contest.asked_by, asked_at=NOON)
    seller.memberships.update(calendar=make_calendar())

    reminders.remind()
    relay()
    deliver()

    assert (len(mail.outbox), mail.outbox[0].to) == (1, [seller.email])


def test_what_was_slept_through_is_not_made_up_for(excuse):
    assert reminders.remind(excuse.decide_by + 2 * WEEK) == 1
    assert Reminder.objects.get().number == 3


def test_nobody_is_reminded_of_what_is_decided(excuse, contest, marketer, seller):
    reminders.remind(excuse.decide_by + DAY)
    excuses.decide(excuse, by=marketer, decision="granted")
    contests.decide(contest, by=seller, decision="upheld")

    assert [message_for(fact) for fact in (*facts("excuse"), *facts("contest"))] == [Dropped(), Dropped()]
    assert reminders.remind(excuse.decide_by + WEEK) == 0


def test_mail_that_waits_goes_when_it_is_decided_meanwhile(excuse, marketer, database_clock):
    """R7."""
    database_clock.set(excuse.decide_by)
    reminders.remind(excuse.decide_by)
    relay()
    excuses.decide(excuse, by=marketer, decision="refused")
    deliver()

    waited = Delivery.objects.filter(notice__topic="reminder.excuse")
    assert list(waited.values_list("state", "why")) == [("cancelled", "no longer so")]


def test_a_sales_manager_is_reminded_of_a_contest(contest, seller):
    reminders.remind(NOON + WEEK)

    assert [message_for(fact).people for fact in facts("contest")] == [(seller,)]


def test_the_side_that_has_not_signed_is_reminded_of_a_contract(marketer, seller):
    make_contract(answer=HOUR)
    version = contracts.propose(contracts.draft(by=seller, at=NOON), by=seller, at=NOON)
    contracts.sign(version, by=seller, at=NOON)

    left = [reminders.remind(NOON + 2 * DAY - MICROSECOND), reminders.remind(NOON + 2 * DAY)]

    assert (left, [message_for(fact).people for fact in facts("contract")]) == ([0, 1], [(marketer,)])


def test_a_contract_that_was_sent_back_and_proposed_anew_begins_anew(marketer, seller):
    make_contract(answer=HOUR)
    version = contracts.propose(contracts.draft(by=seller, at=NOON), by=seller, at=NOON)
    reminders.remind(NOON + 2 * DAY)
    contract_talk.send_back(version, by=marketer, text="Why?", at=NOON + 3 * DAY)
    contracts.propose(version, by=seller, at=NOON + 3 * DAY)

    left = [reminders.remind(NOON + 4 * DAY), reminders.remind(NOON + 5 * DAY)]

    old, new = facts("contract")
    assert (left, message_for(old)) == ([0, 1], Dropped())
    assert set(message_for(new).people) == {marketer, seller}


def test_both_sides_are_reminded_of_a_definition(marketer, seller):
    version = make_definition(status="draft", effective_from=None)
    versions.propose(version, by=seller, at=NOON)
    versions.sign(version, by=marketer, at=NOON)

    left = [reminders.remind(NOON + 2 * DAY - MICROSECOND), reminders.remind(NOON + 2 * DAY)]

    assert (left, [message_for(fact).people for fact in facts("definition")]) == ([0, 1], [(seller,)])


def reviewed_on(day: date) -> None:
    version = draft(review_on=None)
    version.review_on = day
    version.save(update_fields=["review_on"])
    promise(version, "answer", HOUR)
    sign(version)


def test_a_review_is_told_of_once_on_its_day(marketer, seller):
    reviewed_on(NOON.date())
    midnight = NOON.replace(hour=0)

    left = [reminders.remind(at) for at in (midnight - MICROSECOND, midnight, NOON, NOON + WEEK)]

    assert left == [0, 1, 0, 0]
    assert set(message_for(facts("review")[0]).people) == {marketer, seller}


def test_a_newer_proposal_is_the_review(marketer, seller):
    reviewed_on(NOON.date())
    reminders.remind(NOON)
    contracts.propose(contracts.draft(by=seller), by=seller)

    assert [message_for(fact) for fact in facts("review")] == [Dropped()]


def test_a_reminder_waits_for_the_hours_of_the_person(contest, seller, database_clock):
    office = make_calendar()  # Monday to Friday, nine to five
    seller.memberships.update(calendar=office)
    for at in (NOON + WEEK + 6 * HOUR, NOON + WEEK + 21 * HOUR):
        database_clock.set(at)
        reminders.remind()
        relay()
        deliver()

    sent = Delivery.objects.get(notice__topic="reminder.contest")
    assert (sent.sent_at, len(mail.outbox)) == (NOON + WEEK + 21 * HOUR, 1)


def test_the_database_keeps_one_reminder_for_each_number(excuse):
    reminders.remind(excuse.decide_by)

    with pytest.raises(IntegrityError, match="one_reminder_per_number"):
        Reminder.objects.create(about="excuse", subject=excuse.pk, number=1, at=NOON)


@pytest.mark.django_db(transaction=True)
def test_four_at_once_remind_once(excuse, marketer):
    """R18."""
    results = at_once([lambda: reminders.remind(excuse.decide_by)] * 4)

    assert sorted(results) == [0, 0, 0, 1]
    assert Reminder.objects.count() == len(facts("excuse")) == 1


@pytest.mark.parametrize("more", [0, 2], ids=["one", "three"])
def test_looking_costs_the_same_for_one_and_for_many(contest, more, django_assert_num_queries):
    for _ in range(more):
        Contest.objects.create(handoff=make_handoff("rejected"), asked_by=contest.asked_by, asked_at=NOON)

    with django_assert_num_queries(11):
        assert reminders.remind(NOON + WEEK) == 1 + more
