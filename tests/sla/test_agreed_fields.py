"""The fields that every offer carries go by one name: in the draft, on the contract, and where a lead lacks them."""

from __future__ import annotations

import pytest
from django.test import Client

from desk.queries.missing import label_of
from sla.forms.contract_terms import TermsForm
from sla.queries.agreed_fields import LABELS
from sla.queries.terms import field_words
from tests.factories import HOUR, make_field, make_person
from tests.sla.makers import draft, promise

pytestmark = pytest.mark.django_db


def test_every_field_reads_the_same_in_the_draft_and_on_the_contract() -> None:
    make_field("sites", "number")
    version = draft()
    version.agreed_fields = [*LABELS, "attributes.sites", "lead.shoe_size"]

    chosen = dict(TermsForm(version=version).fields["agreed_fields"].choices)

    assert [chosen[name] for name in version.agreed_fields] == field_words(version)
    assert field_words(version)[-2:] == ["Sites", "Shoe size"]


def test_a_lead_lacks_them_under_the_same_names() -> None:
    assert {name: label_of(name) for name in LABELS} == LABELS


def test_both_pages_call_them_agreed_fields() -> None:
    version = draft()
    promise(version, "answer", HOUR)
    client = Client()
    client.force_login(make_person(role="operations"))

    pages = [client.get(f"/contract/{version.number}/{page}").content.decode() for page in ("", "edit/")]

    assert [page.count("Agreed fields") for page in pages] == [1, 1]
