"""Targets for a month become promises in a draft; nobody's draft is overwritten unseen."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from common.refusals import Conflict, NotAllowed
from sla.models import Contract, ContractVersion
from sla.services import contracts, targets
from tests.factories import make_member, make_person, make_team
from tests.threads import at_once

pytestmark = pytest.mark.django_db
URL = "/contract/targets/"
GOAL = {"volume": "252", "quality": "75", "conversion": "", "pipeline": "900000"}


@pytest.fixture
def operations():
    return make_person(role="operations")


def said(version: ContractVersion) -> dict[str, object]:
    return {row.kind: row.amount or row.goal for row in version.commitments.order_by("kind")}


def test_the_targets_are_the_promises_of_a_new_draft(client, operations):
    client.force_login(operations)

    answer = client.post(URL, GOAL)

    version = ContractVersion.objects.get()
    assert answer["Location"] == reverse("sla:contract-edit", args=[version.number])
    assert said(version) == {"pipeline": 900_000, "quality": Decimal("0.75"), "volume": 252}
    assert {row.period for row in version.commitments.all()} == {"month"}


def test_an_open_draft_is_replaced_only_when_somebody_says_so(client, operations):
    client.force_login(operations)
    client.post(URL, GOAL)

    asked = client.post(URL, GOAL | {"volume": "300"})
    assert b"is being drafted already" in asked.content
    assert said(ContractVersion.objects.get())["volume"] == 252

    client.post(URL, GOAL | {"volume": "300", "quality": "", "replace": "1"})
    assert said(ContractVersion.objects.get()) == {
        "pipeline": 900_000,
        "quality": Decimal("0.75"),
        "volume": 300,
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"volume": "-1"},
        {"quality": "101"},
        {"quality": "75 percent"},
        {"volume": "many"},
        {"pipeline": "NaN"},
        {"volume": "9" * 30},
    ],
)
def test_what_is_no_target_is_said_at_its_field(client, operations, wrong):
    client.force_login(operations)

    answer = client.post(URL, GOAL | wrong)

    assert answer.status_code == 422
    assert not ContractVersion.objects.exists()


@pytest.mark.parametrize("typed", ["75", "75 %", " 75.00% "])
def test_a_share_is_typed_in_per_cent_and_kept_as_a_fraction(client, operations, typed):
    client.force_login(operations)

    client.post(URL, GOAL | {"quality": typed})

    assert said(ContractVersion.objects.get())["quality"] == Decimal("0.75")


def test_a_share_typed_as_a_fraction_is_asked_for_again_and_not_taken_for_less_than_one_per_cent(
    client, operations
):
    client.force_login(operations)

    answer = client.post(URL, GOAL | {"quality": "0.75"})

    assert answer.status_code == 422
    assert b"Write per cent from 1 to 100, such as 75." in answer.content
    assert b'value="0.75"' in answer.content


def test_an_open_draft_is_asked_about_in_the_per_cent_that_was_sent(client, operations):
    client.force_login(operations)
    client.post(URL, GOAL)

    assert b'name="quality" value="75"' in client.post(URL, GOAL).content


def test_no_target_at_all_drafts_nothing(client, operations):
    client.force_login(operations)

    assert b"Give at least one target" in client.post(URL, {}).content


def test_whoever_may_not_draft_may_not_set_targets(client):
    rep = make_member(make_team())
    client.force_login(rep)

    assert client.post(URL, GOAL).status_code == 403
    with pytest.raises(NotAllowed):
        targets.draft_targets({"volume": Decimal(1)}, replace=None, by=rep)


def test_a_proposal_is_not_touched(operations):
    version = targets.draft_targets({"volume": Decimal(1)}, replace=None, by=operations)
    contracts.propose(version, by=operations)

    other = targets.draft_targets({"volume": Decimal(2)}, replace=version.number, by=operations)

    assert other != version
    assert said(version)["volume"] == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_draft(operations):
    Contract.objects.create()

    found = at_once([lambda: targets.draft_targets({"volume": Decimal(1)}, replace=None, by=operations)] * 3)

    assert sorted(type(one).__name__ for one in found) == ["Conflict", "Conflict", "ContractVersion"]
    assert isinstance(next(one for one in found if isinstance(one, Exception)), Conflict)
