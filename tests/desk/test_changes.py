"""The tab of a lead that tells what was known of it, and since when."""

from __future__ import annotations

import pytest

from desk.queries.changes import changes_of
from desk.queries.sentences import BASES, Names
from leads.models import AttributeChange, CustomField, LeadEvent
from leads.models.qualification import Basis
from tests.desk.world import World, as_user
from tests.factories import HOUR, NOON, make_campaign, make_company, make_lead, make_person

pytestmark = pytest.mark.django_db


def test_what_is_known_of_a_lead_is_told_in_words(world: World) -> None:
    lead = make_lead()
    CustomField.objects.create(name="vessel_count", label="Vessels", type="number")
    for fact, value in {
        "company.employees": 1400,
        "lead.first_name": "Maren",
        "attributes.vessel_count": 12000,
        "attributes.gone": None,
    }.items():
        AttributeChange.objects.create(lead=lead, fact=fact, value=value, at=NOON, source="api")

    assert [(change.label, change.value) for change in changes_of(lead)] == [
        ("Gone", ""),
        ("Vessels", "12,000"),
        ("First name", "Maren"),
        ("Company employees", "1,400"),
    ]
    page = as_user(world.rep).get(f"/leads/{lead.public_id}/changes/").content.decode()
    assert "Company employees" in page
    assert "company.employees" not in page
    assert "API" in page


def test_the_timeline_says_how_a_lead_became_an_mql() -> None:
    said = {
        str(basis): str(Names().sentence(LeadEvent(kind="mql", data={"basis": basis}))) for basis in Basis
    }

    assert set(BASES) == set(Basis)
    assert said["hand_raise"] == "Became an <b>MQL</b>, by a hand raise"
    assert said["manual"] == "Became an <b>MQL</b>, marked by hand"


def test_another_company_is_told_by_its_name():
    lead = make_lead(company=make_company("Old"))
    lead.changes.create(fact="lead.company", value=make_company("New").pk, was=lead.company_id, at=NOON)
    lead.changes.create(fact="lead.company", value=None, at=NOON + HOUR)

    assert [(change.label, change.value) for change in changes_of(lead)] == [
        ("Company", ""),
        ("Company", "New"),
    ]


def test_another_campaign_and_owner_are_told_by_their_names():
    lead, campaign, owner = make_lead(), make_campaign(), make_person()
    lead.changes.create(fact="lead.campaign", value=campaign.pk, at=NOON)
    lead.changes.create(fact="lead.owner", value=owner.pk, at=NOON + HOUR)

    assert [(change.label, change.value) for change in changes_of(lead)] == [
        ("Owner", str(owner)),
        ("Campaign", str(campaign)),
    ]
