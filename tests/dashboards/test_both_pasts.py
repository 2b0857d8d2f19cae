"""The past of one lead (`leads.history`) and of many (`kpis.known`): of one set of cases both give the same answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dashboards.kpis.known import known_at_offer
from leads.facts import facts_of
from leads.history import Offer, history_of
from leads.models import AttributeChange, CompanyChange, CompanyDomain, Handoff, Lead
from tests.dashboards.test_closing import MAY
from tests.dashboards.worlds import june, make_cycle
from tests.factories import make_company, make_field, make_lead

pytestmark = pytest.mark.django_db
OFFERED = june(10)
BEFORE, EARLIER, AFTER = june(5), june(3), june(20)


def own(row: Handoff, fact: str, value: object, at: object, was: object = None) -> None:
    AttributeChange.objects.create(lead=row.lead, fact=fact, value=value, was=was, at=at)


def of_company(row: Handoff, fact: str, value: object, at: object, was: object = None) -> None:
    CompanyChange.objects.create(company=row.lead.company, fact=fact, value=value, was=was, at=at)


def moved(row: Handoff, at: object, *, had: bool = True) -> None:
    """To another company, of which nothing is known, from the one it has (or from none)."""
    other, was = make_company("Empty"), row.lead.company_id if had else None
    own(row, "lead.company", other.pk, at, was)
    Lead.objects.filter(pk=row.lead_id).update(company=other)


def left(row: Handoff, at: object) -> None:
    own(row, "lead.company", None, at, row.lead.company_id)
    Lead.objects.filter(pk=row.lead_id).update(company=None)


def unfilled(row: Handoff) -> None:
    Lead.objects.update(source="", source_key="", attributes={})


LEAD = {
    "never changed": (True, lambda row, fact: None),
    "never known": (False, lambda row, fact: unfilled(row)),
    "filled before": (True, lambda row, fact: own(row, fact, "x", BEFORE)),
    "filled at the offer": (True, lambda row, fact: own(row, fact, "x", OFFERED)),
    "filled after": (False, lambda row, fact: own(row, fact, "x", AFTER)),
    "changed after": (True, lambda row, fact: own(row, fact, "x", AFTER, "y")),
    "emptied before": (False, lambda row, fact: own(row, fact, "", BEFORE, "x")),
    "emptied to nothing": (False, lambda row, fact: own(row, fact, None, BEFORE, "x")),
    "a moment after": (False, lambda row, fact: own(row, fact, "x", OFFERED + timedelta(microseconds=1))),
}
COMPANY = {
    "never changed": (True, lambda row, fact, value: None),
    "said before": (True, lambda row, fact, value: of_company(row, fact, value, BEFORE)),
    "said after": (False, lambda row, fact, value: of_company(row, fact, value, AFTER)),
    "changed after": (True, lambda row, fact, value: of_company(row, fact, value, AFTER, value)),
    "emptied before": (False, lambda row, fact, value: of_company(row, fact, None, BEFORE, value)),
    "told after it was emptied": (
        True,
        lambda row, fact, value: (of_company(row, fact, None, EARLIER), own(row, fact, value, BEFORE)),
    ),
    "emptied after it was told": (
        False,
        lambda row, fact, value: (of_company(row, fact, None, BEFORE), own(row, fact, value, EARLIER)),
    ),
    "told after the offer": (
        False,
        lambda row, fact, value: (of_company(row, fact, value, AFTER), own(row, fact, value, AFTER)),
    ),
    "another one after": (True, lambda row, fact, value: moved(row, AFTER)),
    "one after, none before": (False, lambda row, fact, value: moved(row, AFTER, had=False)),
    "another one before": (False, lambda row, fact, value: moved(row, BEFORE)),
    "told of the one before": (
        False,
        lambda row, fact, value: (own(row, fact, value, EARLIER), moved(row, BEFORE)),
    ),
    "told of the other": (
        True,
        lambda row, fact, value: (moved(row, EARLIER), own(row, fact, value, BEFORE)),
    ),
    "left after": (True, lambda row, fact, value: left(row, AFTER)),
    "left before": (False, lambda row, fact, value: left(row, BEFORE)),
    "told without one": (
        False,
        lambda row, fact, value: (left(row, EARLIER), own(row, fact, value, BEFORE)),
    ),
}
VALUES = {"company.employees": 40, "company.industry": "Paper", "company.domain": "paper.example"}


def offered() -> Handoff:
    make_field("region")
    company = make_company("Full", employees=40, industry="Paper")
    CompanyDomain.objects.get_or_create(domain="paper.example", company=company)
    lead = make_lead(
        created_at=MAY, company=company, source="web", source_key="web", attributes={"region": "North"}
    )
    return make_cycle(lead=lead, offered_at=OFFERED)


def both(fact: str) -> tuple[bool, bool]:
    """What each of the two says: of one lead, and of all."""
    row = Handoff.objects.select_related("lead__company").get()
    company = row.lead.company_id
    history = history_of({row.lead_id: company}, journal=False)
    present = facts_of([row.lead], OFFERED)[row.lead_id]
    then = history.as_of(Offer(row.pk, row.lead_id, row.offered_at), present, company)
    return then.value(fact) is not None, Handoff.objects.filter(known_at_offer(fact)).exists()


@pytest.mark.parametrize("fact", ["lead.source", "attributes.region"])
@pytest.mark.parametrize("case", LEAD)
def test_a_fact_of_the_lead(case, fact):
    expected, happen = LEAD[case]
    happen(offered(), fact)

    assert both(fact) == (expected, expected)


@pytest.mark.parametrize("fact", VALUES)
@pytest.mark.parametrize("case", COMPANY)
def test_a_fact_of_the_company(case, fact):
    expected, happen = COMPANY[case]
    happen(offered(), fact, VALUES[fact])

    assert both(fact) == (expected, expected)


@pytest.mark.parametrize("value", [None, ""])
def test_an_attribute_that_says_nothing_is_missing(value):
    offered()
    Lead.objects.update(attributes={"region": value})

    assert both("attributes.region") == (False, False)


def test_an_attribute_that_says_no_is_filled():
    offered()
    Lead.objects.update(attributes={"region": False})

    assert both("attributes.region") == (True, True)


@pytest.mark.parametrize("name", ["title", "employees", "domain", "consent"])
def test_an_attribute_that_is_called_as_a_field_is_the_attribute(name):
    row = offered()
    Lead.objects.update(attributes={name: "yes"}, company=None)
    own(row, f"lead.{name}", "", BEFORE)

    assert both(f"attributes.{name}") == (True, True)


def test_a_company_without_a_primary_domain_has_one():
    offered()
    CompanyDomain.objects.update(is_primary=False)

    assert both("company.domain") == (True, True)
