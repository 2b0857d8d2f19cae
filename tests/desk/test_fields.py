"""Custom fields in the settings: who makes them, what they are called, and what of them can change."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from common.refusals import Invalid, NotAllowed
from leads.models import CustomField
from leads.services import attributes
from leads.services.fields import FieldWords, add_field, revise_field
from tests.accounts.people import make_person
from tests.factories import make_field
from tests.threads import at_once

pytestmark = pytest.mark.django_db
NEW, LIST = reverse("desk:settings-field-new"), reverse("desk:settings-fields")


@pytest.fixture
def operations(client: Client) -> Client:
    client.force_login(make_person(role="operations"))
    return client


def test_a_choice_is_made_with_its_values(operations: Client) -> None:
    said = {"label": "Make of pumps", "type": "choice", "choices": "Nordpump\n\n nordpump \nSulzer"}

    answer = operations.post(NEW, said)

    made = CustomField.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, LIST)
    assert (made.name, made.label, made.type) == ("make_of_pumps", "Make of pumps", "choice")
    assert made.choices == ["Nordpump", "Sulzer"]


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"label": "Source", "type": "text"}, "Every lead has this field already."),
        ({"label": "!!", "type": "text"}, "Enter a name of letters or digits"),
        ({"label": "Sites", "type": "number"}, "There is already a field"),
        ({"label": "SITES!", "type": "number"}, "There is already a field attributes.sites."),
        ({"label": "Region", "type": "choice"}, "Enter 1 to 50 values"),
        ({"label": "Region", "type": "text", "choices": "North"}, "Only a choice offers values."),
        ({"label": "Region", "type": "colour"}, "Choose one of the list."),
        ({"label": "Region", "type": "choice", "choices": "x" * 121}, "at most 120 characters a value"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(operations: Client, said: dict[str, str], wrong: str) -> None:
    make_field("sites", "number")

    page = operations.post(NEW, said)

    assert wrong in page.content.decode()
    assert CustomField.objects.count() == 1


def test_its_words_change_and_its_name_stays(operations: Client) -> None:
    field = make_field("make", "choice", choices=["Nordpump", "Sulzer"])
    address = reverse("desk:settings-field", args=["make"])

    shown = operations.get(address).content.decode()
    operations.post(address, {"label": "Pumps by", "choices": "Sulzer\nGrundfos"})

    field.refresh_from_db()
    assert "attributes.make" in shown
    assert "Nordpump\nSulzer" in shown
    assert (field.name, field.label, field.choices) == ("make", "Pumps by", ["Sulzer", "Grundfos"])


def shown(client: Client, address: str) -> dict[str, str]:
    """What a browser sends of the form when nothing is changed in it."""
    return {bound.name: bound.value() or "" for bound in client.get(address).context["form"]}


def test_values_that_came_while_the_form_was_open_stay(operations: Client) -> None:
    field = make_field("make", "choice", choices=["Nordpump", "Sulzer"])
    address = reverse("desk:settings-field", args=["make"])
    form = shown(operations, address)

    attributes.settle({"make": "Grundfos"})
    operations.post(address, form | {"label": ""})  # refused, and shown once more with what was seen first
    operations.post(address, form | {"choices": "Sulzer\nFlygt"})

    field.refresh_from_db()
    assert field.choices == ["Sulzer", "Flygt", "Grundfos"]


def test_what_another_changed_while_the_form_was_open_stays(operations: Client) -> None:
    field = make_field("make", "choice", choices=["Nordpump", "Sulzer"])
    address = reverse("desk:settings-field", args=["make"])
    form = shown(operations, address)

    operations.post(address, form | {"label": "Pumps by", "choices": "Sulzer"})
    operations.post(address, form | {"choices": "Nordpump\nSulzer\nFlygt"})

    field.refresh_from_db()
    assert (field.label, field.choices) == ("Pumps by", ["Sulzer", "Flygt"])


def test_no_more_values_than_a_choice_may_offer_come_together(operations: Client) -> None:
    field = make_field("make", "choice", choices=["Sulzer"])
    address = reverse("desk:settings-field", args=["make"])
    form = shown(operations, address)
    attributes.settle({"make": "Grundfos"})

    page = operations.post(address, form | {"choices": "\n".join(f"Pump {one}" for one in range(50))})

    field.refresh_from_db()
    assert "Enter 1 to 50 values" in page.content.decode()
    assert field.choices == ["Sulzer", "Grundfos"]


def test_a_field_of_numbers_has_no_values_to_choose(operations: Client) -> None:
    field = make_field("sites", "number")

    operations.post(reverse("desk:settings-field", args=["sites"]), {"label": "Plants", "choices": "1"})

    field.refresh_from_db()
    assert (field.label, field.choices) == ("Plants", [])


def test_a_name_in_any_alphabet_has_a_page(operations: Client) -> None:
    operations.post(NEW, {"label": "Größe in m²", "type": "text"})

    listed = operations.get(LIST).content.decode()
    page = operations.get(reverse("desk:settings-field", args=[CustomField.objects.get().name]))

    assert "Größe in m²" in listed
    assert page.status_code == 200


def test_an_unknown_field_is_not_found(operations: Client) -> None:
    assert operations.get(reverse("desk:settings-field", args=["nothing"])).status_code == 404


@pytest.mark.parametrize("role", ["", "read_only"])
def test_only_who_configures_makes_or_changes_one(client: Client, role: str) -> None:
    field, person = make_field("sites", "number"), make_person(role=role)
    client.force_login(person)

    asked = [client.post(NEW, {"label": "Region", "type": "text"}).status_code]
    asked.append(client.post(reverse("desk:settings-field", args=["sites"]), {"label": "X"}).status_code)

    assert asked == [403, 403]
    assert "New field" not in client.get(LIST).content.decode()
    for act in (
        lambda: add_field(FieldWords("Region"), type_="text", by=person),
        lambda: revise_field(field, FieldWords("X"), by=person),
    ):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.django_db(transaction=True)
def test_two_who_name_the_same_field_at_once_make_one() -> None:
    admin = make_person(role="admin")

    def by_hand() -> Any:
        return add_field(FieldWords("Region"), type_="text", by=admin)

    def by_program() -> Any:
        return attributes.settle({"region": "North"})

    outcomes = at_once([by_hand, by_program, by_hand, by_program])

    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert CustomField.objects.count() == 1
    assert all(isinstance(outcome, Invalid) for outcome in refused)


def test_a_choice_of_many_values_stays_one_line_of_the_list(operations: Client) -> None:
    make_field("day", "choice", choices=[f"2026-10-{day:02}" for day in range(1, 31)])

    page = operations.get(LIST).content.decode()

    assert ", 2026-…</td>" in page
