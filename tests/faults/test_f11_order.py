"""F11: wake-ups and facts in any order end in the same state (R6, R7, R14)."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from common import outbox
from common.database.moments import database_now
from common.models import Outbox
from leads.models import Handoff
from leads.services import handoffs
from notifications.models import Notice
from notifications.services import mail
from notifications.services.relay import _handle
from sla.services import clocks
from tests.faults.due import assert_each_missed_once, assert_each_told_once, make_due
from tests.faults.sizes import size
from tests.faults.sound import recover

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def tell_shuffled(chance: random.Random) -> None:
    facts = outbox.claim(200)
    chance.shuffle(facts)
    for fact in facts:
        _handle(fact)


def accept_one(clock: int) -> None:
    handoff = Handoff.objects.get(clocks=clock)
    handoffs.accept(handoff, by=handoff.holder)


@pytest.mark.parametrize("seed", range(size(3, 40)))
def test_in_any_order_every_miss_is_told_once_and_no_answer_is_missed(seed: int) -> None:
    chance, now = random.Random(seed), database_now()
    late, warned = make_due(10, now - timedelta(minutes=1)), make_due(10, now + timedelta(minutes=5))
    acts = [clocks.breach_overdue, clocks.warn_due, lambda: tell_shuffled(chance), mail.deliver] * 4
    acts += [lambda clock=clock: accept_one(clock) for clock in warned]
    chance.shuffle(acts)

    for act in acts:
        act()
    recover()

    assert_each_missed_once(late)
    assert_each_told_once()
    assert set(
        Notice.objects.filter(topic="clock.breached").values_list("outbox__subject", flat=True)
    ) == set(late)
    assert not Outbox.objects.filter(topic="clock.breached", subject__in=warned).exists()
