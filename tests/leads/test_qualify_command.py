"""`manage.py qualify --explain`: why a lead meets the definition in force, or does not."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from leads.models import ExternalId, Lead, Qualification
from tests.factories import NOON, make_company, make_definition, make_lead

pytestmark = pytest.mark.django_db
SIZE = {"fact": "company.employees", "op": "gte", "value": 200}
RIVAL = {"not": {"fact": "company.relation", "op": "eq", "value": "competitor"}}
POINTS = {"fit": [{"when": SIZE, "points": 50}]}


def explained(name: object) -> list[str]:
    out = StringIO()
    call_command("qualify", "--explain", str(name), stdout=out)
    return out.getvalue().splitlines()


def lead_of(employees: int, **fields: Any) -> Lead:
    company = make_company(employees=employees)
    return make_lead(first_name="Maren", last_name="Solberg", company=company, created_at=NOON, **fields)


def test_every_test_says_what_was_seen_and_nothing_is_written() -> None:
    version = make_definition({"all": [SIZE, RIVAL]}, scoring=POINTS)
    lead = lead_of(1_400)

    assert explained(lead.public_id) == [
        f"Maren Solberg: meets {version}",
        f"met      Company has at least 200 employees: 1,400, since {NOON:%Y-%m-%d %H:%M} UTC",
        f"not met  Company relation is Competitor (must not be met): none, since {NOON:%Y-%m-%d %H:%M} UTC",
        "Score 50.00: fit 50.00, engagement 0.00",
    ]
    assert not Qualification.objects.exists()


def test_a_lead_that_went_on_is_explained_with_its_stage() -> None:
    version = make_definition({"all": [SIZE]})
    lead = lead_of(90, stage="recycled")

    first, stage, finding = explained(lead.public_id)

    assert first == f"Maren Solberg: does not meet {version}"
    assert stage == "Stage Recycled: only an inquiry qualifies by itself."
    assert finding.startswith("not met  Company has at least 200 employees: 90")


def test_a_lead_goes_by_id_external_id_and_address_and_a_merged_one_by_its_survivor() -> None:
    make_definition({"all": [SIZE]})
    lead = lead_of(1_400)
    merged = make_lead(email="old@nordhavn.example", merged_into=lead)
    ExternalId.objects.create(kind=ExternalId.Kind.LEAD, value="c-1", lead=lead)

    names = (lead.public_id, "c-1", lead.emails.get().email.upper(), merged.public_id, "old@nordhavn.example")

    assert {explained(name)[0].partition(":")[0] for name in names} == {"Maren Solberg"}


def test_what_cannot_be_explained_is_said_in_a_sentence() -> None:
    lead = make_lead()

    with pytest.raises(CommandError, match="No MQL definition is in force"):
        explained(lead.public_id)
    with pytest.raises(CommandError, match="There is no lead “nobody”"):
        explained("nobody")
