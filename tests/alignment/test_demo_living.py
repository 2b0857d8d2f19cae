"""The demo after it was written: leads come by themselves, and colleagues answer."""

from __future__ import annotations

import random

import pytest

from alignment.demo import living, seeding, tasks
from leads.models import Handoff, Lead
from sla.models import Clock

pytestmark = pytest.mark.django_db


def test_whoever_comes_is_captured_and_offered_when_qualified():
    seeding.seed_today()
    before = Lead.objects.count()

    came = [living.lead_comes(random.Random(number)) for number in range(8)]

    assert Lead.objects.count() == before + 8
    offered = Handoff.objects.filter(lead__in=came, status="offered")
    assert offered.exists()
    assert (
        Clock.objects.filter(handoff__in=offered, kind="answer", status="running").count() == offered.count()
    )


def test_nobody_comes_any_more_when_enough_wait(monkeypatch: pytest.MonkeyPatch):
    seeding.seed_today()
    monkeypatch.setattr(living, "ENOUGH", 12)

    assert living.lead_comes(random.Random(1)) is None


def test_a_colleague_answers_and_leaves_lenas_offers_to_the_visitor():
    seeding.seed_today()
    hers = set(
        Handoff.objects.filter(holder__name="Lena Vogt", status="offered").values_list("pk", flat=True)
    )

    answered = [living.colleague_answers(random.Random(number)) for number in range(12)]

    assert any(answered)
    assert hers == set(
        Handoff.objects.filter(holder__name="Lena Vogt", status="offered", pk__in=hers).values_list(
            "pk", flat=True
        )
    )


def test_outside_the_demo_the_task_does_nothing(settings):
    seeding.seed_today()
    settings.DEMO = False
    before = Lead.objects.count()

    tasks.live_on()

    assert Lead.objects.count() == before


def test_in_the_demo_the_task_brings_one_lead(settings):
    seeding.seed_today()
    settings.DEMO = True
    before = Lead.objects.count()

    tasks.live_on()

    assert Lead.objects.count() == before + 1
