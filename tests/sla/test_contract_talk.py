"""Both sides talk about a version before it is signed, and send a proposal back with what should change."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from common.models import Outbox
from common.refusals import Conflict, Invalid, NotAllowed
from notifications.message import Dropped, Message
from notifications.recipients import message_for
from sla.models import ContractSignature, ContractStep, ContractVersion, Remark
from sla.queries.contracts import fingerprint
from sla.queries.talk import discussion_of
from sla.services import contract_talk, contracts
from tests.factories import HOUR, MINUTE, NOON, make_member, make_person, make_team
from tests.sla.makers import make_contract
from tests.threads import at_once

pytestmark = pytest.mark.django_db
WHY = "260 a month with the budget of autumn?"


@pytest.fixture
def marketer(db):
    return make_member(make_team(function="demand"), "marketing_manager")


@pytest.fixture
def seller(db):
    return make_member(make_team(function="sales"), "sales_manager")


@pytest.fixture
def proposal(seller) -> ContractVersion:
    make_contract(answer=HOUR)
    return contracts.propose(contracts.draft(by=seller, at=NOON), by=seller, at=NOON)


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def address(name: str, version: ContractVersion) -> str:
    return reverse(f"sla:contract-{name}", args=[version.number])


def told(topic: str) -> Message | Dropped:
    return message_for(Outbox.objects.filter(topic=topic).latest("pk"))


def test_the_thread_says_who_of_which_side_wrote_about_what_and_when(proposal, marketer, seller):
    contract_talk.say(proposal, f"  {WHY}  ", by=marketer, about="answer 0", at=NOON + MINUTE)
    contract_talk.say(proposal, "Yes.", by=seller, at=NOON + 2 * MINUTE)

    assert [(one.by, one.side, one.act, one.about, one.text) for one in discussion_of(proposal)] == [
        (seller, "sales", "proposed it", "", ""),
        (marketer, "marketing", "", "answer 0", WHY),
        (seller, "sales", "", "", "Yes."),
    ]


def test_a_proposal_sent_back_is_a_draft_whose_signatures_are_void(proposal, marketer, seller):
    contracts.sign(proposal, by=seller, starts=NOON + 9 * HOUR, at=NOON + HOUR)

    version = contract_talk.send_back(proposal, by=marketer, text=WHY, at=NOON + 2 * HOUR)

    last = discussion_of(version)[-1]
    assert (version.status, version.effective_from, version.signatures.count()) == ("draft", None, 0)
    assert (last.by, last.act, last.text, last.void) == (marketer, "sent it back", WHY, "Sales")


def test_its_journal_keeps_what_the_signatures_were(proposal, marketer, seller):
    contracts.sign(proposal, by=seller, at=NOON + HOUR)
    contract_talk.send_back(proposal, by=marketer, text=WHY, at=NOON + 2 * HOUR)

    steps = list(proposal.steps.values_list("kind", "by", "side"))

    assert steps == [
        ("proposed", seller.pk, "sales"), ("signed", seller.pk, "sales"), ("sent_back", marketer.pk, "marketing")
    ]  # fmt: skip
    for change in (lambda: proposal.steps.update(kind="signed"), proposal.steps.all()[0].delete):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_only_who_proposed_it_takes_it_back_without_a_word(proposal, marketer, seller):
    with pytest.raises(Invalid) as refused:
        contract_talk.send_back(proposal, by=marketer, text="  ")
    version = contract_talk.send_back(proposal, by=seller)

    assert (list(refused.value.errors), version.status, Remark.objects.count()) == (["text"], "draft", 0)


@pytest.mark.parametrize(
    ("role", "team_role"), [("", "rep"), ("", "marketing"), ("read_only", "sales_manager")]
)
def test_nobody_else_sends_it_back(proposal, role, team_role):
    person = make_member(make_team(), team_role, person=make_person(role=role))

    with pytest.raises(NotAllowed):
        contract_talk.send_back(proposal, by=person, text=WHY)


def test_a_double_click_sends_back_once_and_says_who_was_first(proposal, marketer):
    contract_talk.send_back(proposal, by=marketer, text=WHY, at=NOON + HOUR)

    with pytest.raises(Conflict) as refused:
        contract_talk.send_back(proposal, by=marketer, text=WHY, at=NOON + HOUR)

    assert (refused.value.by, refused.value.at, Remark.objects.count()) == (marketer.name, NOON + HOUR, 1)


def test_nobody_sends_back_another_wording_than_the_one_read(proposal, marketer, seller):
    seen = fingerprint(proposal)
    contract_talk.send_back(proposal, by=seller)
    proposal.commitments.update(goal="0.5")
    contracts.propose(proposal, by=seller)

    with pytest.raises(Conflict, match="changed meanwhile"):
        contract_talk.send_back(proposal, by=marketer, text=WHY, seen=seen)


def test_the_same_words_within_a_minute_are_said_once(proposal, marketer):
    for after in (MINUTE, MINUTE + MINUTE / 2, 3 * MINUTE):
        contract_talk.say(proposal, WHY, by=marketer, at=NOON + after)

    assert list(proposal.remarks.values_list("at", flat=True)) == [NOON + MINUTE, NOON + 3 * MINUTE]


@pytest.mark.parametrize(("text", "about", "field"), [(" ", "", "text"), (WHY, "Gone", "about")])
def test_what_is_wrong_is_said_at_its_field(proposal, marketer, text, about, field):
    with pytest.raises(Invalid) as refused:
        contract_talk.say(proposal, text, by=marketer, about=about)

    assert list(refused.value.errors) == [field]


def test_a_signed_version_is_read_and_not_talked_about(proposal, marketer, seller):
    for person in (marketer, seller):
        contracts.sign(proposal, by=person)

    answer = signed_in(seller).post(address("discussion", proposal), {"text": WHY})
    page = signed_in(seller).get(address("discussion", proposal)).content.decode()

    assert (answer.status_code, Remark.objects.count()) == (409, 0)
    assert "so its discussion is closed" in page


def test_read_only_people_read_it_and_write_nothing(proposal, marketer):
    contract_talk.say(proposal, WHY, by=marketer)
    guest = signed_in(make_person(role="read_only"))

    answers = [
        guest.post(address("discussion", proposal), {"text": "Me too."}),
        guest.get(address("send-back", proposal)),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert WHY in guest.get(address("discussion", proposal)).content.decode()


def test_the_page_says_and_sends_back(proposal, marketer):
    client = signed_in(marketer)

    said = client.post(address("discussion", proposal), {"text": WHY, "about": "answer 0"})
    empty = client.post(address("send-back", proposal), {"text": "", "seen_as": fingerprint(proposal)})
    back = client.post(address("send-back", proposal), {"text": WHY, "seen_as": fingerprint(proposal)})

    proposal.refresh_from_db()
    assert [answer.status_code for answer in (said, empty, back)] == [302, 422, 302]
    assert (proposal.status, proposal.remarks.count()) == ("draft", 2)


def test_both_sides_are_told_of_a_proposal_until_it_is_sent_back(proposal, marketer, seller):
    before = told("contract.proposed")
    contract_talk.send_back(proposal, by=marketer, text=WHY)

    assert (before.people, told("contract.proposed")) == ((marketer,), Dropped())
    assert (told("contract.sent_back").people, WHY in told("contract.sent_back").text) == ((seller,), True)


def test_the_other_side_is_told_of_a_signature_and_both_of_the_second(proposal, marketer, seller):
    contracts.sign(proposal, by=seller, at=NOON)
    first = told("contract.signed")
    contracts.sign(proposal, by=marketer, at=NOON)
    facts = Outbox.objects.filter(topic="contract.signed").order_by("pk")

    second = told("contract.signed")
    assert (first.people, message_for(facts[0]), second.people) == ((marketer,), Dropped(), (seller,))
    assert (first.text, second.text) == (
        f"{seller.name} signed contract v2: it waits for your side",
        f"{marketer.name} signed contract v2: in force from 3 Jun, 12:00",
    )


def test_nobody_reads_of_a_signature_that_became_void(proposal, marketer, seller):
    contracts.sign(proposal, by=seller)
    contract_talk.send_back(proposal, by=marketer, text=WHY)

    assert told("contract.signed") == Dropped()


def test_nobody_reads_of_a_step_back_that_was_proposed_anew(proposal, marketer, seller):
    contract_talk.send_back(proposal, by=marketer, text=WHY)
    contracts.propose(proposal, by=seller)

    assert told("contract.sent_back") == Dropped()


def test_who_wrote_it_and_who_spoke_before_are_told_of_a_remark(proposal, marketer, seller):
    colleague = make_member(make_team(function="content"), "marketing")
    contract_talk.say(proposal, WHY, by=colleague)
    contract_talk.say(proposal, "Yes.", by=seller)

    assert set(told("remark.made").people) == {marketer, colleague}


def test_signatures_of_an_agreement_file_are_steps_of_the_thread(proposal, marketer):
    ContractSignature.objects.create(version=proposal, side="marketing", person=marketer, at=NOON)

    assert [(one.by, one.act) for one in discussion_of(proposal) if one.act == "signed it"] == [
        (marketer, "signed it")
    ]


@pytest.mark.parametrize("pages", [1, 3], ids=["one remark", "three remarks"])
def test_the_thread_costs_the_same_however_long(proposal, marketer, pages, django_assert_num_queries):
    for number in range(pages):
        contract_talk.say(proposal, f"{WHY} {number}", by=marketer)

    with django_assert_num_queries(3):
        discussion_of(proposal)


@pytest.mark.django_db(transaction=True)
def test_signing_and_sending_back_at_once_leave_one_outcome(proposal, marketer, seller):
    contracts.sign(proposal, by=seller)
    results = at_once(
        [
            lambda: contracts.sign(proposal, by=marketer),
            lambda: contract_talk.send_back(proposal, by=marketer, text=WHY),
        ]
    )

    proposal.refresh_from_db()
    lost = [result for result in results if isinstance(result, Exception)]
    assert [type(one) for one in lost] == [Conflict]
    assert (proposal.status, proposal.signatures.count()) in (("signed", 2), ("draft", 0))
    assert ContractStep.objects.filter(kind="sent_back").count() == (proposal.status == "draft")
