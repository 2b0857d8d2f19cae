"""A storm of messages comes as one mail, and any number of senders sends it once."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.models import Outbox
from leads.models import Handoff
from leads.services import handoffs
from notifications.models import Delivery, Notice
from notifications.services import choosing
from notifications.services.mail import deliver
from notifications.services.relay import relay
from sla.services import clocks
from tests.factories import (
    MINUTE,
    NOON,
    make_handoff,
    make_member,
    make_team,
)
from tests.notifications.told import DUE, agree, at, make_held
from tests.sla.makers import happens
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def storm(count: int) -> list[Handoff]:
    team = make_team()
    made = [make_handoff(team=team) for _ in range(count)]
    for handoff in made:
        happens("offered", handoff, NOON)
    Outbox.objects.all().delete()
    return made


def test_a_storm_of_two_hundred_is_one_mail_and_two_hundred_notices(noon):
    """R17: every miss is recorded, each notice kept and counted, one mail with one id."""
    agree()
    made = storm(200)
    dana = make_member(made[0].team, "sales_manager")

    at(noon, DUE + MINUTE)
    deliver()

    [letter] = mail.outbox
    assert letter.to == [dana.email]
    assert letter.subject.startswith("200 messages, the first: Answer is late")
    assert Notice.objects.filter(person=dana).count() == 200
    assert letter.extra_headers["Message-ID"] == Delivery.objects.get(state="sent").message_id
    assert Delivery.objects.filter(state="carried", sent_at__isnull=False).count() == 199
    assert all(handoff.lead.name in letter.body for handoff in made)


def test_after_a_storm_what_follows_waits_and_comes_as_one_again(noon):
    agree()
    made = storm(30)
    make_member(made[0].team, "sales_manager")
    at(noon, DUE + MINUTE)
    more = [make_handoff(team=made[0].team) for _ in range(25)]
    for handoff in more:
        happens("offered", handoff, NOON + 2 * MINUTE)
    Outbox.objects.filter(topic="handoff.offered").delete()

    at(noon, DUE + 3 * MINUTE)
    waiting = (len(mail.outbox), Delivery.objects.filter(state="waiting").count())
    at(noon, DUE + 6 * MINUTE + MINUTE / 60)

    assert (waiting, len(mail.outbox)) == ((1, 25), 2)
    assert mail.outbox[1].subject.startswith("25 messages")


def test_a_digest_leaves_out_what_was_answered_meanwhile(noon):
    agree()
    made = storm(25)
    rep = make_member(made[0].team)
    make_member(made[0].team, "sales_manager")
    noon.set(DUE + MINUTE)
    clocks.sweep()
    relay()
    for handoff in made[:5]:
        handoffs.accept(handoff, by=rep)

    deliver()

    letter = next(message for message in mail.outbox if message.to != [rep.email])
    assert (letter.subject[:11], made[0].lead.name in letter.body) == ("20 messages", False)
    assert Delivery.objects.filter(state="cancelled", why="answered").exists()


def test_a_digest_that_the_server_refuses_is_tried_again_with_its_id(noon, settings):
    """R14."""
    agree()
    made = storm(25)
    make_member(made[0].team, "sales_manager")
    settings.EMAIL_BACKEND = "tests.notifications.backends.Refusing"
    at(noon, DUE + MINUTE)
    before = Delivery.objects.get(attempts=1).message_id
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    at(noon, DUE + 2 * MINUTE)

    [letter] = mail.outbox
    assert (letter.extra_headers["Message-ID"], letter.subject[:11]) == (before, "25 messages")


def test_choosing_costs_the_same_for_two_messages_and_for_twenty(noon):
    agree()
    make_member(storm(2)[0].team, "sales_manager")
    make_member(storm(20)[0].team, "sales_manager")
    noon.set(DUE + MINUTE)
    clocks.sweep()
    relay()
    with CaptureQueriesContext(connection) as both:
        chosen = choosing.claim()

    assert (len(chosen), len(both) <= 2 * 14) == (22, True)


def test_one_sender_takes_no_more_than_it_sends_before_its_lease_ends(noon):
    """C13: mail that is still being sent must not be claimed by another."""
    agree()
    for _ in range(40):
        make_held()
    Outbox.objects.all().delete()
    noon.set(DUE + MINUTE)
    clocks.sweep()
    relay()

    first, second, third = len(choosing.claim()), len(choosing.claim()), len(choosing.claim())

    assert (first, second, third) == (30, 10, 0)


@pytest.mark.django_db(transaction=True)
def test_four_senders_at_once_send_everything_once(noon):
    """R14, R18."""
    agree()
    made = storm(60)
    make_member(made[0].team, "sales_manager")
    others = [make_held() for _ in range(5)]
    noon.set(DUE + MINUTE)
    clocks.sweep()
    relay()

    at_once([deliver] * 4)

    sent = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert len(sent) == len(set(sent)) == Delivery.objects.filter(state="sent").count()
    assert Delivery.objects.filter(state="carried").count() == 59
    assert len(others) == 5
