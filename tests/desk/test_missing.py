"""What a lead lacks of the fields that the contract agrees on."""

from __future__ import annotations

from typing import Any

import pytest

from desk.queries.missing import missing_facts
from leads.models import CompanyDomain, Consent, ExternalId, Lead, LeadPhone
from tests.factories import HOUR, NOON, make_company, make_field, make_lead
from tests.sla.makers import draft, promise, sign

pytestmark = pytest.mark.django_db


def missing(lead: Lead, *agreed: str) -> list[str]:
    version = draft()
    promise(version, "answer", HOUR)
    version.agreed_fields = list(agreed)
    version.save()
    sign(version)
    return [fact.name for fact in missing_facts(lead) if fact.is_missing]


@pytest.mark.parametrize(
    ("attributes", "lacks"),
    [({}, True), ({"sites": 0}, False), ({"sites": 3}, False), ({"title": "x"}, True)],
)
def test_a_custom_attribute_is_known_once_it_has_a_value_also_zero(
    attributes: dict[str, Any], lacks: bool
) -> None:
    make_field("sites", "number")
    lead = make_lead("inquiry", attributes=attributes)

    assert missing(lead, "attributes.sites") == (["attributes.sites"] if lacks else [])


def test_a_custom_attribute_called_like_a_field_is_not_the_field() -> None:
    make_field("title")
    lead = make_lead("inquiry", title="", attributes={"title": "Head of pumps"})

    assert missing(lead, "lead.title", "attributes.title") == ["lead.title"]


def test_a_custom_attribute_called_like_something_else_of_a_lead_is_the_attribute() -> None:
    for name in ("stage", "events"):
        make_field(name)

    assert missing(make_lead("inquiry"), "stage", "events") == ["stage", "events"]


def test_consent_and_the_id_elsewhere_are_rows_of_their_own() -> None:
    lead = make_lead("inquiry")

    before = missing(lead, "consent", "external_id")
    Consent.objects.create(lead=lead, purpose="sales_contact", state="given", at=NOON)
    ExternalId.objects.create(lead=lead, kind="lead", value="P-1")

    assert before == ["consent", "external_id"]
    assert [fact.name for fact in missing_facts(lead) if fact.is_missing] == []


def test_phone_and_domain_are_rows_of_their_own() -> None:
    lead = make_lead("inquiry", company=make_company())

    before = missing(lead, "phone", "company.domain")
    LeadPhone.objects.create(lead=lead, phone="+47 22 33 44 55")
    CompanyDomain.objects.create(company=lead.company, domain="nordhavn.example")

    assert before == ["phone", "company.domain"]
    assert [fact.name for fact in missing_facts(lead) if fact.is_missing] == []
