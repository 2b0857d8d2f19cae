"""What stands behind a figure can be checked against it, and nothing empty stands around it."""

import re

import pytest

from dashboards.services.closing import close_periods
from leads.models import Qualification
from tests.dashboards.worlds import (
    HOUR,
    june,
    make_clock,
    make_commitment,
    make_contract,
    make_cycle,
    sign,
)
from tests.factories import make_lead

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("slug", "last_head"), [("response-time", "Waited"), ("buyer-wait", "Waited")], ids=["offers", "buyers"]
)
def test_behind_a_waiting_time_each_row_says_when_and_how_long_it_waited(page, slug, last_head):
    make_cycle(offered_at=june(9, 10), tried=june(9, 10) + HOUR / 4)
    Qualification.objects.update(raised_at=june(9, 10))

    shown = page(f"/metrics/{slug}/rows/?from=2026-06-01&to=2026-07-01")

    assert f'<th scope="col" class="r">{last_head}</th>' in shown
    assert '<td class="soft r">15 m</td>' in shown
    assert re.findall(r">(9 Jun [\d:]+)</time>", shown) == ["9 Jun 10:00", "9 Jun 10:15"]


def test_behind_a_waiting_time_a_row_without_an_attempt_says_so(page):
    make_cycle(offered_at=june(9, 10))

    assert ">No attempt yet</td>" in page("/metrics/response-time/rows/?from=2026-06-01&to=2026-07-01")


def test_clocks_behind_a_figure_say_the_minute_they_were_due(page):
    make_clock("met", due_at=june(9, 10), satisfied_at=june(9, 10))

    assert ">9 Jun 10:00</time>" in page("/metrics/attainment/rows/?from=2026-06-01&to=2026-07-01")


def test_groups_of_a_count_have_no_empty_column_for_its_sum(page):
    make_cycle()

    offers = page("/metrics/offers/?from=2026-06-01&to=2026-07-01&by=team")
    accepted = page("/metrics/acceptance-rate/?from=2026-06-01&to=2026-07-01&by=team")

    assert offers.count(">Sum</th>") == 0
    assert accepted.count(">Sum</th>") >= 1


def test_the_dashboard_says_which_version_judges_the_whole_period_where_another_came_within_it(page):
    for number, since, until in ((1, june(1, 0), june(10)), (2, june(10), None)):
        version = make_contract(number=number, since=since, effective_until=until)
        terms = {"target": None, "goal": None, "amount": 10 * number, "period": "month"}
        make_commitment("volume", "marketing", version=version, **terms)
        sign(version)

    assert "Contract v2. Promises a month or quarter: v1." in page("/dashboard/?period=2026-06")
    assert "Contract v2." in page("/dashboard/?period=2026-07")


def test_a_period_without_leads_has_no_empty_bars(page):
    empty = page("/dashboard/?period=2026-06")
    make_lead(created_at=june(3))

    assert "No lead was created in this period." in empty
    assert "No lead was created in this period." not in page("/dashboard/?period=2026-06")


def test_a_promise_without_anything_to_judge_says_so_and_not_none_of_none(page):
    version = make_contract(since=june(1, 0))
    for kind in ("quality", "completeness", "brief", "nurture"):
        make_commitment(kind, "marketing", version=version, period="month")
    sign(version)

    shown = page("/dashboard/?period=2026-06")

    said = ("Nothing was decided", "Nothing was offered", "No campaign began", "No first touch fell due")
    assert [words for words in said if words not in shown] == []
    assert "0 of 0 campaigns" not in shown


@pytest.mark.parametrize(("slug", "says"), [("sql-to-won", True), ("sal-to-sql", False)])
def test_rows_counted_and_ordered_by_when_they_were_qualified_say_when(page, slug, says):
    make_cycle("qualified", offered_at=june(8), answered=june(8), qualified_at=june(9))

    shown = page(f"/metrics/{slug}/rows/?from=2026-06-01&to=2026-07-01")

    assert shown.count("<tr data-row>") == 1
    assert ('<th scope="col">Qualified</th>' in shown, ">9 Jun</time>" in shown) == (says, says)


def test_past_periods_that_nothing_restated_have_no_column_for_why(page, database_clock):
    version = make_contract(since=june(1, 0))
    make_commitment("volume", "marketing", version=version, target=None, goal=None, amount=1, period="month")
    sign(version)
    database_clock.set(june(30) + 24 * HOUR)
    close_periods()

    shown = page("/promises/volume/")

    assert (">June 2026<" in shown, ">Why</th>" in shown) == (True, False)
