"""What happens after a period moves none of its counts: completeness, volume and pipeline as of then."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from dashboards import catalogue, history, questions
from dashboards.drilldown import Choice, Drill
from dashboards.models import PeriodResult, Restatement
from dashboards.services.closing import close_periods
from dashboards.services.restating import restate
from leads.models import AttributeChange, CompanyDomain, LeadPhone
from leads.services import leads
from tests.dashboards.test_closing import JULY, MAY, promise, result
from tests.dashboards.worlds import JUNE, ask, june, make_contract, make_cycle, make_deal, sign
from tests.factories import (
    make_campaign,
    make_company,
    make_field,
    make_lead,
    make_marketer,
    make_person,
    make_reason,
)

pytestmark = pytest.mark.django_db
LATER = JULY + timedelta(days=1)


@pytest.fixture(autouse=True)
def july(database_clock):
    return database_clock.set(JULY + timedelta(hours=9))


def agree(*fields):
    version = make_contract(since=MAY, agreed_fields=list(fields))
    return promise("completeness", goal=Decimal("0.9"), version=version)


def offered(**of_lead):
    lead = make_lead(**{"stage": "marketing_qualified", "created_at": MAY} | of_lead)
    return make_cycle(lead=lead, offered_at=june(4))


def stays(act, database_clock):
    """Runs `act` in July; answers the figure of June, which is the same before and after."""
    close_periods()
    before = result().measured
    database_clock.set(LATER)
    act()
    database_clock.set(LATER + timedelta(days=1))
    restate()
    assert not Restatement.objects.exists()
    return before


def edit(row, **fields):
    row.lead.refresh_from_db()
    leads.edit(row.lead, fields, by=make_marketer(), version=row.lead.version)


FILLED_LATER = [
    ("lead.phone", {"phone": "+47 22 33 44 55"}),
    ("lead.title", {"title": "CEO"}),
    ("company", {"company": "Acme"}),
    ("attributes.region", {"attributes": {"region": "North"}}),
]


@pytest.mark.parametrize(("field", "later"), FILLED_LATER)
def test_a_field_filled_after_the_offer_was_missing_then(field, later, database_clock):
    make_field("region")
    agree(field)
    row = offered()

    assert stays(lambda: edit(row, **later), database_clock).gross.numerator == 0


@pytest.mark.parametrize(
    ("field", "later"), [("employees", {"employees": 40}), ("industry", {"industry": "Food"})]
)
def test_a_fact_of_the_company_told_after_the_offer_was_missing_then(field, later, database_clock):
    agree(f"company.{field}")
    row = offered(company=make_company("Acme"))

    assert stays(lambda: edit(row, **later), database_clock).gross.numerator == 0


@pytest.mark.parametrize("field", ["external_id", "campaign", "owner"])
def test_what_a_lead_is_linked_to_after_the_offer_was_missing_then(field, database_clock):
    agree(f"lead.{field}")
    row = offered()
    later = {"external_id": "CRM-9", "owner": make_person().email, "campaign": make_campaign().slug}

    figure = stays(lambda: edit(row, **{field: later[field]}), database_clock)
    assert figure.gross.numerator == 0


@pytest.mark.parametrize("field", ["company.employees", "company.industry", "company.domain"])
def test_facts_of_another_company_that_it_gets_later_were_missing_then(field, database_clock):
    agree(field)
    other = make_company("Beta", employees=50, industry="Food")
    CompanyDomain.objects.get_or_create(domain="beta.example", company=other)
    row = offered(company=make_company("Acme"))

    assert stays(lambda: edit(row, company="Beta"), database_clock).gross.numerator == 0


EMPTIED = [("lead.title", {"title": "CEO"}, {"title": ""}), ("phone", {}, {"phone": ""})]


@pytest.mark.parametrize(("field", "has", "later"), EMPTIED)
def test_a_field_emptied_after_the_offer_was_there_then(field, has, later, database_clock):
    agree(field)
    row = offered(**has)
    LeadPhone.objects.create(lead=row.lead, phone="+47 22 33 44 55", e164="+4722334455")

    assert stays(lambda: edit(row, **later), database_clock).gross.numerator == 1


def test_a_field_emptied_before_the_offer_was_missing():
    agree("lead.title")
    row = offered()
    for value, at in (("CEO", june(1)), ("", june(2))):
        AttributeChange.objects.create(lead=row.lead, fact="lead.title", value=value, at=at)

    close_periods()

    assert result().measured.gross.numerator == 0


def test_without_agreed_fields_every_offer_is_complete():
    agree()
    offered()

    close_periods()

    assert result().measured.gross == result().measured.net
    assert result().measured.gross.numerator == 1


def test_a_lead_reopened_later_stays_in_the_period_of_its_offer(database_clock):
    """It is offered once, so it counts in June and not in July again."""
    promise("volume", amount=1)
    row = make_cycle("rejected", offered_at=june(4), answered=june(5))
    stays(lambda: make_cycle(lead=row.lead, cycle=2, follows=row, offered_at=LATER), database_clock)
    database_clock.set(JULY + timedelta(days=40))
    close_periods()

    assert result().numerator == 1
    assert PeriodResult.objects.get(period="2026-07").numerator == 0
    assert ask("volume", **{"from": "2026-07-01", "to": "2026-08-01"}).total.n == 0


def test_an_answer_counts_until_its_cycle_is_reopened(database_clock):
    """Judged as of the end of June, a rejection reopened in July is one; by what is known later it is none."""
    promise("quality", goal=Decimal("0.5"))
    row = make_cycle("rejected", offered_at=june(4), answered=june(5))
    make_cycle("accepted", lead=row.lead, cycle=2, follows=row, offered_at=LATER, answered=LATER)
    database_clock.set(LATER + timedelta(days=1))
    close_periods(as_of_close=True)

    assert (result().denominator, restate()) == (1, 1)
    assert Restatement.objects.get(result=result()).denominator == 0


def test_an_amount_raised_when_it_is_won_stays_that_of_the_opening(database_clock):
    promise("pipeline", amount=300)
    deal = make_deal("open", amount=200, opened_at=june(4))

    def win():
        deal.amount, deal.outcome, deal.closed_at = 900, "won", LATER
        deal.save()

    assert stays(win, database_clock).numerator == 200


def versions(**by_version):
    """Two wordings, the second in force from July on."""
    old = make_contract(since=MAY, **by_version["first"])
    old.effective_until = JULY
    old.save()
    new = make_contract(number=2, since=JULY, **by_version["second"])
    return sign(old), sign(new)


def test_the_figure_of_a_past_month_counts_by_the_wording_of_then():
    """As the frozen result does, so that its rows are those of the figure."""
    bases = {"first": ["definition"], "second": ["list"]}
    versions(**{name: {"counting_rules": {"bases": named}} for name, named in bases.items()})
    offered()

    assert ask("volume").total.n == 1


def test_completeness_of_a_past_month_is_that_of_the_fields_agreed_then():
    versions(first={"agreed_fields": []}, second={"agreed_fields": ["phone"]})
    offered()

    found = ask("completeness").total
    assert (found.numerator, found.denominator) == (1, 1)


def test_the_rows_of_quality_are_those_of_its_net_figure():
    promise("quality", goal=Decimal("0.5"))
    make_cycle("accepted", offered_at=june(4), answered=june(5))
    blameless = make_cycle("rejected", offered_at=june(4), answered=june(5))
    blameless.reason = make_reason("reject", counts_against="nobody")
    blameless.save()
    close_periods()

    past = next(one for one in history.every_series(questions.asking())[0].pasts if one.key == "2026-06")

    assert past.figure == "1 of 1"
    assert past.url.startswith("/metrics/quality/rows/")
    assert ask("quality", basis="period").total.n == 1


def test_the_rows_of_conversion_are_the_offers_of_the_month_that_were_accepted():
    """Those accepted in July too; those of May not, whenever they were accepted."""
    promise("conversion", goal=Decimal("0.5"), side="sales")
    inside = make_cycle("qualified", offered_at=june(30), answered=JULY, qualified_at=JULY)
    make_cycle("accepted", offered_at=MAY, answered=june(4))
    close_periods()

    past = next(one for one in history.every_series(questions.asking())[0].pasts if one.key == "2026-06")
    metric = catalogue.metric("conversion")
    asked = questions.read(metric, JUNE, questions.asking())

    assert (past.figure, past.url.partition("?")[0]) == ("1 of 1", "/metrics/conversion/rows/")
    assert list(Drill(metric, asked, Choice()).rows()) == [inside]
