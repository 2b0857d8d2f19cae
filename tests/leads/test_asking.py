"""What a return may ask for and a rejection may point at: the journal keeps both for good."""

from __future__ import annotations

import pytest

from common.refusals import Invalid
from leads.models import CustomField, LeadEvent
from leads.services import handoffs
from tests.factories import MINUTE, NOON, make_member, make_offer, make_reason, make_team

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name",
    [
        "phone",
        "lead.phone",
        "company.employees",
        "company.tier",
        "consent",
        "other",
        "region",
        "attributes.region",
    ],
)
def test_fields_of_leads_can_be_asked_for(name: str) -> None:
    team = make_team()
    handoff = make_offer(team)
    CustomField.objects.create(name="region", label="Region", type="text")

    handoffs.return_for_info(handoff, by=make_member(team), missing=[name], at=NOON + MINUTE)

    handoff.refresh_from_db()
    assert handoff.missing_fields == [name]


@pytest.mark.parametrize(
    "name", ["Call Maren Solberg", "region", "attributes.region", "handoff.team", "company.x", ""]
)
def test_nothing_else_can_be_asked_for_and_nothing_is_written(name: str) -> None:
    team = make_team()
    handoff = make_offer(team)

    with pytest.raises(Invalid) as refused:
        handoffs.return_for_info(handoff, by=make_member(team), missing=["phone", name], at=NOON + MINUTE)

    assert refused.value.errors == {"missing": f"Leads have no field “{name}”."}
    assert list(LeadEvent.objects.filter(handoff=handoff).values_list("kind", flat=True)) == ["offered"]


def test_a_rejection_points_at_nothing_but_what_was_found() -> None:
    team, reason = make_team(), make_reason("reject", next_step="fix")
    rep, handoff = make_member(team), make_offer(team)
    handoff.qualification.findings.create(position=0, path="/all/0", fact="lead.title", wording="x", met=True)

    with pytest.raises(Invalid) as refused:
        handoffs.reject(handoff, by=rep, reason=reason.key, criterion="/all/1", at=NOON + MINUTE)
    handoffs.reject(handoff, by=rep, reason=reason.key, criterion="/all/0", at=NOON + MINUTE)

    handoff.refresh_from_db()
    assert list(refused.value.errors) == ["criterion"]
    assert (handoff.status, handoff.criterion) == ("rejected", "/all/0")
