"""Custom attributes: how they are stored, and choices that several people widen at once."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from common.refusals import Invalid
from leads.models import CustomField
from leads.services import attributes, leads
from tests.factories import make_marketer
from tests.intake.files import load
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def make_choice(name: str = "region", *choices: str) -> CustomField:
    return CustomField.objects.create(
        name=name, label=name.capitalize(), type="choice", choices=list(choices)
    )


def capture(email: str, **told: Any) -> leads.Captured:
    return leads.capture({"email": email, "attributes": told}, by=make_marketer())


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        ("2026-11-24", "2026-11-24"),
        ("20261124", "2026-11-24"),
        ("2026-W48-2", "2026-11-24"),
        ("2026-11-24T01:30:00+02:00", "2026-11-23T23:30:00Z"),
        ("2026-11-24 09:30", "2026-11-24T09:30:00Z"),
    ],
)
def test_dates_are_stored_in_one_form_that_sql_reads_as_python_does(said: str, stored: str) -> None:
    CustomField.objects.create(name="renewal", label="Renewal", type="date")

    values, _ = attributes.typed({"renewal": said})

    assert values == {"renewal": stored}


@pytest.mark.parametrize("said", ["soon", "2026-02-30", "0001-01-01T00:00:00+14:00"])
def test_impossible_dates_are_refused(said: str) -> None:
    CustomField.objects.create(name="renewal", label="Renewal", type="date")

    with pytest.raises(Invalid, match="Enter a date"):
        attributes.typed({"renewal": said})


def test_a_call_may_name_what_a_file_made() -> None:
    load("leads", "email,Größe", "a@b.com,M", "b@b.com,L")

    captured = capture("a@b.com", größe="XL")

    assert captured.lead.attributes == {"größe": "XL"}
    assert CustomField.objects.get().choices == ["M", "L", "XL"]


@pytest.mark.parametrize("name", ["Region", "a b", "", "_a", "a__b", "x" * 81])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(Invalid, match="Name it with small letters"):
        capture("a@b.com", **{name: "x"})

    assert not CustomField.objects.exists()


def test_another_spelling_is_no_new_choice() -> None:
    make_choice("region", "Nordics")

    capture("a@b.com", region="NORDICS ")

    assert CustomField.objects.get().choices == ["Nordics"]


def test_past_fifty_choices_the_field_becomes_text() -> None:
    make_choice("region", *(f"Region {number}" for number in range(50)))

    capture("a@b.com", region="One more")

    field = CustomField.objects.get()
    assert (field.type, field.choices) == ("text", [])


@pytest.mark.django_db(transaction=True)
def test_new_choices_that_come_at_once_all_stay() -> None:
    make_choice("region")
    names = [f"Region {number}" for number in range(8)]

    at_once([partial(capture, f"lead{n}@b.com", region=name) for n, name in enumerate(names)])

    assert sorted(CustomField.objects.get().choices) == names


@pytest.mark.django_db(transaction=True)
def test_attributes_named_in_opposite_order_wait_for_each_other_in_no_circle() -> None:
    for name in ("east", "west"):
        make_choice(name)

    outcomes = at_once(
        partial(
            capture,
            f"lead{n}@b.com",
            **dict(sorted({"east": f"e{n}", "west": f"w{n}"}.items(), reverse=n % 2)),
        )
        for n in range(8)
    )

    assert [type(outcome) for outcome in outcomes] == [leads.Captured] * 8


@pytest.mark.django_db(transaction=True)
def test_a_file_and_a_call_widen_one_choice_at_once() -> None:
    make_choice("region", "Nordics")

    at_once(
        [
            partial(load, "leads", "email,region", "a@b.com,Baltics"),
            partial(capture, "c@b.com", region="Benelux"),
        ]
    )

    assert sorted(CustomField.objects.get().choices) == ["Baltics", "Benelux", "Nordics"]
