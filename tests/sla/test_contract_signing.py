"""Signing the contract: what an amendment changes, what it leaves open, and one signature a side, by password."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.refusals import Conflict, Invalid, NotAllowed
from sla.models import ContractVersion
from sla.queries.contract_changes import Change, change_list
from sla.queries.contracts import fingerprint, history
from sla.services import contract_drafts, contract_talk, contracts
from sla.services.coverage import Remark, coverage_of
from tests.factories import (
    HOUR,
    NOON,
    make_definition,
    make_member,
    make_mql,
    make_offer,
    make_person,
    make_team,
)
from tests.sla.makers import draft, happens, make_contract, promise

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
DEMO_REQUEST = {"fact": "handoff.hand_raise", "op": "eq", "value": True}
OTHERS = {"fact": "handoff.hand_raise", "op": "eq", "value": False}


def manager(function: str, role: str) -> Any:
    person = make_member(make_team(function=function), role)
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    return person


@pytest.fixture
def marketer():
    return manager("demand", "marketing_manager")


@pytest.fixture
def seller():
    return manager("sales", "sales_manager")


@pytest.fixture
def proposal(seller) -> ContractVersion:
    make_contract(answer=HOUR)
    return contracts.propose(contracts.draft(by=seller, at=NOON), by=seller)


def sends(person: Any, version: ContractVersion, side: str, **said: str) -> Any:
    client = Client()
    client.force_login(person)
    where = reverse("sla:contract-sign", args=[version.number, side])
    return client.post(where, {"password": PASSWORD, "seen_as": fingerprint(version)} | said)


def test_each_side_signs_with_its_own_password(proposal, marketer, seller):
    answers = [sends(marketer, proposal, "marketing"), sends(seller, proposal, "sales")]

    proposal.refresh_from_db()
    assert [answer.status_code for answer in answers] == [302, 302]
    assert (proposal.status, proposal.signatures.count()) == ("signed", 2)


@pytest.mark.parametrize("password", ["", "wrong"])
def test_nobody_signs_without_the_password(proposal, marketer, password):
    answer = sends(marketer, proposal, "marketing", password=password)

    assert (answer.status_code, proposal.signatures.count()) == (422, 0)


def test_neither_side_signs_for_the_other_and_operations_for_none(proposal, marketer):
    operations = make_person(role="operations")

    answers = [sends(marketer, proposal, "sales"), sends(operations, proposal, "marketing")]

    assert ([answer.status_code for answer in answers], proposal.signatures.count()) == ([403, 403], 0)


def test_whoever_manages_both_sides_signs_for_one(proposal, marketer):
    make_member(make_team(), "sales_manager", person=marketer)

    answers = [sends(marketer, proposal, "marketing"), sends(marketer, proposal, "sales")]

    client = Client()
    client.force_login(marketer)
    page = client.get(reverse("sla:contract-amendment", args=[proposal.number])).content.decode()
    assert ([answer.status_code for answer in answers], proposal.signatures.count()) == ([302, 403], 1)
    assert reverse("sla:contract-sign", args=[proposal.number, "sales"]) not in page


def test_the_password_is_not_guessed_for_long(proposal, marketer):
    answers = [sends(marketer, proposal, "marketing", password="wrong").status_code for _ in range(12)]

    assert answers[-1] == 429


def test_who_signs_second_signs_for_the_start_of_the_first(proposal, marketer, seller):
    contracts.sign(proposal, by=marketer, starts=NOON + 2 * HOUR, at=NOON)

    with pytest.raises(Invalid) as refused, timezone.override("Europe/Oslo"):
        contracts.sign(proposal, by=seller, starts=NOON + 3 * HOUR, at=NOON)
    signed = contracts.sign(proposal, by=seller, at=NOON + HOUR)

    assert refused.value.errors == {"starts": "The other side signed for 3 June 2026, 16:00."}
    assert signed.effective_from == NOON + 2 * HOUR


def test_the_second_signer_is_shown_the_start_of_the_first(proposal, marketer, seller):
    contracts.sign(proposal, by=marketer, starts=NOON + 2 * HOUR, at=NOON)
    client = Client()
    client.force_login(seller)
    form = client.get(reverse("sla:contract-sign", args=[proposal.number, "sales"])).context["form"]
    answer = sends(seller, proposal, "sales", starts=form["starts"].value().strftime("%Y-%m-%dT%H:%M"))

    proposal.refresh_from_db()
    assert (answer.status_code, proposal.status) == (302, "signed")


def test_a_start_that_passed_before_the_second_signature_is_now(proposal, marketer, seller):
    contracts.sign(proposal, by=marketer, starts=NOON + HOUR, at=NOON)

    assert contracts.sign(proposal, by=seller, at=NOON + 2 * HOUR).effective_from == NOON + 2 * HOUR


def test_nobody_signs_another_wording_than_the_one_read(proposal, marketer, seller):
    seen = fingerprint(proposal)
    contract_talk.send_back(proposal, by=seller)
    row = proposal.commitments.get()
    said = {"kind": "answer", "name": "Answer", "target": "9h", "calendar": "24x7"}
    contract_drafts.put(proposal, said, seen=fingerprint(proposal), by=seller, which=row.public_id)
    contracts.propose(proposal, by=seller)

    with pytest.raises(Conflict):
        contracts.sign(proposal, by=marketer, seen=seen)


def test_a_proposal_sent_back_loses_its_signatures(proposal, marketer, seller):
    contracts.sign(proposal, by=marketer, starts=NOON + HOUR, at=NOON)

    version = contract_talk.send_back(proposal, by=seller)

    assert (version.status, version.effective_from, version.signatures.count()) == ("draft", None, 0)
    with pytest.raises(NotAllowed):
        contract_talk.send_back(proposal, by=make_member(make_team(), "rep"))


def test_a_contract_that_cites_an_unsigned_definition_waits_for_it(proposal, marketer, seller):
    cited = make_definition()
    type(cited).objects.filter(pk=cited.pk).update(status="proposed")
    ContractVersion.objects.filter(pk=proposal.pk).update(mql_version=cited)
    contracts.sign(proposal, by=marketer, at=NOON)

    with pytest.raises(Invalid):
        contracts.sign(proposal, by=seller, at=NOON)


def test_the_history_says_what_has_become_of_each_version(proposal, marketer, seller):
    contracts.sign(proposal, by=marketer, at=NOON)
    contracts.sign(proposal, by=seller, starts=NOON + HOUR, at=NOON)
    contracts.draft(by=seller, at=NOON)

    assert [[past.state for past in history(at)] for at in (NOON, NOON + HOUR)] == [
        ["Draft", "Signed, to come", "In force"],
        ["Draft", "In force", "Superseded"],
    ]


def test_what_changes_is_told_by_its_figure_and_the_small_print_that_differs(seller):
    before = make_contract(answer=HOUR, rework=HOUR, take=HOUR)
    after = draft()
    promise(after, "answer", 2 * HOUR)
    promise(after, "rework", HOUR, goal="0.9")
    promise(after, "handover", HOUR)

    assert change_list(after, before) == [
        Change("marketing", "handover 0", "", "in 1 h"),
        Change("marketing", "rework 0", "in 1 h", "in 1 h. 90% in time"),
        Change("sales", "answer 0", "in 1 h", "in 2 h"),
        Change("sales", "take 0", "in 1 h", ""),
    ]


def offers(count: int, **qualified: Any) -> None:
    team = make_team()
    for _ in range(count):
        handoff = make_offer(team, lead=make_mql(**qualified))
        happens("offered", handoff, NOON)


def remarks_of(version: ContractVersion, kind: str) -> list[Remark]:
    return [remark for remark in coverage_of(version, NOON + HOUR).remarks if remark.title.startswith(kind)]


def test_leads_that_no_promise_fits_are_listed(db):
    version = draft()
    promise(version, "answer", HOUR, segment=DEMO_REQUEST)
    offers(2)

    found = coverage_of(version, NOON + HOUR)

    assert [remark.title for remark in found.remarks if remark.risk] == [
        f"Answer: no promise fits {found.sampled} leads of {found.sampled}"
    ]
    assert found.sampled >= 2
    assert "Take: no promise" in [remark.title for remark in found.remarks]


def test_promises_that_fit_the_same_leads_are_listed_but_for_the_rest(db):
    version = draft()
    for segment in (OTHERS, {"not": DEMO_REQUEST}, {"all": []}):
        promise(version, "answer", HOUR, segment=segment)
    offers(1)

    sampled = coverage_of(version, NOON + HOUR).sampled
    leads = f"{sampled} lead{'' if sampled == 1 else 's'}"
    assert remarks_of(version, "Answer") == [
        Remark(
            "Answer: “answer 1” also fits leads of “answer 0”",
            f"“answer 0” wins, first match. {leads} in 90 days.",
        )
    ]


def test_a_promise_behind_one_for_everybody_is_never_reached(db):
    version = draft()
    promise(version, "answer", HOUR)
    promise(version, "answer", HOUR, segment=DEMO_REQUEST)

    assert [remark.title for remark in remarks_of(version, "Answer")] == [
        "Answer: “answer 1” is never reached"
    ]


def test_older_offers_are_not_looked_at(db):
    version = draft()
    promise(version, "answer", HOUR)
    offers(1)

    assert coverage_of(version, NOON + timedelta(days=91)).sampled == 0


def test_everyone_reads_an_amendment_and_its_gaps(proposal):
    client = Client()
    client.force_login(make_person(role="read_only"))

    page = client.get(reverse("sla:contract-amendment", args=[proposal.number])).content.decode()

    assert ("Overlaps and gaps" in page, "Nothing changes." in page, "Sign v2" in page) == (True, True, False)


def test_the_page_costs_the_same_for_one_offer_and_for_many(proposal, django_assert_max_num_queries):
    offers(1)
    with django_assert_max_num_queries(60) as one:
        coverage_of(proposal, NOON + HOUR)
    offers(4)

    with django_assert_max_num_queries(60) as five:
        coverage_of(proposal, NOON + HOUR)

    assert len(five) == len(one)
