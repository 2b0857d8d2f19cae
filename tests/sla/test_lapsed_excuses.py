"""A miss excused by a corrected calendar stays excused only if it is answered by the right hours (rule 10)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from common.models import Outbox
from leads.models import Lead
from sla.models import Breach, Escalation, Excuse
from sla.queries.breaches import excused
from sla.services import clocks, excuses, invariants
from sla.services.recompute import work
from tests.factories import HOUR, MINUTE, NINE_TO_FIVE, make_calendar, make_person
from tests.sla.elsewhere import in_its_own_connection
from tests.sla.makers import clock_of, draft, promise, sign
from tests.sla.makers import happens as happens_to
from tests.sla.test_recompute import DAY, FRIDAY, HOLIDAY, correct, offered

pytestmark = pytest.mark.django_db
RIGHT_DUE = FRIDAY + 3 * DAY - HOUR  # Monday 11:00; by the wrong hours it was Friday 11:00
LADDER = [{"after": "1h", "do": "notify", "to": "sales_manager"}]


@pytest.fixture
def office():
    return make_calendar()


@pytest.fixture
def handoff(office, database_clock):
    """Missed on a forgotten holiday, found by the sweep, and excused at noon."""
    version = draft()
    promise(version, "answer", 3 * HOUR, calendar=office, ladder=LADDER)
    sign(version)
    handoff = offered(office)
    clocks.breach_overdue(FRIDAY)
    database_clock.set(FRIDAY)
    correct(office, HOLIDAY, make_person(role="operations"))
    work.work_off()
    return handoff


def forgiven():
    return excused(Breach.objects.all()).exists()


def answered(handoff, at):
    happens_to("accepted", handoff, at, person=handoff.holder_id)


def test_until_the_right_due_moment_it_stays_excused(handoff, database_clock):
    database_clock.set(RIGHT_DUE)

    clocks.sweep()

    assert (forgiven(), Excuse.objects.get().lapses_at, Escalation.objects.count()) == (True, RIGHT_DUE, 0)


def test_unanswered_by_then_it_counts_and_its_ladder_goes_on_from_there(handoff, database_clock):
    database_clock.set(RIGHT_DUE + MINUTE)
    clocks.sweep()

    excuse, line = Excuse.objects.get(), clock_of(handoff, "answer").log.latest("pk")
    assert (forgiven(), excuse.decision, excuse.decided_at) == (False, "lapsed", RIGHT_DUE)
    assert (line.kind, line.at, line.data) == ("lapsed", RIGHT_DUE, {"excuse": excuse.pk})
    assert Escalation.objects.count() == 0

    clocks.climb(RIGHT_DUE + HOUR)

    assert Escalation.objects.get().at == RIGHT_DUE + HOUR
    assert Breach.objects.get().at == FRIDAY - HOUR, "a breach is dated when it was due"
    assert (clocks.replay().differs, invariants.broken()) == (0, {})


@pytest.mark.parametrize(
    ("late", "decision"), [(timedelta(), "granted"), (timedelta(microseconds=1), "lapsed")]
)
def test_an_answer_decides_by_the_right_due_moment(handoff, late, decision):
    """C19 for the right hours: at the moment itself is in time. The ladder of an answered clock has ended."""
    answered(handoff, RIGHT_DUE + late)

    ended = clocks.lapse_excuses(RIGHT_DUE + DAY)

    assert (ended, Excuse.objects.get().decision, Breach.objects.get().rung_at) == (1, decision, None)
    assert clocks.lapse_excuses(RIGHT_DUE + DAY) == 0, "it is settled once"
    assert (forgiven(), clocks.replay().differs) == (decision == "granted", 0)


def test_what_was_answered_before_the_correction_is_excused_for_good(office, database_clock):
    handoff = offered(office)
    clocks.breach_overdue(FRIDAY)
    answered(handoff, FRIDAY)
    database_clock.set(FRIDAY + HOUR)

    correct(office, HOLIDAY, make_person(role="operations"))
    work.work_off()

    assert (Excuse.objects.get().decision, Excuse.objects.get().lapses_at) == ("granted", None)


def test_another_correction_puts_the_moment_off(handoff, office, database_clock):
    longer = {"tz": "UTC", "hours": NINE_TO_FIVE, "holidays": ["2026-06-05", "2026-06-08"]}
    correct(office, longer, make_person(role="operations"))
    work.work_off()

    assert Excuse.objects.get().lapses_at == RIGHT_DUE + DAY
    assert (clocks.lapse_excuses(RIGHT_DUE + HOUR), forgiven()) == (0, True)


def test_it_is_told_once_however_it_was_missed(office, database_clock):
    """One the sweep found and told, before it was excused; the other the correction found, and told nobody."""
    both = [offered(office), offered(office)]
    clocks.breach_overdue(FRIDAY, limit=1)
    database_clock.set(FRIDAY)
    correct(office, HOLIDAY, make_person(role="operations"))
    work.work_off()
    told = Outbox.objects.filter(topic="clock.breached").order_by("subject").values_list("subject", flat=True)
    before = len(told)

    clocks.lapse_excuses(RIGHT_DUE + HOUR)

    assert (before, list(told.all())) == (1, sorted(clock_of(one, "answer").pk for one in both))
    assert invariants.broken() == {}


def test_the_page_says_that_it_was_granted_and_lapsed_and_by_nobody(client, handoff):
    clocks.lapse_excuses(RIGHT_DUE + HOUR)
    client.force_login(handoff.holder)

    page = client.get(reverse("sla:breach-excuse", args=[Breach.objects.get().public_id])).content.decode()

    assert "<dd>Baton, for sales, " in page
    assert "<dd>Granted, lapsed " in page


def test_what_lapsed_may_be_asked_for_again(handoff):
    clocks.lapse_excuses(RIGHT_DUE + HOUR)

    excuses.ask(Breach.objects.get(), by=handoff.holder, reason="Ill", at=RIGHT_DUE + 2 * HOUR)

    assert sorted(Excuse.objects.values_list("decision", flat=True)) == ["", "lapsed"]


@pytest.mark.django_db(transaction=True)
def test_a_lead_that_somebody_works_on_is_settled_later(handoff):
    """The time of its answer may have been read before the moment passed."""
    with transaction.atomic():
        Lead.objects.select_for_update().get(pk=handoff.lead_id)
        with ThreadPoolExecutor(1) as thread:
            thread.submit(in_its_own_connection, clocks.lapse_excuses, RIGHT_DUE + HOUR).result()
        waits = Excuse.objects.get().decision

    assert (waits, clocks.lapse_excuses(RIGHT_DUE + HOUR)) == ("granted", 1)
