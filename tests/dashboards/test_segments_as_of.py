"""A closed period is judged by the facts of its offers: what changes later moves no figure, and restates nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboards.models import PeriodResult, Restatement
from dashboards.services.closing import close_periods
from dashboards.services.restating import restate
from leads.models import CompanyRelation, Handoff, LeadEvent, Qualification, Touch
from leads.services import leads, relations
from sla.models import Commitment
from sla.services.membership import NEEDED, members
from tests.dashboards.test_closing import JULY, MAY, promise
from tests.dashboards.worlds import june, make_cycle
from tests.factories import make_company, make_lead, make_marketer, make_touch_kind

pytestmark = pytest.mark.django_db
LATER = JULY + timedelta(days=1)


@pytest.fixture(autouse=True)
def july(database_clock):
    database_clock.set(JULY + timedelta(hours=9))


def says(fact, value):
    return {"fact": fact, "op": "eq", "value": value}


def offered(segment, **of_lead):
    """One lead, offered on 4 June, and a promise about those of the segment, judged for June."""
    of_lead = {"stage": "marketing_qualified", "created_at": MAY} | of_lead
    row = make_cycle(lead=make_lead(**of_lead), offered_at=june(4))
    journal(row.lead, "mql", june(3))
    journal(row.lead, "offered", june(4), handoff=row)
    promise("volume", amount=1, segment=segment)
    return row


def journal(lead, kind, at, *, historic=False, **fields):
    LeadEvent.objects.create(
        lead=lead, kind=kind, at=at, recorded_at=LATER if historic else at, historic=historic, **fields
    )


def june_of() -> PeriodResult:
    return PeriodResult.objects.get(period="2026-06")


def stays(count, act, database_clock):
    """The figure of June before and after `act`, which is recorded in July."""
    close_periods()
    before = june_of().numerator
    database_clock.set(LATER)
    act()
    database_clock.set(LATER + timedelta(days=1))
    restate()
    assert (before, june_of().numerator, Restatement.objects.count()) == (count, count, 0)


def edit(row, **fields):
    row.lead.refresh_from_db()
    leads.edit(row.lead, fields, by=make_marketer(), version=row.lead.version)


OF_COMPANY = [
    ({"industry": "Paper"}, "company.industry", "paper", {"industry": "Food"}),
    ({"employees": 40}, "company.employees", 40, {"employees": 400}),
]


@pytest.mark.parametrize(("has", "fact", "value", "later"), OF_COMPANY)
def test_what_is_said_of_its_company_later(has, fact, value, later, database_clock):
    row = offered(says(fact, value), company=make_company("Acme", **has))

    stays(1, lambda: edit(row, **later), database_clock)


@pytest.mark.parametrize(("fact", "later"), [("employees", 400), ("industry", "Food")])
def test_what_was_not_known_of_its_company(fact, later, database_clock):
    row = offered(says(f"company.{fact}", later), company=make_company("Acme"))

    stays(0, lambda: edit(row, **{fact: later}), database_clock)


def test_another_company(database_clock):
    row = offered(says("company.industry", "paper"), company=make_company("Acme", industry="Paper"))

    stays(1, lambda: edit(row, company="Other", industry="Food"), database_clock)


def test_a_domain_that_its_company_had_not(database_clock):
    row = offered(says("company.domain", "acme.example"), company=make_company("Acme"))

    stays(0, lambda: edit(row, company="Acme", company_domain="acme.example"), database_clock)


def test_a_colleague_brought_in_with_other_facts(database_clock):
    offered(says("company.employees", 40), company=make_company("Acme", employees=40))
    told = {"email": "new@acme.example", "company": "Acme", "employees": 900, "created_at": "2026-06-01"}

    stays(1, lambda: leads.capture(told, by=make_marketer(), source="import"), database_clock)


@pytest.mark.parametrize(
    "segment", [says("company.relation", "prospect"), says("lead.is_customer", value=False)]
)
def test_a_company_that_becomes_a_customer(segment, database_clock):
    company = make_company("Acme", relation="prospect")
    CompanyRelation.objects.create(company=company, relation="prospect", from_at=MAY)
    offered(segment, company=company)

    stays(1, lambda: relations.deal_won(company, at=LATER), database_clock)


def test_its_stage(database_clock):
    row = offered(says("lead.stage", "marketing_qualified"))

    def accept():
        journal(row.lead, "accepted", LATER, handoff=row)
        row.lead.stage = "sales_accepted"
        row.lead.save()

    stays(1, accept, database_clock)


def test_that_it_was_with_sales(database_clock):
    row = offered(says("lead.in_open_handoff", value=True))

    def close():
        Handoff.objects.filter(pk=row.pk).update(status="recycled", closed_at=LATER)

    stays(1, close, database_clock)


TOUCHED = {"touches": {"kind": ["webinar"], "campaign": None, "within_days": 30}, "op": "gte", "value": 1}


def touch(row, at, recorded_at):
    kind = make_touch_kind("webinar")
    return Touch.objects.create(lead=row.lead, kind=kind, at=at, recorded_at=recorded_at)


@pytest.mark.parametrize("at", [june(3), june(5)])
def test_a_touch_recorded_after_the_offer(at, database_clock):
    row = offered(TOUCHED)

    stays(0, lambda: touch(row, at, LATER), database_clock)


def test_a_touch_counts_that_was_recorded_by_the_offer(database_clock):
    row = offered(TOUCHED)
    counted = touch(row, june(3), june(4))

    def again():
        Touch.objects.create(lead=row.lead, kind=counted.kind, at=june(3), recorded_at=LATER)

    stays(1, again, database_clock)


def test_a_touch_of_an_imported_offer_counts_from_its_own_moment():
    """Nobody knows when history was recorded where it came from."""
    row = make_cycle(lead=make_lead(), offered_at=june(4))
    journal(row.lead, "offered", june(4), historic=True, handoff=row)
    touch(row, june(3), LATER)
    promise("volume", amount=1, segment=TOUCHED)

    close_periods()

    assert june_of().numerator == 1


@pytest.mark.parametrize(
    ("segment", "title"), [(says("lead.title", "ceo"), "CEO"), ({"fact": "lead.title", "op": "missing"}, "")]
)
def test_its_own_facts_of_which_nothing_was_kept(segment, title, database_clock):
    row = offered(segment, title=title)

    stays(1, lambda: edit(row, title="CFO"), database_clock)


def test_what_its_cycle_was_offered_with(database_clock):
    row = offered(says("handoff.basis", "definition"))

    def change():
        Qualification.objects.filter(pk=row.qualification_id).update(basis="manual")

    stays(1, change, database_clock)


def several():
    company = make_company("Acme", employees=40)
    rows = [make_cycle(lead=make_lead(company=company, title="CEO" if n % 2 else "")) for n in range(4)]
    for row in rows:
        journal(row.lead, "offered", row.offered_at, handoff=row)
    segment = {"all": [says("lead.title", "ceo"), says("company.employees", 40), {"not": TOUCHED}]}
    return promise("volume", amount=1, segment=segment)


def asked(**match):
    return Handoff.objects.filter(**match).select_related(*NEEDED)


def test_one_lead_is_judged_as_among_many():
    commitment: Commitment = several()

    alone = [members(commitment, asked(pk=pk)) for pk in Handoff.objects.values_list("pk", flat=True)]

    assert set().union(*alone) == members(commitment, asked())
    assert sum(map(len, alone)) == 2


def test_many_leads_take_no_more_queries_than_one():
    commitment = several()
    with CaptureQueriesContext(connection) as one:
        members(commitment, asked(pk=Handoff.objects.first().pk))
    with CaptureQueriesContext(connection) as every:
        members(commitment, asked())

    assert len(every) <= len(one)
