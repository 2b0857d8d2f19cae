"""Periods are judged once when they are over, stay as they were published, and are restated beside it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Thread

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.utils import InternalError, OperationalError

from common.models import Outbox
from dashboards.models import PeriodResult, Restatement
from dashboards.services.closing import close_periods
from dashboards.services.restating import restate
from leads.models import AttributeChange, Handoff, Lead, LeadEvent
from sla.models import Commitment, Contest
from tests.dashboards.worlds import (
    JUNE,
    MIDDAY,
    ask,
    june,
    make_commitment,
    make_contract,
    make_cycle,
    make_deal,
    make_organisation,
    sign,
)
from tests.factories import make_person, make_reason, make_team
from tests.threads import at_once

pytestmark = pytest.mark.django_db
MAY = datetime(2026, 5, 1, tzinfo=UTC)
JULY = datetime(2026, 7, 1, tzinfo=UTC)
DEFINITION = {"counting_rules": {"bases": ["definition"]}}
FIRST_DAY = timedelta(hours=9)


def promise(kind, *, version=None, since=MAY, period="month", segment=None, **fields) -> Commitment:
    """One period promise in a signed contract in force since May."""
    version = version or make_contract(since=since, **DEFINITION)
    fields = {"goal": None, "target": None, "segment": segment or {"all": []}} | fields
    commitment = make_commitment(
        kind, fields.pop("side", "marketing"), version=version, period=period, **fields
    )
    sign(version)
    return commitment


def result(period="2026-06", **match) -> PeriodResult:
    return PeriodResult.objects.get(period=period, **match)


@pytest.fixture(autouse=True)
def july(database_clock):
    """The morning after June, which is over in every zone used here."""
    return database_clock.set(JULY + FIRST_DAY)


def test_a_month_that_is_over_is_judged_and_told_once():
    promise("volume", amount=3, name="Volume")
    for _ in range(3):
        make_cycle()

    assert (close_periods(), close_periods()) == (2, 0)

    found = result()
    assert (found.numerator, found.promised, found.verdict) == (3, 3, "kept")
    assert result("2026-05").verdict == "missed"
    told = Outbox.objects.filter(topic="promise.judged", subject=found.pk).get()
    assert told.payload == {
        "name": "Volume", "kind": "volume", "period": "June 2026", "verdict": "kept", "figure": "3",
        "promised": "3",
    }  # fmt: skip


def test_the_last_moment_of_the_month_in_the_reporting_zone_belongs_to_it():
    """A29: midnight of 1 July in Berlin is 22:00 UTC the day before."""
    make_organisation("Europe/Berlin")
    promise("volume", amount=1)
    inside = datetime(2026, 6, 30, 21, 59, 59, 999999, tzinfo=UTC)
    for at in (inside, inside + timedelta(microseconds=1), datetime(2026, 5, 31, 22, tzinfo=UTC)):
        make_cycle(offered_at=at)

    close_periods()

    assert result().numerator == 2
    assert result().time_zone == "Europe/Berlin"


def test_a_month_is_not_judged_before_its_last_midnight_in_the_zone(database_clock):
    make_organisation("America/Los_Angeles")
    promise("volume", amount=1, since=datetime(2026, 6, 1, 7, tzinfo=UTC))
    database_clock.set(JULY + timedelta(hours=6, minutes=59))
    assert close_periods() == 0

    database_clock.set(JULY + timedelta(hours=7))
    assert close_periods() == 1


def test_one_lead_offered_twice_is_one_and_uncounted_bases_are_none():
    promise("volume", amount=2)
    again = make_cycle("recycled", offered_at=june(4))
    make_cycle(lead=again.lead, cycle=2, offered_at=june(8))
    uncounted = make_cycle()
    uncounted.basis = "list"
    uncounted.save()

    close_periods()

    assert (result().numerator, result().verdict) == (1, "missed")


@pytest.mark.parametrize(
    ("segment", "count"),
    [
        ({"fact": "lead.source", "op": "eq", "value": "webinar"}, 2),
        ({"fact": "handoff.grade", "op": "eq", "value": "A"}, 1),
        ({"fact": "lead.nothing", "op": "exists"}, 0),
    ],
)
def test_only_leads_of_the_segment_count(segment, count):
    promise("volume", amount=2, segment=segment)
    for source, grade in (("webinar", "A"), ("webinar", "B"), ("content", "C")):
        cycle = make_cycle()
        cycle.lead.source, cycle.qualification.grade = source, grade
        cycle.lead.save()
        cycle.qualification.save()

    close_periods()

    assert result().numerator == count


def decided(accepted, rejected, reason="", at=MIDDAY):
    for _ in range(accepted):
        make_cycle("accepted", offered_at=at, answered=at)
    rows = [make_cycle("rejected", offered_at=at, answered=at) for _ in range(rejected)]
    for row in rows:
        row.reason = make_reason("reject", counts_against=reason) if reason else None
        row.save()
    return rows


def test_quality_is_judged_net_and_kept_gross_beside_it():
    """12 of 20 accepted, 4 rejections against nobody: 60 per cent gross, 75 net."""
    promise("quality", goal=Decimal("0.75"))
    decided(12, 4, "marketing")
    decided(0, 4, "nobody", june(4))

    close_periods()

    found = result().measured
    assert (found.gross.value, found.net.value, result().verdict) == (0.6, 0.75, "kept")


def test_conversion_says_how_many_could_still_become_one():
    promise("conversion", goal=Decimal("0.5"), side="sales")
    decided(8, 3)
    for closed in (False, True):
        make_cycle(
            "recycled" if closed else "accepted", answered=june(4), closed_at=june(20) if closed else None
        )
    for _ in range(5):
        make_cycle("qualified", answered=june(4), qualified_at=june(5))

    close_periods()

    found = result().measured
    assert (found.net.numerator, found.net.denominator, found.young) == (5, 15, 9)
    assert result().verdict == "missed"


def test_completeness_is_judged_by_the_fields_of_its_own_version():
    promise(
        "completeness", goal=Decimal("0.9"), version=make_contract(since=MAY, agreed_fields=["lead.phone"])
    )
    decided(10, 0)

    close_periods()

    assert (result().net_numerator, result().verdict) == (0, "missed")


def test_pipeline_adds_up_sourced_deals_of_the_currency():
    promise("pipeline", amount=300)
    make_deal("open", amount=200, opened_at=june(4))
    make_deal("won", amount=150, opened_at=june(5))
    make_deal("open", amount=999, opened_at=june(5), currency="EUR")
    make_deal("open", amount=999, opened_at=JULY)

    close_periods()

    assert (result().numerator, result().verdict, result().currency) == (350, "kept", "USD")


def test_a_period_is_judged_by_the_wording_it_began_under():
    """An amendment in the middle of June counts from July on; a first contract from its first whole month."""
    first = make_contract(since=datetime(2026, 4, 20, tzinfo=UTC), **DEFINITION)
    second = make_contract(number=2, since=june(10), **DEFINITION)
    old = make_commitment(
        "volume", "marketing", version=first, target=None, goal=None, amount=1, period="month"
    )
    first.effective_until = june(10)
    first.save()
    sign(first)
    promise("volume", version=second, amount=99)
    make_cycle()

    close_periods()

    assert list(PeriodResult.objects.values_list("period", "commitment")) == [
        ("2026-05", old.pk),
        ("2026-06", old.pk),
    ]


def test_a_quarter_is_judged_at_its_end():
    promise("volume", amount=1, period="quarter", since=datetime(2026, 4, 1, tzinfo=UTC))
    make_cycle(offered_at=MAY)

    assert close_periods() == 1
    assert result("2026-Q2").verdict == "kept"


def test_a_published_result_cannot_be_changed_or_deleted():
    promise("volume", amount=1)
    close_periods()

    for act in (lambda: PeriodResult.objects.update(verdict="kept"), PeriodResult.objects.all().delete):
        with pytest.raises((DatabaseError, InternalError), match="frozen"), transaction.atomic():
            act()


def test_a_reversed_contest_is_restated_beside_the_frozen_result(database_clock):
    """15 of 21 accepted; the reversed rejection leaves 15 of 20."""
    promise("quality", goal=Decimal("0.75"))
    lost, *_ = decided(15, 6, "marketing")
    close_periods()
    Contest.objects.create(
        handoff=lost, asked_by=make_person(), asked_at=june(4), decision="reversed",
        decided_at=JULY + timedelta(days=1),
    )  # fmt: skip
    database_clock.set(JULY + timedelta(days=2))

    assert (restate(), restate()) == (1, 0)

    frozen, now = result(), Restatement.objects.get()
    assert (frozen.net_denominator, frozen.verdict) == (21, "missed")
    assert (now.net_denominator, now.verdict, now.why) == (20, "kept", "1 contest reversed")


def test_what_is_brought_in_late_is_restated_with_how_much(database_clock):
    promise("volume", amount=1)
    close_periods()
    late = make_cycle()
    now = database_clock.set(JULY + timedelta(days=1))
    LeadEvent.objects.create(
        lead=late.lead, handoff=late, kind="offered", at=late.offered_at, recorded_at=now - timedelta(hours=1)
    )

    restate()

    found = Restatement.objects.get()
    assert (found.numerator, found.verdict, found.why) == (1, "kept", "1 lead brought in or answered late")


def test_an_edit_after_the_offer_does_not_restate(database_clock):
    promise("volume", amount=1, segment={"fact": "lead.source", "op": "eq", "value": "webinar"})
    lead = make_cycle().lead
    for source, at in (("webinar", june(1)), ("event", JULY + timedelta(days=1))):
        AttributeChange.objects.create(lead=lead, fact="lead.source", value=source, at=at)
    Lead.objects.filter(pk=lead.pk).update(source="webinar", source_key="webinar")
    close_periods()
    Lead.objects.filter(pk=lead.pk).update(source="event", source_key="event")
    database_clock.set(JULY + timedelta(days=2))

    assert (result().numerator, restate()) == (1, 0)


def test_another_team_after_the_offer_does_not_restate(database_clock):
    row = make_cycle()
    promise("volume", amount=1, segment={"fact": "handoff.team", "op": "eq", "value": row.team.name})
    close_periods()
    Handoff.objects.update(team=make_team())
    database_clock.set(JULY + timedelta(days=2))

    assert (result().numerator, restate()) == (1, 0)


def test_results_of_long_ago_are_left_alone(database_clock):
    promise("volume", amount=1)
    close_periods()
    make_cycle()
    database_clock.set(JULY + timedelta(days=500))

    assert restate() == 0


def test_a_promise_of_ten_thousand_million_is_judged():
    promise("pipeline", amount=Decimal(10**10), name="Big")

    assert close_periods() == 2
    assert result().promised == 10**10


def test_a_period_that_cannot_be_measured_stops_no_other():
    """R20: a sum beyond what a result can hold leaves June of one promise unjudged, and says so."""
    version = make_contract(since=MAY, **DEFINITION)
    common = {"target": None, "period": "month", "amount": 1, "segment": {"all": []}}
    volume = make_commitment("volume", "marketing", version=version, **common)
    broken = promise("pipeline", version=version, amount=1, name="Broken")
    source = make_deal().deal_leads.get().handoff
    for _ in range(100):
        make_deal(amount=Decimal("999999999999.99"), handoff=source)

    close_periods()

    assert not PeriodResult.objects.filter(commitment=broken, period="2026-06").exists()
    assert result(commitment=volume).verdict == "kept"


def test_an_outage_over_several_months_is_caught_up_with(database_clock):
    promise("volume", amount=1)
    database_clock.set(datetime(2026, 9, 2, tzinfo=UTC))

    assert close_periods() == 4


def test_closing_says_what_the_metric_says():
    promise("volume", amount=1)
    for _ in range(4):
        make_cycle()

    close_periods()

    assert result().numerator == ask("volume", **JUNE).total.n


@pytest.mark.django_db(transaction=True)
def test_two_workers_judge_each_period_once():
    promise("volume", amount=1)

    counts = at_once([close_periods] * 4)

    assert sum(counts) == 2
    assert Outbox.objects.filter(topic="promise.judged").count() == PeriodResult.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_nights_at_once_restate_once():
    promise("volume", amount=1)
    close_periods()
    make_cycle()

    assert sum(at_once([restate] * 3)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_between_result_and_notice_leaves_neither(eventually):
    """The notice waits for a lock while the worker's connection is killed; the next one does both."""
    promise("volume", amount=1)
    found: list[object] = []
    worker = Thread(target=_close_and_note, args=[found])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE common_outbox IN EXCLUSIVE MODE")
        worker.start()
        eventually(lambda: _kill(cursor), 20)
        worker.join()

    assert isinstance(found[0], OperationalError)
    assert not PeriodResult.objects.exists()
    assert close_periods() == Outbox.objects.filter(topic="promise.judged").count() == 2


def _close_and_note(found: list[object]) -> None:
    try:
        found.append(close_periods())
    except OperationalError as error:
        found.append(error)
    finally:
        connection.close()


def _kill(cursor) -> bool:
    """Whoever waits for a lock."""
    cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted")
    return bool(cursor.fetchall())
