"""Win rate, revenue, deal sizes and sales cycle of worlds small enough to work out by hand."""

from datetime import timedelta

import pytest

from leads.models import DealLead
from tests.dashboards.worlds import DAY, ask, groups, june, make_deal, make_organisation, told
from tests.factories import make_campaign, make_handoff, make_lead, make_member, make_reason, make_team

pytestmark = pytest.mark.django_db


def test_win_rate_is_won_of_won_and_lost_by_closing():
    make_deal("won")
    make_deal("won")
    make_deal("lost")
    make_deal("open")
    make_deal("won", closed_at=june(30) + DAY)

    found = told("win-rate")

    assert found["basis"] == "period"
    assert found["total"] == {"value": 2 / 3, "numerator": 2, "denominator": 3, "n": 3}


def test_win_rate_of_a_cohort_counts_deals_by_opening():
    make_deal("won", qualified_at=june(1), closed_at=june(30) + 40 * DAY)
    make_deal("lost", qualified_at=june(2), closed_at=june(5))
    make_deal("won", qualified_at=june(1) - 40 * DAY, closed_at=june(5))

    found = told("win-rate", basis="cohort")

    assert (found["total"]["numerator"], found["total"]["denominator"]) == (1, 2)


@pytest.mark.parametrize(("extra", "won"), [(timedelta(), 1), (timedelta(microseconds=1), 0)])
def test_a_horizon_ends_exactly_after_its_days(extra, won):
    make_deal("won", qualified_at=june(1), closed_at=june(1) + 30 * DAY + extra)

    found = ask("win-rate", basis="cohort", horizon="30")

    assert found.total.numerator == won


@pytest.mark.parametrize(
    ("zone", "inside"), [("UTC", 0), ("Europe/Berlin", 1), ("America/New_York", 0)], ids=str
)
def test_a_period_has_the_midnights_of_the_reporting_zone(zone, inside):
    """A29: 2026-05-31 22:30 UTC is 1 June in Berlin and still 31 May in New York."""
    make_organisation(zone)
    make_deal("won", closed_at=june(1, 0) - timedelta(minutes=90))

    june_figure = ask("win-rate").total
    may_figure = ask("win-rate", **{"from": "2026-05-01", "to": "2026-06-01"}).total

    assert (june_figure.n, may_figure.n) == (inside, 1 - inside)


@pytest.mark.parametrize(("at", "inside"), [(june(1, 0), 1), (june(30) + 12 * timedelta(hours=1), 0)])
def test_a_period_is_half_open(at, inside):
    make_deal("won", closed_at=at)

    assert ask("win-rate").total.n == inside


def test_money_is_counted_once_a_deal_however_many_handoffs_joined():
    deal = make_deal(amount=300)
    for _ in range(4):
        DealLead.objects.create(deal=deal, handoff=make_handoff("won"), part="influenced", joined_at=june(2))

    found = told("revenue", by="team")

    assert found["total"] == {"value": 300, "numerator": 300, "denominator": None, "n": 1}
    assert [row["value"] for row in found["rows"]] == [300]


def test_average_and_median_deal():
    for amount in (100, 200, 1200):
        make_deal(amount=amount)
    make_deal(amount=None)
    make_deal("lost", amount=9)

    assert told("average-deal")["total"] == {"value": 500, "numerator": 1500, "denominator": 3, "n": 3}
    assert told("median-deal")["total"] == {
        "value": 200, "numerator": None, "denominator": None, "n": 3,
        "median": 200, "p90": 1000, "mean": 500, "min": 100, "max": 1200,
    }  # fmt: skip


def test_currencies_are_never_added_up():
    make_organisation(currency="EUR")
    make_deal(amount=100, currency="EUR")
    make_deal(amount=70, currency="USD")

    found = told("revenue")

    assert (found["unit"], found["total"]["value"]) == ("EUR", 100)


def test_the_only_currency_there_is_counts_even_when_it_is_not_ours():
    make_organisation(currency="EUR")
    make_deal(amount=70, currency="USD")

    found = told("revenue")

    assert (found["unit"], found["total"]["value"]) == ("USD", 70)


def test_nothing_measured_is_no_data():
    make_deal("open")

    assert told("win-rate")["total"] == {"value": None, "numerator": 0, "denominator": 0, "n": 0}
    assert told("revenue")["total"]["value"] is None
    assert told("sales-cycle")["total"]["value"] is None


def test_the_sales_cycle_is_days_between_local_dates():
    """23:30 to 00:30 UTC next day is one day in London, none in New York."""
    make_deal(qualified_at=june(1, 23, 30), closed_at=june(2, 0, 30))

    assert ask("sales-cycle").total.mean == 1


def test_the_sales_cycle_follows_the_reporting_zone():
    make_organisation("America/New_York")
    make_deal(qualified_at=june(1, 23, 30), closed_at=june(2, 0, 30))

    assert ask("sales-cycle").total.mean == 0


def test_an_implied_step_is_in_no_sales_cycle_but_in_the_win_rate():
    make_deal(cycle={"qualify_implied": True})
    make_deal(qualified_at=june(1), closed_at=june(11))

    assert ask("sales-cycle").total.values == (10,)
    assert ask("win-rate").total.n == 2


def test_a_deal_belongs_to_its_sourcing_handoff():
    team, campaign = make_team("Enterprise"), make_campaign("Fair")
    rep = make_member(team, name="Lena Vogt")
    lead = make_lead(source="Webinar", source_key="webinar", campaign=campaign)
    make_deal(handoff=make_handoff("won", lead=lead, team=team, holder=rep, qualified_at=june(1)), amount=5)
    make_deal(amount=7)

    assert groups(ask("revenue", by="team"))["Enterprise"].value == 5
    assert groups(ask("revenue", by="owner"))["Lena Vogt"].value == 5
    assert groups(ask("revenue", by="campaign"))["Fair"].value == 5
    assert groups(ask("revenue", by="source"))["Webinar"].value == 5
    assert groups(ask("revenue", by="source"))[None].value == 7


def test_rows_sort_by_group_and_the_ones_without_come_last():
    for source in ("web", "Fair", ""):
        lead = make_lead(source=source, source_key=source.casefold())
        make_deal(handoff=make_handoff("won", lead=lead, qualified_at=june(1)))

    assert [row["group"] for row in told("win-rate", by="source")["rows"]] == ["Fair", "web", None]


def test_spellings_that_differ_in_case_alone_are_one_group():
    for source in ("Web", "web"):
        lead = make_lead(source=source, source_key="web")
        make_deal(handoff=make_handoff("won", lead=lead, qualified_at=june(1)))

    found = told("win-rate", by="source")

    assert [(row["group"], row["n"]) for row in found["rows"]] == [("Web", 2)]


def test_months_and_weeks_are_those_of_the_zone():
    make_organisation("Europe/Berlin")
    make_deal(closed_at=june(30, 22, 30))
    make_deal(closed_at=june(30, 21, 30))
    asked = {"from": "2026-06-01", "to": "2026-08-01"}

    by_month = [(row["group"], row["n"]) for row in told("win-rate", by="month", **asked)["rows"]]
    by_week = [(row["group"], row["n"]) for row in told("win-rate", by="week", **asked)["rows"]]

    assert by_month == [("2026-06", 1), ("2026-07", 1)]
    assert by_week == [("2026-W27", 2)]


def test_lost_reasons_are_groups_too():
    make_deal("lost", lost_reason=make_reason("lose", "no-decision"))
    make_deal("won")

    assert {name: rate.n for name, rate in groups(ask("win-rate", by="reason")).items()} == {
        "No decision": 1,
        None: 1,
    }


def test_filters_narrow_and_groups_add_up_to_the_total():
    team = make_team("Enterprise")
    make_deal(handoff=make_handoff("won", team=team, qualified_at=june(1)), amount=5)
    make_deal(amount=7)
    make_deal(amount=11)

    assert ask("revenue", team="Enterprise").total.value == 5
    found = ask("revenue", by="team")
    assert sum(row.figure.value for row in found.rows) == found.total.value == 23
