"""What was known at an earlier moment: changes, and the stage by the journal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from leads.batch.drafts import LeadDraft
from leads.batch.leads import upsert
from leads.batch.relations import RelationBook
from leads.engine import profile
from leads.engine.past import Change, Step, known_at, stage_after, stages_at_offers
from leads.models import Campaign, CompanyChange, CompanyRelation, Deal, Lead, LeadEvent
from leads.services import handoffs, leads, relations
from tests.factories import (
    NOON,
    make_campaign,
    make_company,
    make_lead,
    make_marketer,
    make_member,
    make_offer,
    make_person,
    make_team,
)

AT = datetime(2026, 6, 3, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
TWICE = (Change("b", AT, was="a"), Change("c", AT + HOUR, was="b"))


@pytest.mark.parametrize(
    ("at", "value"),
    [(AT - HOUR, "a"), (AT, "b"), (AT + HOUR - timedelta(microseconds=1), "b"), (AT + HOUR, "c")],
)
def test_before_the_first_change_holds_what_it_replaced(at, value):
    known = known_at(TWICE, at)

    assert known is not None
    assert known.value == value


def test_what_never_changed_has_no_past():
    assert known_at((), AT) is None


@pytest.mark.parametrize(
    ("kind", "data", "stage"),
    [
        ("rejected", {"next_step": "fix"}, "marketing_qualified"),
        ("rejected", {"next_step": "close"}, "disqualified"),
        ("lost", {"until": "2026-09-01"}, "recycled"),
        ("lost", {}, "disqualified"),
        ("set_aside", {"stage": "recycled"}, "recycled"),
        ("reopened", {"status": "qualified"}, "sales_qualified"),
        ("mql", {}, "marketing_qualified"),
        ("attempted", {}, "inquiry"),
    ],
)
def test_a_row_of_the_journal_leaves_the_stage_of_its_verb(kind, data, stage):
    assert stage_after("inquiry", Step(kind, 1, data)) == stage


def test_a_customer_who_asks_again_stays_one():
    steps = [Step("won", 1, {}), Step("mql", None, {}), Step("offered", 2, {}), Step("accepted", 2, {})]

    assert stages_at_offers(steps) == {2: "customer"}


@pytest.mark.django_db
def test_the_journal_says_the_stage_that_the_services_wrote():
    team = make_team()
    rep = make_member(team, "rep")
    handoff = make_offer(team, rep)
    handoffs.accept(handoff, by=rep, at=NOON + HOUR)
    handoffs.qualify(handoff, by=rep, at=NOON + 2 * HOUR)
    rows = LeadEvent.objects.filter(lead=handoff.lead).order_by("at", "pk")
    stage = "marketing_qualified"
    for row in rows:
        stage = stage_after(stage, Step(row.kind, row.handoff_id, row.data))

    handoff.lead.refresh_from_db()
    assert (stage, handoff.lead.stage) == ("sales_qualified", "sales_qualified")


@pytest.mark.django_db
def test_what_is_said_of_a_known_company_is_kept_with_what_it_was():
    company = make_company("Acme", employees=40)
    told = {
        "email": "ann@acme.example",
        "company": "Acme",
        "company_domain": "acme.example",
        "employees": 400,
    }
    leads.capture(told, by=make_marketer(), source="api", at=NOON)

    kept = CompanyChange.objects.order_by("fact").values_list(
        "company", "fact", "value", "was", "at", "source"
    )
    assert list(kept) == [
        (company.pk, "company.domain", "acme.example", None, NOON, "api"),
        (company.pk, "company.employees", 400, 40, NOON, "api"),
    ]


@pytest.mark.django_db
def test_what_a_company_is_made_with_is_no_change_of_it():
    told = {
        "email": "ann@acme.example",
        "company": "Acme",
        "company_domain": "acme.example",
        "employees": 400,
    }
    leads.capture(told, by=make_marketer(), source="api", at=NOON)

    assert not CompanyChange.objects.exists()


@pytest.mark.django_db
def test_a_lead_that_changes_its_company_keeps_which_it_had():
    old = make_company("Old")
    lead = make_lead(company=old)
    leads.edit(lead, {"company": "New"}, by=make_marketer(), version=lead.version, at=NOON)

    lead.refresh_from_db()
    change = lead.changes.get(fact="lead.company")
    assert (change.value, change.was, change.at) == (lead.company_id, old.pk, NOON)


@pytest.mark.django_db
def test_a_relation_of_which_nothing_was_kept_gets_its_span():
    company = make_company(relation="prospect")
    relations.deal_opened(company, at=NOON + HOUR)

    spans = CompanyRelation.objects.filter(company=company).values_list("relation", "from_at", "until_at")
    assert list(spans) == [("prospect", NOON, NOON + HOUR), ("open_deal", NOON + HOUR, None)]


@pytest.mark.django_db
def test_a_file_keeps_what_a_known_company_and_lead_were():
    company = make_company("Acme", employees=40)
    lead = make_lead(email="ann@acme.example", title="CEO", company=make_company("Old"))
    said = {"email": "ann@acme.example", "company": "Acme", "employees": 400, "title": "CFO"}
    upsert([LeadDraft(2, profile.read(said, NOON))], at=NOON)

    kept = CompanyChange.objects.values_list("company", "fact", "value", "was", "at", "source")
    assert list(kept) == [(company.pk, "company.employees", 400, 40, NOON, "import")]
    was = dict(lead.changes.values_list("fact", "was"))
    assert was == {"lead.title": "CEO", "lead.company": lead.company_id, "company.employees": None}


@pytest.mark.django_db
def test_a_file_that_makes_a_company_changes_none():
    said = {"email": "ann@acme.example", "company": "Acme", "company_domain": "acme.example", "employees": 40}
    upsert([LeadDraft(2, profile.read(said, NOON))], at=NOON)

    assert not CompanyChange.objects.exists()


@pytest.mark.django_db
def test_a_replay_keeps_a_relation_of_which_nothing_was_kept():
    company = make_company(relation="prospect")
    book = RelationBook([company.pk])
    book.opened(Deal(company=company, opened_at=NOON + HOUR))
    book.write()

    spans = CompanyRelation.objects.filter(company=company).values_list("relation", "from_at", "until_at")
    assert list(spans) == [("prospect", NOON, NOON + HOUR), ("open_deal", NOON + HOUR, None)]


LINKED = ("lead.campaign", "lead.owner", "lead.external_id")


def by_hand(lead, said):
    leads.edit(lead, said, by=make_marketer(), version=lead.version, at=NOON)


def by_file(lead, said):
    named = LeadDraft(
        2,
        profile.read({"email": lead.emails.get().email, "external_id": said["external_id"]}, NOON),
        campaign=Campaign.objects.get(slug=said["campaign"]).pk,
        owner=User.objects.get(email=said["owner"]).pk,
    )
    upsert([named], at=NOON)


@pytest.mark.django_db
@pytest.mark.parametrize("write", [by_hand, by_file])
def test_a_lead_keeps_whose_it_was_of_which_campaign_and_how_it_was_called_elsewhere(write):
    first, second, owner = make_campaign(), make_campaign(), make_person()
    lead = make_lead(email="ann@acme.example", campaign=first)
    said = {"campaign": second.slug, "owner": owner.email, "external_id": "CRM-9"}
    write(lead, said)
    write(Lead.objects.get(pk=lead.pk), said)  # which changes nothing any more

    kept = {row.fact: (row.value, row.was, row.at) for row in lead.changes.all()}
    assert lead.changes.count() == len(kept) == len(LINKED)
    assert [kept[fact] for fact in LINKED] == [
        (second.pk, first.pk, NOON),
        (owner.pk, None, NOON),
        ("CRM-9", None, NOON),
    ]


@pytest.mark.django_db
def test_what_a_lead_is_made_with_is_no_change_of_it():
    told = {
        "email": "ann@acme.example",
        "campaign": make_campaign().slug,
        "owner": make_person().email,
        "external_id": "CRM-9",
    }
    found = leads.capture(told, by=make_marketer(), source="api", at=NOON)

    assert not found.lead.changes.filter(fact__in=LINKED).exists()
