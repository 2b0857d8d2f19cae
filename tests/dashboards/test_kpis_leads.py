"""How far the leads of a period came."""

import pytest

from dashboards.engine.figures import Rate
from dashboards.kpis import leads
from leads.models import CustomField
from tests.dashboards.worlds import ask, groups, june, make_cycle
from tests.factories import make_company, make_lead, make_qualification, make_team

pytestmark = pytest.mark.django_db


def lead_at(day: int, **fields):
    return make_lead(created_at=june(day), **fields)


def test_each_step_of_the_funnel_holds_those_who_came_further():
    lead_at(1)
    make_qualification(lead_at(1), june(2))
    make_cycle("offered", lead=lead_at(1), offered_at=june(2))
    make_cycle("accepted", lead=lead_at(1), offered_at=june(2), answered=june(3))
    make_cycle("qualified", lead=lead_at(1), offered_at=june(2), answered=june(3), qualified_at=june(4))
    make_cycle("won", lead=lead_at(1), offered_at=june(2), answered=june(3), qualified_at=june(4))
    lead_at(1, merged_into=lead_at(1))

    found = [
        ask(slug).total.numerator
        for slug in ("lead-to-mql", "lead-to-offer", "lead-to-accepted", "lead-to-sql", "lead-to-customer")
    ]

    assert ask("leads-created").total.n == 7
    assert found == [5, 4, 3, 2, 1]


def test_a_cycle_won_by_a_deal_of_others_went_through_every_step():
    make_cycle("won", lead=lead_at(1), offered_at=june(2))

    assert [ask(slug).total for slug in ("lead-to-accepted", "lead-to-sql")] == [Rate(1, 1), Rate(1, 1)]


@pytest.mark.parametrize(("days", "won"), [(9, 0), (10, 1)])
def test_a_lead_is_followed_for_as_long_as_the_horizon(days, won):
    make_cycle("won", lead=lead_at(1), offered_at=june(2), closed_at=june(11))

    assert ask("lead-to-customer", horizon=str(days)).total == Rate(won, 1)


def test_a_win_that_was_reopened_is_none():
    old = make_cycle("won", lead=lead_at(1), offered_at=june(2), answered=june(3))
    make_cycle("qualified", lead=old.lead, cycle=2, follows=old, offered_at=june(5), answered=june(5))

    assert ask("lead-to-customer").total == Rate(0, 1)


def test_leads_are_split_by_what_is_known_about_them():
    CustomField.objects.create(name="region", label="Region", type="text")
    company = make_company(industry="Paper")
    lead_at(1, country="NO", company=company, attributes={"region": "North"}, source="Web", source_key="web")
    lead_at(2)

    for by, name in (
        ("country", "NO"),
        ("industry", "Paper"),
        ("attributes.region", "North"),
        ("source", "Web"),
    ):
        assert groups(ask("lead-to-mql", by=by)) == {name: Rate(0, 1), None: Rate(0, 1)}
    assert groups(ask("leads-created", by="stage"))["Inquiry"].n == 2


def test_a_leads_team_is_that_of_its_newest_cycle():
    first, second = make_team("First"), make_team("Second")
    lead = lead_at(1)
    make_cycle("recycled", lead=lead, team=first, offered_at=june(2), answered=june(2))
    make_cycle("offered", lead=lead, team=second, cycle=2, offered_at=june(5))

    assert groups(ask("leads-created", by="team"))["Second"].n == 1
    assert ask("leads-created", team="First").total.n == 0
    assert ask("leads-created", **{"from": "2026-06-02", "to": "2026-07-01"}).total.n == 0


def test_the_funnel_of_the_dashboard_says_what_each_metric_says():
    make_qualification(lead_at(1), june(2))
    make_cycle("offered", lead=lead_at(1), offered_at=june(2))
    make_cycle("won", lead=lead_at(1), offered_at=june(2), answered=june(3), qualified_at=june(4))
    old = make_cycle("recycled", lead=lead_at(1), offered_at=june(2), answered=june(3))
    make_cycle("offered", lead=old.lead, cycle=2, follows=old, offered_at=june(5))

    found = leads.reached_steps(ask("leads-created").question)

    assert found == {"leads-created": 4, "lead-to-mql": 4} | {
        slug: ask(slug).total.numerator for slug in leads.FUNNEL
    }
    assert list(found.values()) == [4, 4, 3, 1, 1, 1]
