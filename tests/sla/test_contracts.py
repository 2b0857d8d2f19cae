"""The contract: drafted from what is in force, proposed, signed by both sides, in force from its start."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from common.refusals import Conflict, Invalid, NotAllowed
from leads.services import catalogue
from leads.services.catalogue import ReasonFields
from sla.models import Contract, ContractVersion
from sla.queries.contract_changes import change_list
from sla.services import contract_drafts, contracts
from tests.factories import HOUR, NOON, make_member, make_person, make_reason, make_team
from tests.sla import makers
from tests.sla.makers import make_contract
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def marketer():
    return make_member(make_team(function="demand"), "marketing_manager")


@pytest.fixture
def seller():
    return make_member(make_team(), "sales_manager")


@pytest.fixture
def proposal(seller) -> ContractVersion:
    make_contract(answer=HOUR)
    return contracts.propose(contracts.draft(by=seller, at=NOON), by=seller)


def test_a_draft_says_what_is_in_force(seller):
    make_contract(answer=HOUR, rework=2 * HOUR)

    draft = contracts.draft(by=seller, at=NOON)

    assert (draft.number, draft.status) == (2, "draft")
    assert list(draft.commitments.order_by("kind").values_list("kind", "target")) == [
        ("answer", HOUR),
        ("rework", 2 * HOUR),
    ]


def test_reasons_that_settings_worded_anew_are_cited_by_the_next_draft_and_listed_as_a_change(seller):
    in_force, size = makers.draft(), make_reason("reject", "too-small")
    makers.promise(in_force, "answer", HOUR)
    in_force.reasons.set([size])
    makers.sign(in_force)
    fields = ReasonFields("Too small", next_step="close", counts_against="marketing")
    anew = catalogue.revise_reason(size, fields, by=make_person(role="operations"))

    version = contracts.draft(by=seller, at=NOON)

    assert list(version.reasons.all()) == [anew]
    assert [(one.name, one.then, one.now) for one in change_list(version, in_force)] == [
        ("Reasons", "Reject: Too small", "Reject: Too small, counts against marketing, then close")
    ]


def test_what_is_proposed_cites_the_reasons_of_that_moment(seller):
    make_contract(answer=HOUR)
    version = contracts.draft(by=seller, at=NOON)
    added = make_reason("reject", "size")

    contracts.propose(version, by=seller)
    make_reason("reject", "later")

    assert list(version.reasons.all()) == [added]


@pytest.mark.parametrize(("days", "kept"), [(-1, False), (0, False), (1, True)])
def test_a_review_whose_day_has_come_is_agreed_anew(seller, days: int, kept: bool):
    version = makers.draft()
    version.review_on = NOON.date() + timedelta(days=days)
    version.save()
    makers.promise(version, "answer", HOUR)
    makers.sign(version)

    draft = contracts.draft(by=seller, at=NOON)

    assert draft.review_on == (version.review_on if kept else None)


def test_both_signatures_bring_it_into_force_and_end_the_one_before(proposal, marketer, seller):
    contracts.sign(proposal, by=marketer, at=NOON)
    signed = contracts.sign(proposal, by=seller, starts=NOON + HOUR, at=NOON)

    before = ContractVersion.objects.get(number=1)
    assert (signed.status, signed.effective_from, before.effective_until) == (
        "signed",
        NOON + HOUR,
        NOON + HOUR,
    )
    assert [contracts.contract_in_force(at) for at in (NOON, NOON + HOUR)] == [before, signed]


def test_one_signature_changes_nothing(proposal, marketer):
    contracts.sign(proposal, by=marketer, at=NOON)

    assert contracts.contract_in_force(NOON).number == 1


def test_nobody_signs_for_the_other_side(proposal, marketer):
    with pytest.raises(NotAllowed):
        contracts.sign(proposal, by=marketer, side="sales")


@pytest.mark.parametrize("role", ["operations", "admin", "read_only"])
def test_roles_without_a_side_sign_nothing(proposal, role):
    with pytest.raises(NotAllowed):
        contracts.sign(proposal, by=make_person(role=role))


def test_nobody_signs_twice(proposal, marketer):
    contracts.sign(proposal, by=marketer)

    with pytest.raises(Conflict):
        contracts.sign(proposal, by=marketer)


def test_a_contract_starts_now_or_later(proposal, marketer):
    with pytest.raises(Invalid):
        contracts.sign(proposal, by=marketer, starts=NOON - HOUR, at=NOON)


def test_a_start_further_away_than_a_year_would_lock_out_every_other_version(proposal, marketer):
    with pytest.raises(Invalid) as refused:
        contracts.sign(proposal, by=marketer, starts=NOON + timedelta(days=3653), at=NOON)

    assert list(refused.value.errors) == ["starts"]
    contracts.sign(proposal, by=marketer, starts=NOON + timedelta(days=365), at=NOON)


@pytest.mark.parametrize(
    ("kind", "said", "lacks"),
    [("pipeline", {"period": "month"}, "how much"), ("volume", {"amount": 200}, "whether it is judged"),
     ("quality", {"period": "month", "amount": 3}, "how much"), ("volume", {"amount": 200, "period": "month"}, "")],
)  # fmt: skip
def test_what_nothing_would_judge_is_not_proposed(seller, kind, said, lacks):
    make_contract(answer=HOUR)
    version = contracts.draft(by=seller, at=NOON)
    makers.promise(version, kind, HOUR, **said)
    client = Client()
    client.force_login(seller)

    answer = client.post(f"/contract/{version.number}/propose/")

    assert answer.status_code == (422 if lacks else 302)
    assert f"does not say {lacks}" in answer.content.decode() or not lacks


def test_a_draft_is_not_signed(seller):
    make_contract(answer=HOUR)

    with pytest.raises(Conflict):
        contracts.sign(contracts.draft(by=seller, at=NOON), by=seller)


def test_an_empty_contract_is_not_proposed(seller):
    with pytest.raises(Invalid):
        contracts.propose(contracts.draft(by=seller, at=NOON), by=seller)


def test_a_rep_drafts_nothing():
    with pytest.raises(NotAllowed):
        contracts.draft(by=make_member(make_team(), "rep"))


@pytest.mark.django_db(transaction=True)
def test_drafts_begun_at_once_get_numbers_of_their_own():
    people = [make_person(role="operations") for _ in range(3)]

    made = at_once([lambda by=by: contracts.draft(by=by) for by in people])

    assert sorted(getattr(one, "number", 0) for one in made) == [1, 2, 3]
    assert len({one.contract_id for one in made}) == 1


@pytest.mark.django_db(transaction=True)
def test_who_presses_draft_at_the_same_moment_opens_the_same_draft():
    people = [make_person(role="operations") for _ in range(2)]

    made = at_once([lambda by=by: contract_drafts.open_draft(by=by) for by in people])

    assert [getattr(one, "number", one) for one in made] == [1, 1]


def test_the_database_holds_one_contract():
    contracts.locked_contract()

    with pytest.raises(IntegrityError, match="one_contract"), transaction.atomic():
        Contract.objects.create(name="Another")
