"""The relay and the mail: who is told, once, and not any more when it no longer holds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.services import people
from common import outbox
from common.models import Outbox
from leads.models import Handoff
from leads.services import handoffs, leads
from notifications.models import Delivery, Notice
from notifications.services.mail import deliver
from notifications.services.relay import relay
from tests.clock import DatabaseClock
from tests.factories import (
    HOUR,
    MINUTE,
    NOON,
    make_lead,
    make_marketer,
    make_member,
    make_offer,
    make_person,
    make_reason,
    make_team,
)
from tests.notifications.backends import Watching

pytestmark = pytest.mark.django_db


def poison(fact: Outbox) -> Outbox:
    """A payload that no code of ours writes."""
    fact.payload = ["not", "an", "object"]
    fact.save(update_fields=["payload"])
    return fact


def told() -> list[tuple[str, str]]:
    return sorted(Notice.objects.values_list("person__name", "text"))


def test_an_offer_to_a_person_tells_that_person_in_the_app_and_by_mail() -> None:
    team = make_team()
    rep = make_member(team, name="Lena Vogt")
    handoff = make_offer(team, rep)

    relay()
    deliver()

    assert told() == [("Lena Vogt", f"New lead to answer: {handoff.lead.name}")]
    assert [(message.to, message.subject) for message in mail.outbox] == [
        ([rep.email], f"New lead to answer: {handoff.lead.name}")
    ]
    assert str(handoff.lead.public_id) in mail.outbox[0].body


def test_an_offer_to_the_pool_tells_every_rep_of_the_team() -> None:
    team = make_team()
    reps = {make_member(team).name for _ in range(3)}
    make_member(make_team())
    make_offer(team)

    relay()

    assert {name for name, _ in told()} == reps


def test_relaying_twice_tells_nobody_twice() -> None:
    make_offer(team := make_team(), make_member(team))
    relay()
    Outbox.objects.update(done_at=None, claimed_until=None)  # as after a crash between delivery and commit

    relay()

    assert Notice.objects.count() == Delivery.objects.count() == 1


def test_what_was_answered_meanwhile_is_cancelled_before_it_is_told() -> None:
    """C09, R7."""
    team = make_team()
    rep = make_member(team)
    handoff = make_offer(team, rep)
    handoffs.accept(handoff, by=rep, at=NOON + MINUTE)

    relay()

    assert not Notice.objects.filter(topic="handoff.offered").exists()
    assert Outbox.objects.get(topic="handoff.offered").outcome == "cancelled: no longer so"


def test_mail_that_waited_is_cancelled_once_it_no_longer_holds() -> None:
    team = make_team()
    rep = make_member(team)
    handoff = make_offer(team, rep)
    relay()
    handoffs.accept(handoff, by=rep, at=NOON + MINUTE)

    deliver()

    assert mail.outbox == []
    assert Delivery.objects.get().state == "cancelled"


def test_marketing_hears_what_sales_answered_but_not_from_itself() -> None:
    team = make_team()
    rep = make_member(team, name="Tom Okafor")
    handoff = make_offer(team, rep)
    handoffs.accept(handoff, by=rep, at=NOON + MINUTE)

    relay()

    notice = Notice.objects.get(topic="handoff.answered")
    assert notice.text == f"Tom Okafor accepted {handoff.lead.name}"
    assert notice.person.memberships.get().role == "marketing"


def test_marketing_reads_why_a_lead_was_rejected() -> None:
    team = make_team()
    rep = make_member(team, name="Tom Okafor")
    reason = make_reason("reject", "data-missing", next_step="fix")
    handoff = make_offer(team, rep)
    handoffs.reject(handoff, by=rep, reason=reason.key, at=NOON + MINUTE)

    relay()

    notice = Notice.objects.get(topic="handoff.answered")
    assert notice.text == f"Tom Okafor rejected {handoff.lead.name}: Data missing"


def test_a_mention_tells_the_person_named_and_not_the_author() -> None:
    dana = make_person(email="dana@northwater.example")
    leads.comment(make_lead(), "@dana@northwater.example, look", by=make_marketer(), at=NOON)

    relay()

    assert [notice.person for notice in Notice.objects.all()] == [dana]


def test_people_who_left_are_told_nothing() -> None:
    team = make_team()
    rep = make_member(team)
    make_offer(team, rep)
    rep.is_active = False
    rep.save(update_fields=["is_active"])

    relay()

    assert not Notice.objects.exists()


def test_a_poisoned_fact_is_parked_after_three_tries_and_the_rest_goes_on() -> None:
    """R20, F31."""
    make_offer(team := make_team(), make_member(team))
    bad = poison(Outbox.objects.get())
    make_offer(team, make_member(team))
    outcomes = []

    for _ in range(3):
        relay()
        Outbox.objects.filter(done_at=None).update(claimed_until=None)
        bad.refresh_from_db()
        outcomes.append(bad.outcome)

    assert outcomes == ["", "", "parked: AttributeError"]
    assert Notice.objects.count() == 1


def test_mail_about_a_poisoned_fact_fails_in_words_and_the_rest_goes_on() -> None:
    """R20."""
    make_offer(team := make_team(), make_member(team))
    bad = Outbox.objects.get()
    make_offer(team, make_member(team))
    relay()
    poison(bad)

    for _ in range(5):
        deliver()
        Delivery.objects.update(next_at=NOON)

    states = Delivery.objects.order_by("notice__outbox").values_list("state", "why")
    assert list(states) == [("failed", "AttributeError"), ("sent", "")]


def test_mail_that_killed_every_sender_is_given_up() -> None:
    """C13: the attempt is counted before it is made."""
    make_offer(team := make_team(), make_member(team))
    relay()
    Delivery.objects.update(attempts=5)

    deliver()

    assert Delivery.objects.values_list("state", "why").get() == ("failed", "no sender came back")
    assert mail.outbox == []


def test_an_unknown_topic_is_parked_after_three_tries() -> None:
    """F31: a newer release may know it."""
    outbox.leave("nobody.knows", 1, at=NOON)

    for _ in range(3):
        relay()
        Outbox.objects.update(claimed_until=None)

    assert Outbox.objects.get().outcome == "parked: KeyError"


def test_a_failing_mail_server_is_tried_again_later_with_the_same_id(settings) -> None:
    make_offer(team := make_team(), make_member(team))
    relay()
    settings.EMAIL_BACKEND = "tests.notifications.backends.Refusing"
    before = Delivery.objects.get().message_id

    deliver()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Delivery.objects.update(next_at=NOON)
    deliver()

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.message_id) == ("sent", 2, before)
    assert mail.outbox[0].extra_headers["Message-ID"] == before


def invite(database_clock: DatabaseClock) -> Outbox:
    database_clock.set(NOON)
    people.invite("ines@northwater.example", "Ines Roth", by=make_person(role="admin"))
    return Outbox.objects.get(topic="person.invited")


def test_an_invitation_outlasts_a_mail_server_that_is_down_for_an_hour(settings, database_clock) -> None:
    """F28."""
    fact = invite(database_clock)
    settings.EMAIL_BACKEND = "tests.notifications.backends.Refusing"
    for _ in range(6):
        relay()
        database_clock.advance(10 * MINUTE)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    database_clock.advance(HOUR)
    relay()

    fact.refresh_from_db()
    assert (fact.outcome, [message.to for message in mail.outbox]) == ("sent", [["ines@northwater.example"]])


def test_an_invitation_that_never_gets_through_is_parked_in_words(settings, database_clock) -> None:
    fact = invite(database_clock)
    settings.EMAIL_BACKEND = "tests.notifications.backends.Refusing"

    for _ in range(5):
        relay()
        database_clock.advance(2 * HOUR)

    fact.refresh_from_db()
    assert (fact.attempts, fact.outcome) == (5, "parked: ConnectionRefusedError")


@pytest.mark.django_db(transaction=True)
def test_no_transaction_waits_for_the_mail_server(settings, database_clock) -> None:
    """F28: a connection that hangs must not keep rows locked."""
    fact = invite(database_clock)
    settings.EMAIL_BACKEND = "tests.notifications.backends.Watching"

    relay()

    fact.refresh_from_db()
    assert (fact.outcome, Watching.in_transaction) == ("sent", [False])


def test_one_notice_per_person_and_fact_is_a_constraint() -> None:
    make_offer(team := make_team(), make_member(team))
    relay()
    notice = Notice.objects.get()

    with pytest.raises(IntegrityError, match="one_notice_per_person_and_fact"), transaction.atomic():
        Notice.objects.create(person=notice.person, outbox=notice.outbox, topic="x", text="x", at=NOON)


def test_another_relay_skips_what_one_has_claimed_and_gets_it_when_that_one_died(database_clock) -> None:
    """F-08: claimed by status, never by a cursor."""
    database_clock.set(NOON)
    make_offer(team := make_team(), make_member(team))
    outbox.claim()

    assert relay() == 0
    database_clock.advance(2 * MINUTE)
    assert relay() == 1


def test_notices_of_others_cannot_be_opened(client) -> None:
    make_offer(team := make_team(), make_member(team))
    relay()
    client.force_login(make_member(team))

    answer = client.post(f"/notices/{Notice.objects.get().public_id}/open/")

    assert answer.status_code == 404
    assert Notice.objects.get().seen_at is None


def test_three_notices_cost_as_many_queries_as_one(client: Client) -> None:
    rep = make_member(team := make_team())
    client.force_login(rep)
    counts = []

    for offers in (1, 2):
        for _ in range(offers):
            make_offer(team, rep)
        relay()
        with CaptureQueriesContext(connection) as asked:
            answer = client.get("/notices/")
        counts.append((len(answer.context["notices"]), len(asked)))

    (one, cost), (three, cost_of_three) = counts
    assert (one, three, cost_of_three) == (1, 3, cost)


def test_offers_older_than_an_hour_are_still_told_while_they_wait() -> None:
    make_offer(team := make_team(), make_member(team), at=NOON - HOUR - timedelta(days=1))

    relay()

    assert Notice.objects.count() == 1
    assert Handoff.objects.get().status == "offered"


def test_both_managers_read_once_how_a_period_ended() -> None:
    make_member(make_team(function="demand"), "marketing_manager", name="Elise Moreau")
    make_member(team := make_team(), "sales_manager", name="Dana Whitfield")
    make_member(team, name="Lena Vogt")
    payload = {"name": "Volume", "kind": "volume", "period": "October 2026", "verdict": "kept", "figure": "391",
               "promised": "220"}  # fmt: skip
    outbox.leave("promise.judged", 1, at=NOON, payload=payload)

    relay()

    words = "Volume in October 2026: kept, 391 of 220 promised"
    assert told() == [("Dana Whitfield", words), ("Elise Moreau", words)]
