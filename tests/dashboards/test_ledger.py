"""The ledger judges every promise of the contract in force by the clocks and cycles of the period."""

from decimal import Decimal

import pytest

from dashboards import ledger, panels, questions, scope, trend
from dashboards.models import PeriodResult
from dashboards.promised import promised_words
from dashboards.services.closing import close_periods
from dashboards.services.restating import restate
from leads.models import AttributeChange, LeadPhone
from sla.queries.contracts import contract_in_force
from tests.dashboards.worlds import (
    HOUR,
    ask,
    june,
    make_clock,
    make_commitment,
    make_contract,
    make_cycle,
    sign,
)
from tests.factories import (
    make_campaign,
    make_definition,
    make_handoff,
    make_lead,
    make_qualification,
    make_team,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(database_clock):
    """Friday 19 June: 15 of the 22 working days of the month have come."""
    return database_clock.set(june(19))


def june_scope(**given):
    return scope.read({"period": "2026-06"} | given, questions.asking())


def read(**given):
    return ledger.ledger(june_scope(**given), contract_in_force(june(19)))


def test_before_the_first_contract_there_is_no_ledger():
    assert read() is None


def test_commitments_of_one_kind_are_one_line_with_their_goals_weighed():
    contract = make_contract()
    demo = make_commitment(version=contract, goal="0.5")
    other = make_commitment(version=contract, goal="0.9")
    sign(contract)
    for number in range(30):
        make_clock("met" if number else "breached", commitment=demo if number < 10 else other)

    (promise,) = read().sales.promises

    assert (promise.name, promise.figure, promise.target) == ("Answered in time", "96.7%", "76.7%")
    assert (promise.verdict, promise.note) == ("kept", "1 of 30 late")
    assert read().sales.summary == "1 of 1 kept"


def test_a_goal_is_said_as_the_contract_says_it_also_once_its_month_is_judged():
    contract = make_contract()
    make_commitment("quality", "marketing", version=contract, goal="0.9275", target=None, period="month")
    sign(contract)

    (promise,) = read().marketing.promises

    judged = PeriodResult(promised=Decimal("0.9275"), denominator=40)
    assert (promise.target, promised_words(judged)) == ("92.75%", "92.75%")


def test_under_ten_there_is_a_count_and_under_twenty_an_interval():
    contract = make_contract()
    make_commitment("answer", version=contract)
    make_commitment("handover", "marketing", version=contract)
    sign(contract)
    for number in range(12):
        make_clock("met")
        if number < 7:
            make_clock("met", kind="handover")

    (answer,), (handover,) = read().sales.promises, read().marketing.promises

    assert (answer.verdict, answer.figure) == ("open", "76 to 100%")
    assert (handover.verdict, handover.figure, handover.note) == ("few", "7 of 7", "Under 10: the count only")
    assert read().marketing.summary == "1 not judged"


def test_clocks_of_an_earlier_version_due_in_the_period_count_too():
    old, new = make_contract(), make_contract(number=2, since=june(10))
    before = make_commitment(version=old, goal="0.8")
    make_commitment(version=new, goal="0.9")
    old.effective_until = june(10)
    old.save()
    for version in (old, new):
        sign(version)
    for _ in range(10):
        make_clock("met", commitment=before)

    (promise,) = read().sales.promises

    assert promise.target == "80%"


def test_volume_is_held_against_the_pace_of_the_month():
    contract = make_contract(counting_rules={"bases": ["definition"]})
    make_commitment(
        "volume", "marketing", version=contract, amount=22, period="month", target=None, goal=None
    )
    sign(contract)
    for _ in range(16):
        make_cycle(offered_at=june(4))
    again = make_cycle("recycled", offered_at=june(4))
    make_cycle(lead=again.lead, cycle=2, offered_at=june(8))
    uncounted = make_cycle(offered_at=june(4))
    uncounted.basis = "import"
    uncounted.save()

    (promise,) = read().marketing.promises

    assert (promise.figure, promise.verdict, promise.mark) == ("17", "kept", "Ahead")
    assert (promise.target, promise.note) == ("14 by now, 22 in all", "3 ahead of the pace")


def test_data_is_complete_when_every_agreed_field_was_known_at_the_offer():
    contract = make_contract(agreed_fields=["lead.title", "lead.phone", "attributes.region"])
    sign(contract)
    for known_at, phone in ((june(2), "+47 1"), (june(9), "+47 2"), (june(2), "")):
        cycle = make_cycle(offered_at=june(4))
        for fact in ("lead.title", "attributes.region"):
            AttributeChange.objects.create(lead=cycle.lead, fact=fact, value="x", at=known_at)
        if phone:
            LeadPhone.objects.create(lead=cycle.lead, phone=phone)

    found = ask("completeness").total

    assert (found.numerator, found.denominator) == (1, 3)


def test_incomplete_offers_are_counted_under_their_promise():
    contract = make_contract(agreed_fields=["phone"])
    make_commitment("completeness", "marketing", version=contract, target=None, goal="0.9")
    sign(contract)
    for number in range(20):
        cycle = make_cycle()
        if number:
            LeadPhone.objects.create(lead=cycle.lead, phone="+47 55 00 00 00")

    (promise,) = read().marketing.promises

    assert (promise.figure, promise.note) == ("95.0%", "1 of 20 lack a field")
    assert promise.note_url.endswith("part=rest")


def test_a_promise_about_campaigns_is_not_told_apart_by_team_or_source():
    contract = make_contract()
    make_commitment("brief", "marketing", version=contract, name="Brief in time", target=None)
    sign(contract)
    make_campaign(starts_on=june(2).date())

    (promise,) = read().marketing.promises
    (filtered,) = read(source="webinar").marketing.promises

    assert (promise.figure, promise.note) == ("0 of 1", "Under 10: the count only")
    assert (filtered.figure, filtered.note) == ("no data", "Promised for all teams and sources together")


def test_late_buyer_waits_say_with_whom_the_time_was_lost():
    contract = make_contract()
    promise = make_commitment("buyer_wait", "joint", version=contract)
    sign(contract)
    raised = make_qualification(make_lead(), june(2), raised_at=june(2))
    make_handoff("accepted", lead=raised.lead, qualification=raised, at=june(2) + HOUR)
    make_clock(
        "breached", kind="buyer_wait", commitment=promise, handoff=None, qualification=raised, lead=raised.lead,
        due_at=june(2) + 2 * HOUR, started_at=june(2), satisfied_at=june(2) + 4 * HOUR,
    )  # fmt: skip

    assert (read().late_waits, read().with_marketing) == (1, 0.25)


def test_versions_that_came_into_force_are_marked_in_their_week():
    sign(make_contract(since=june(3)))
    make_definition(effective_from=june(4))

    weeks = trend.by_week(june_scope())

    (mark,) = weeks.marks
    assert weeks.labels[mark["index"]] == "W23"
    assert mark["label"].endswith("Contract v1")


def test_weeks_with_too_few_clocks_are_a_gap():
    for number in range(19):
        make_clock("met", due_at=june(3) if number < 10 else june(10))

    answer = trend.by_week(june_scope()).series[0]["values"]

    assert answer[-3:] == [100.0, None, None]


def test_gross_stands_beside_net_by_week_and_by_source():
    ended = [*["met"] * 18, *["breached"] * 7]
    for number, status in enumerate(ended):
        lead = make_lead(source="Webinar", source_key="webinar")
        make_clock(status, due_at=june(3), lead=lead, **({"excused": "granted"} if number == 24 else {}))

    weeks, (sources, _) = trend.by_week(june_scope()), panels.by_source(june_scope())

    assert [one["values"][-3] for one in (weeks.series[0], weeks.beside[0])] == [75.0, 72.0]
    assert [(part.label, part.words, part.small) for part in sources] == [
        ("Webinar", "75.0%", "of 24, gross 72.0%")
    ]


def test_a_promise_that_knows_no_team_says_so_under_a_filter_by_team():
    contract = make_contract()
    make_commitment("buyer_wait", "joint", version=contract)
    make_commitment("answer", version=contract)
    sign(contract)
    team = make_team("Enterprise")
    narrowed = scope.read({"period": "2026-06", "team": team.slug}, questions.asking())

    found = ledger.ledger(narrowed, contract_in_force(june(19)))

    assert found.joint.promises[0].note == "Not told apart by team: no team held the lead yet"
    assert found.sales.promises[0].note == "None has fallen due yet"


def a_volume(amount=22, **fields):
    contract = make_contract(**fields)
    make_commitment(
        "volume", "marketing", version=contract, amount=amount, period="month", target=None, goal=None
    )
    return sign(contract)


def test_the_forecast_goes_on_at_the_rate_of_the_last_working_days():
    """One a day on ten working days, seven and five eighths left; no day differs."""
    a_volume()
    for day in (5, 8, 9, 10, 11, 12, 15, 16, 17, 18):
        make_cycle(offered_at=june(day))

    (promise,) = read().marketing.promises

    assert promise.outlook == "Forecast 17 to 18"


def test_with_few_days_it_is_too_early_to_say():
    a_volume()
    make_cycle(offered_at=june(18))

    assert read().marketing.promises[0].outlook == "Forecast: too early to say"


def test_a_promise_of_all_is_not_held_against_a_part():
    a_volume()
    narrowed = scope.read({"period": "2026-06", "source": "webinar"}, questions.asking())

    (promise,) = ledger.ledger(narrowed, contract_in_force(june(19))).marketing.promises

    assert (promise.verdict, promise.note) == ("none", "Promised for all teams and sources together")


def test_a_month_that_has_not_begun_keeps_nothing_and_is_not_forecast():
    a_volume()
    ahead = scope.read({"period": "2026-08"}, questions.asking())

    (promise,) = ledger.ledger(ahead, contract_in_force(june(19))).marketing.promises

    assert (promise.verdict, promise.mark, promise.outlook) == ("none", "", "")
    assert (promise.target, promise.note) == ("22 a month", "Begins 1 Aug 2026")


def test_an_amendment_counts_from_the_next_whole_month():
    a_volume(since=june(10))

    (promise,) = read().marketing.promises

    assert (promise.verdict, promise.note) == ("none", "Counts from the next whole month on")


def test_a_closed_month_shows_what_was_frozen_and_that_it_was_restated(database_clock):
    a_volume(amount=2)
    make_cycle()
    database_clock.set(june(30) + 24 * HOUR)
    close_periods()
    make_cycle()
    restate()

    (promise,) = ledger.ledger(june_scope(), contract_in_force(june(30))).marketing.promises

    assert (promise.figure, promise.target, promise.verdict) == ("1", "2", "missed")
    assert (promise.note, promise.outlook) == ("1 fewer than promised", "Frozen at close. Restated 2")
