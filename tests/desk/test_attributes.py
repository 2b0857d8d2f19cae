"""Custom attributes on the page of a lead: read by everybody, changed by whoever may edit the lead."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from leads.models import AttributeChange, Lead
from tests.accounts.people import make_person
from tests.factories import make_field, make_lead

pytestmark = pytest.mark.django_db
SAID = {
    "attributes.make": "Nordpump", "attributes.sites": "7", "attributes.dry_dock_on": "2027-04-12",
    "attributes.serviced": "true", "attributes.note": "Two pump rooms",
}  # fmt: skip


@pytest.fixture
def lead() -> Lead:
    make_field("make", "choice", choices=["Nordpump", "Sulzer"])
    make_field("sites", "number")
    make_field("dry_dock_on", "date")
    make_field("serviced", "boolean")
    make_field("note")
    return make_lead("inquiry", "maren@solberg.example", first_name="Maren", last_name="Solberg")


@pytest.fixture
def marketer(client: Client) -> Client:
    client.force_login(make_person(role="operations"))
    return client


def send(client: Client, lead: Lead, **said: str) -> Any:
    """The form as a browser sends it: with everything it showed, and what was changed."""
    lead.refresh_from_db()
    address = reverse("desk:lead-edit", args=[lead.public_id])
    shown = client.get(address).context["form"]
    values = {bound.html_name: bound.value() for bound in shown}
    sent = {name: "" if value is None else value for name, value in values.items()} | said
    return client.post(address, sent)


def test_each_kind_is_told_by_the_form_and_read_on_the_page(marketer: Client, lead: Lead) -> None:
    answer = send(marketer, lead, **SAID)

    lead.refresh_from_db()
    page = marketer.get(reverse("desk:lead", args=[lead.public_id])).content.decode()
    assert answer.status_code == 302
    assert lead.attributes == {
        "make": "Nordpump", "sites": 7, "dry_dock_on": "2027-04-12", "serviced": True, "note": "Two pump rooms"
    }  # fmt: skip
    for label, value in (
        ("Make", "Nordpump"),
        ("Sites", "7"),
        ("Serviced", "Yes"),
        ("Note", "Two pump rooms"),
    ):
        assert f"<dt>{label}</dt><dd>{value}</dd>" in page
    assert "12 April 2027" in page


def test_what_is_emptied_is_emptied_and_keeps_its_history(marketer: Client, lead: Lead) -> None:
    send(marketer, lead, **SAID)

    send(marketer, lead, **{"attributes.make": "", "attributes.sites": ""})

    lead.refresh_from_db()
    told = AttributeChange.objects.filter(lead=lead, fact="attributes.make").order_by("pk")
    assert {"make", "sites"}.isdisjoint(lead.attributes)
    assert lead.attribute_keys == {"note": "two pump rooms"}
    assert [row.value for row in told] == ["Nordpump", None]


def test_what_is_not_touched_is_not_written(marketer: Client, lead: Lead) -> None:
    Lead.objects.filter(pk=lead.pk).update(
        attributes={"dry_dock_on": "2027-04-12T08:30:00Z", "make": "Other"}
    )

    send(marketer, lead, last_name="Solberg-Lie")

    lead.refresh_from_db()
    assert lead.last_name == "Solberg-Lie"
    assert lead.attributes == {"dry_dock_on": "2027-04-12T08:30:00Z", "make": "Other"}


@pytest.mark.parametrize(
    ("name", "value", "wrong"),
    [
        ("sites", "many", "Enter a number."),
        ("sites", "1e300", "Enter a number below"),
        ("dry_dock_on", "soon", "Enter a day"),
        ("make", "Unheard of", "Choose one of the list."),
        ("note", "x" * 2_001, "at most 2000 characters"),
    ],
)
def test_a_misfit_is_refused_at_its_field(
    marketer: Client, lead: Lead, name: str, value: str, wrong: str
) -> None:
    page = send(marketer, lead, **{f"attributes.{name}": value})

    assert page.status_code == 422
    assert wrong in page.content.decode()
    lead.refresh_from_db()
    assert lead.attributes == {}


def test_an_attribute_changed_meanwhile_is_shown_before_it_is_overwritten(
    marketer: Client, lead: Lead
) -> None:
    seen = lead.version
    send(marketer, lead, **{"attributes.make": "Sulzer"})

    address = reverse("desk:lead-edit", args=[lead.public_id])
    page = marketer.post(address, {"seen_version": seen, "attributes.make": "Nordpump"})

    assert page.status_code == 409
    assert "“Sulzer”" in page.content.decode()
