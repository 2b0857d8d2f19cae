"""Capturing and editing leads: identity, wrong fields, and what others changed meanwhile."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from common.refusals import Conflict, Invalid, NotAllowed
from leads.models import AttributeChange, Comment, Company, CustomField, Lead, Qualification
from leads.services import leads
from tests.factories import (
    HOUR,
    NOON,
    make_company,
    make_definition,
    make_lead,
    make_marketer,
    make_member,
    make_offer,
    make_person,
    make_team,
)
from tests.threads import at_once

pytestmark = pytest.mark.django_db

MAREN = {
    "external_id": "c-1", "email": "Maren@Nordhavn.example.com", "first_name": "Maren", "last_name": "Solberg",
    "title": "VP Operations", "company": "Nordhavn Shipping", "company_domain": "https://www.nordhavn.com/x",
    "employees": "1400", "country": "NO", "source": "Webinar", "phone": "+47 22 12 34 56",
}  # fmt: skip


def capture(fields: dict[str, Any], **rest: Any) -> leads.Captured:
    return leads.capture(fields, by=rest.pop("by", None) or make_marketer(), at=NOON, **rest)


def test_a_new_lead_is_stored_with_its_company_and_searchable() -> None:
    captured = capture(MAREN)

    lead = captured.lead
    assert captured.created
    assert (lead.name, lead.title_key, lead.created_at) == ("Maren Solberg", "vp operations", NOON)
    assert lead.company is not None
    assert (lead.company.name, lead.company.employees) == ("Nordhavn Shipping", 1_400)
    assert lead.search_text == "maren solberg vp operations nordhavn shipping maren@nordhavn.example.com"
    assert lead.phones.get().e164 == "+4722123456"


def test_the_same_lead_again_is_updated_and_empty_fields_erase_nothing() -> None:
    capture(MAREN)

    again = capture({"external_id": "c-1", "title": "COO", "country": ""})

    assert not again.created
    assert (again.lead.title, again.lead.country) == ("COO", "NO")
    assert Lead.objects.count() == Company.objects.count() == 1


def test_a_known_email_finds_the_lead_whatever_its_letters() -> None:
    first = capture(MAREN).lead

    again = capture({"email": "MAREN@nordhavn.example.com", "last_name": "Solberg-Vik"})

    assert (again.lead, again.created) == (first, False)


def test_a_known_email_with_another_external_id_is_a_conflict() -> None:
    capture(MAREN)

    with pytest.raises(Conflict, match="c-1"):
        capture({**MAREN, "external_id": "c-2"})


def test_a_known_external_id_with_anothers_email_is_a_conflict() -> None:
    capture(MAREN)
    capture({"email": "tom@buyer.com", "last_name": "Tom"})

    with pytest.raises(Conflict, match="belongs to another lead"):
        capture({"external_id": "c-1", "email": "tom@buyer.com"})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "not an address"),
        ("email", "a\x00b@buyer.com"),
        ("employees", "many"),
        ("employees", -1),
        ("created_at", "2026-02-30"),
        ("created_at", "2036-01-01"),
        ("company_domain", "no domain"),
        ("first_name", "x" * 121),
        ("first_name", 7),
        ("owner", "nobody@northwater.example"),
        ("campaign", "unknown"),
        ("breached_at", "2026-01-01"),
        ("stage", "customer"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_stored(field: str, value: Any) -> None:
    """B17, H04, S14."""
    with pytest.raises(Invalid) as refused:
        capture({**MAREN, field: value})

    assert list(refused.value.errors) == [field]
    assert Lead.objects.count() == 0


def test_every_wrong_field_is_named_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        capture({"email": "x", "employees": "y", "nonsense": 1})

    assert set(refused.value.errors) == {"email", "employees", "nonsense"}


def test_whoever_may_not_edit_a_known_lead_fills_its_empty_fields_only() -> None:
    capture({**MAREN, "country": "", "attributes": {"region": "Nordics"}})
    rep = make_member(make_team())

    again = capture(
        {**MAREN, "title": "Janitor", "email": "other@buyer.com", "phone": "+47 1", "company": "Elsewhere",
         "company_domain": "", "industry": "Fraud", "country": "SE",
         "attributes": {"region": "South", "seats": 4}},
        by=rep,
    )  # fmt: skip

    lead = again.lead
    assert not again.created
    assert (lead.title, lead.country, lead.attributes) == (
        "VP Operations",
        "SE",
        {"region": "Nordics", "seats": 4},
    )
    assert list(lead.emails.values_list("email", flat=True)) == ["Maren@nordhavn.example.com"]
    assert list(lead.phones.values_list("phone", flat=True)) == ["+47 22 12 34 56"]
    assert [(c.name, c.industry) for c in Company.objects.all()] == [("Nordhavn Shipping", "")]


def test_whoever_holds_a_lead_may_say_otherwise_than_what_is_known() -> None:
    team = make_team()
    rep = make_member(team)
    handoff = make_offer(team, rep)
    address = handoff.lead.emails.get().email

    capture({"email": address, "last_name": "Solberg-Vik"}, by=rep)

    assert Lead.objects.get(pk=handoff.lead_id).last_name == "Solberg-Vik"


def test_a_new_lead_of_a_rep_leaves_what_is_known_of_its_company() -> None:
    company = make_company("Nordhavn Shipping", employees=1_400)
    rep = make_member(make_team())

    capture({"email": "a@b.com", "company": "Nordhavn Shipping", "employees": 3, "industry": "Sea"}, by=rep)

    company.refresh_from_db()
    assert (company.employees, company.industry) == (1_400, "Sea")


def test_saying_again_what_is_known_is_no_change() -> None:
    version = capture(MAREN).lead.version

    again = capture(MAREN).lead
    changed = capture({**MAREN, "title": "COO"}).lead

    assert (again.version, changed.version) == (version, version + 1)


def test_what_comes_with_a_lead_is_known_of_it_also_where_its_company_was_known() -> None:
    make_company("Nordhavn Shipping", employees=1_400)

    capture(MAREN)

    assert list(AttributeChange.objects.filter(fact="company.employees").values_list("value", flat=True)) == [
        1_400
    ]


def test_a_moment_of_creation_that_is_told_later_takes_the_place_of_the_assumed_one() -> None:
    capture(MAREN)

    lead = capture({"external_id": "c-1", "created_at": "2026-05-01"}).lead

    assert (lead.created_at.isoformat(), lead.created_at_assumed) == ("2026-05-01T00:00:00+00:00", False)
    assert set(lead.changes.values_list("at", flat=True)) == {lead.created_at}


def test_what_nobody_can_see_is_taken_out_of_text() -> None:
    """S21."""
    lead = capture(
        {**MAREN, "first_name": "\u202eMa\x07ren ", "attributes": {"a": "x\u2066", "b": " \u200f"}}
    ).lead

    assert (lead.first_name, lead.attributes) == ("Maren", {"a": "x"})


def test_more_attributes_than_a_file_has_columns_are_refused() -> None:
    with pytest.raises(Invalid, match="at most 200 attributes"):
        capture({**MAREN, "attributes": {f"a{n}": n for n in range(201)}})

    assert not CustomField.objects.exists()


def test_custom_attributes_get_a_type_and_a_misfit_is_refused() -> None:
    capture({**MAREN, "attributes": {"seats": 40, "region": "Nordics", "vip": True}})

    with pytest.raises(Invalid) as refused:
        capture({**MAREN, "attributes": {"seats": "a lot"}})

    types = dict(CustomField.objects.values_list("name", "type"))
    assert types == {"seats": "number", "region": "text", "vip": "boolean"}
    assert list(refused.value.errors) == ["attributes.seats"]


def test_values_are_kept_with_the_moment_from_which_they_were_known() -> None:
    capture({**MAREN, "created_at": "2026-06-01T08:00:00Z"})
    capture({"external_id": "c-1", "title": "COO"})

    known = AttributeChange.objects.filter(fact="lead.title").values_list("value", "at")
    assert [(value, at.isoformat()) for value, at in known] == [
        ("VP Operations", "2026-06-01T08:00:00+00:00"),
        ("COO", NOON.isoformat()),
    ]


def test_a_lead_that_meets_the_definition_on_capture_is_an_mql() -> None:
    make_definition({"fact": "company.employees", "op": "gte", "value": 200})

    captured = capture(MAREN)

    assert captured.lead.stage == "marketing_qualified"
    assert Qualification.objects.get().basis == "definition"


@pytest.mark.parametrize("role", ["read_only", ""])
def test_people_without_a_part_cannot_add_leads(role: str) -> None:
    with pytest.raises(NotAllowed):
        capture(MAREN, by=make_person(role=role))


def test_a_stale_edit_is_a_conflict_and_writes_nothing() -> None:
    """I10."""
    lead, marketer = make_lead(), make_marketer()
    leads.edit(lead, {"title": "COO"}, by=marketer, version=0, at=NOON)

    with pytest.raises(Conflict, match="changed this lead"):
        leads.edit(lead, {"title": "CEO"}, by=marketer, version=0, at=NOON)

    assert Lead.objects.get(pk=lead.pk).title == "COO"


def test_an_edit_may_empty_a_field_but_not_take_anothers_email() -> None:
    make_lead(email="taken@buyer.com")
    lead, marketer = make_lead(title="COO"), make_marketer()

    with pytest.raises(Invalid) as refused:
        leads.edit(lead, {"email": "taken@buyer.com"}, by=marketer, version=0, at=NOON)
    leads.edit(lead, {"title": ""}, by=marketer, version=0, at=NOON)

    assert list(refused.value.errors) == ["email"]
    assert Lead.objects.get(pk=lead.pk).title == ""


def test_an_edit_may_take_away_phone_and_company_but_not_the_email() -> None:
    lead = capture(MAREN).lead

    leads.edit(lead, {"phone": "", "company": ""}, by=make_marketer(), version=lead.version, at=NOON)
    with pytest.raises(Invalid) as refused:
        leads.edit(lead, {"email": ""}, by=make_marketer(), version=lead.version + 1, at=NOON)

    lead.refresh_from_db()
    assert (lead.company, lead.phones.count(), lead.emails.count()) == (None, 0, 1)
    assert list(refused.value.errors) == ["email"]


def test_a_rep_without_the_lead_cannot_edit_it() -> None:
    with pytest.raises(NotAllowed):
        leads.edit(make_lead(), {"title": "x"}, by=make_member(make_team()), version=0, at=NOON)


def test_a_comment_tells_the_people_it_names() -> None:
    dana = make_person(email="dana.whitfield@northwater.example")

    row = leads.comment(
        make_lead(), "Ask @dana.whitfield@northwater.example first.", by=make_marketer(), at=NOON + HOUR
    )

    assert list(row.mentions.all()) == [dana]
    assert Comment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_arrivals_of_one_person_at_once_make_one_lead() -> None:
    """R33."""
    fields = {"email": "one@buyer.com", "last_name": "One"}

    at_once([partial(leads.capture, fields, by=make_marketer())] * 20)

    assert Lead.objects.count() == 1
