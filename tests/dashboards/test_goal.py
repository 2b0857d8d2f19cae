"""The goal calculator rests on the company's own figures, says how many they are, and lets everything be changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.http import QueryDict

from dashboards import calculator
from dashboards.engine.figures import Rate, Spread
from dashboards.engine.periods import quarter_of
from dashboards.forms import GoalForm
from dashboards.kpis import goal
from tests.dashboards.worlds import june, make_cycle, make_deal
from tests.factories import make_member, make_person, make_team

pytestmark = pytest.mark.django_db
LONG_AGO = june(1) - timedelta(days=200)
ALL = "revenue=2400000&share=95&deal=54000&win=20&qualify=40&accept=75&pipeline=0&lag=90&quarter=2026-Q4"


@pytest.fixture
def page(client, database_clock):
    """Opens the calculator as a marketing manager, on 20 June 2026."""
    database_clock.set(june(20))
    client.force_login(make_member(make_team(function="demand"), "marketing_manager"))

    def get(query: str = "", status: int = 200) -> str:
        response = client.get(f"/contract/goal/?{query}")
        assert response.status_code == status, response.content[:500]
        return unescape(response.content.decode())

    return get


def cohort(source: str, accepted: int, qualified: int, won: int, rejected: int = 0) -> None:
    """So many offers of 200 days ago; each number is among the one before."""
    for number in range(accepted + rejected):
        status = "rejected" if number >= accepted else "won" if number < won else "recycled"
        row = make_cycle(status, offered_at=LONG_AGO, answered=LONG_AGO)
        row.lead.source = source
        row.lead.save()
        if number < qualified:
            row.qualified_at = LONG_AGO
            row.save()


def test_rates_are_of_offers_that_had_half_a_year():
    cohort("Webinar", 6, 4, 1, rejected=2)
    cohort("Demo", 2, 1, 1)
    make_cycle("accepted", offered_at=june(1), answered=june(1))

    own = goal.own(june(20), "USD")

    assert [(one.source, one.offers) for one in own.cohorts] == [("Webinar", 8), ("Demo", 2)]
    assert (own.overall.accepted, own.overall.qualified, own.overall.won) == (
        Rate(8, 10),
        Rate(5, 8),
        Rate(2, 5),
    )


def test_deals_of_a_year_give_the_average_the_win_rate_and_the_lag():
    for amount, outcome in ((100, "won"), (300, "won"), (None, "lost")):
        make_deal(outcome, amount=amount, qualified_at=june(1), closed_at=june(11))
    make_deal("won", amount=999, currency="EUR")
    make_deal("open", amount=500)

    own = goal.own(june(20), "USD")

    assert (own.deal, own.deals, own.win_rate, own.open_amount) == (200, 2, Rate(2, 3), 500)
    assert (own.lag.n, own.lag.median) == (3, 10)


def test_own_figures_beyond_the_form_are_ones_it_takes():
    """A team at work round the clock, deals of 20 and three years to won; half an hour a month is none."""
    make_deal()
    own = goal.own(june(20), "USD")
    extreme = replace(own, deal=Decimal(20), deals=40, lag=Spread((1100.0,) * 40), hours=Decimal(504))
    quarter = quarter_of(june(20).date())

    known = calculator.known(extreme, quarter)
    form = GoalForm(QueryDict(""), june(20).date(), known)

    assert form.is_valid(), form.errors
    assert (known["deal"], known["revenue"], known["lag"], known["hours"]) == (None, None, 1000, 400)
    assert calculator.known(replace(extreme, hours=Decimal("0.5")), quarter)["hours"] is None


def test_nothing_is_taken_from_few(page):
    cohort("Webinar", 5, 3, 1)

    shown = page()

    assert "5 of 5: too few for a rate. Write your own" in shown
    assert "0 won in a year: under 30 say nothing about money" in shown
    assert "Write in what is missing" in shown


def test_what_is_written_in_leads_back_to_leads(page):
    """The golden case of the engine: 43 deals, 215 SQL, 538 accepted, 718 offers, 240 a month."""
    shown = page(ALL)

    assert all(
        words in shown for words in ("718, 240 a month", "538, at 75.0%", "215, at 40.0%", "43, at 20.0%")
    )
    assert "$2,280,000 from marketing leads ÷ $54,000 a deal = 43 won" in shown
    assert all(month in shown for month in ("July 2026", "August 2026", "September 2026"))


@pytest.mark.parametrize(
    ("quarter", "said", "not_said"),
    [
        ("2026-Q4", "by the days of each month.", "Too late"),
        ("2026-Q3", "by the days of each month that are left.", "<th scope=\"row\" class=\"grow\">May 2026</th>"),
        ("2026-Q2", "Too late for Q2 2026: a deal takes 90 days, so the offers for it were due before 2 Apr 2026.",
         "Offered in"),
    ],
)  # fmt: skip
def test_only_days_to_come_are_asked_for(page, quarter, said, not_said):
    shown = page(ALL.replace("2026-Q4", quarter))

    assert said in shown
    assert not_said not in shown


def test_the_button_sends_plain_numbers_to_the_contract(page, client):
    shown = page(ALL)

    assert 'action="/contract/targets/"' in shown
    for field in ('name="volume" value="240"', 'name="quality" value="75"', 'name="conversion" value="40"',
                  'name="pipeline" value="3870000"'):  # fmt: skip
        assert field in shown
    assert all(
        f"<dd>{words}</dd>" in shown
        for words in ("240 leads", "75% accepted", "40% become SQLs", "$3,870,000")
    )
    answer = client.post("/contract/targets/", {"volume": 240, "quality": "75"})
    assert answer.status_code == 302


def test_whoever_may_not_draft_is_offered_no_button(client, database_clock):
    database_clock.set(june(20))
    client.force_login(make_person(role="read_only"))

    assert b"/contract/targets/" not in client.get(f"/contract/goal/?{ALL}").content


@pytest.mark.parametrize(
    "wrong", ["win=0", "deal=-1", "quarter=2020-Q1", "share=101", "revenue=NaN", "reps=x"]
)
def test_a_wrong_assumption_is_said_at_its_field(page, wrong):
    assert 'aria-invalid="true"' in page(f"{ALL}&{wrong}", 422)


def test_more_than_the_reps_have_hours_for_is_said(page):
    tight = f"{ALL}&attempts=10&minutes=30&reps=1&hours=100"

    assert "More than there is: 1200%" in page(tight)


def test_the_largest_goal_and_the_smallest_rates_still_add_up(page):
    shown = page("revenue=1000000000000&deal=1&win=0.1&qualify=0.1&accept=0.1&quarter=2026-Q4")

    assert f"{10**12 * 10**9:,}" in shown


def test_own_figures_fill_the_form(page):
    for _ in range(30):
        make_deal("won", amount=54_000, closed_at=june(10))
    cohort("Webinar", 30, 15, 6, rejected=10)

    shown = page()

    assert 'value="54000"' in shown
    assert 'value="405000"' in shown
    assert all(words in shown for words in ("30 of 40", "15 of 30", "6 of 15, few"))
    assert Decimal("40.0") == goal.own(june(20), "USD").overall.won.value * 100
