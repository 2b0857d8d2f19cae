"""A definition that is proposed and signed is told to whoever has to sign next, and in the end to all."""

from __future__ import annotations

import pytest

from accounts.models import User
from common.models import Outbox
from definitions.models import DefinitionVersion
from definitions.services import versions
from notifications.message import Dropped, Message
from notifications.recipients import message_for
from tests.factories import HOUR, NOON, make_definition, make_member, make_person, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def elise() -> User:
    return make_member(make_team(function="demand"), "marketing_manager", name="Elise Moreau")


@pytest.fixture
def dana() -> User:
    return make_member(make_team(function="sales"), "sales_manager", name="Dana Whitfield")


@pytest.fixture
def draft(elise: User, dana: User) -> DefinitionVersion:
    return make_definition(status="draft", effective_from=None, created_by=make_person(name="Priya Raman"))


def told(topic: str) -> list[Message | Dropped]:
    return [message_for(fact) for fact in Outbox.objects.filter(topic=topic).order_by("pk")]


def test_both_sides_are_told_of_a_proposal_but_not_who_made_it(
    draft: DefinitionVersion, elise: User, dana: User
) -> None:
    versions.propose(draft, by=elise, at=NOON)

    [message] = told("definition.proposed")
    assert isinstance(message, Message)
    assert (message.people, message.text, message.url) == (
        (dana,),
        f"Elise Moreau proposed {draft}. Both sides can sign it",
        f"/definitions/mql/{draft.number}/",
    )


def test_a_proposal_that_was_taken_back_is_told_once_it_is_made_again(
    draft: DefinitionVersion, elise: User
) -> None:
    versions.propose(draft, by=elise, at=NOON)
    versions.take_back(draft, by=elise)
    back = told("definition.proposed")
    versions.propose(draft, by=elise, at=NOON + HOUR)

    again = told("definition.proposed")

    assert back == [Dropped()]
    assert [type(message) for message in again] == [Dropped, Message]


def test_the_other_side_is_told_of_a_signature_and_all_of_the_second(
    draft: DefinitionVersion, elise: User, dana: User
) -> None:
    versions.propose(draft, by=elise, at=NOON)
    versions.sign(draft, by=elise, at=NOON)
    [first] = told("definition.signed")
    versions.sign(draft, by=dana, at=NOON)

    late, second = told("definition.signed")

    assert isinstance(first, Message)
    assert isinstance(second, Message)
    assert (first.people, late, second.people) == ((dana,), Dropped(), (draft.created_by, elise))
    assert [first.text, second.text] == [
        f"Elise Moreau signed {draft}: it waits for your side",
        f"Dana Whitfield signed {draft}: in force from 3 Jun, 12:00",
    ]


def test_a_signature_of_a_proposal_that_was_taken_back_is_told_to_nobody(
    draft: DefinitionVersion, elise: User
) -> None:
    versions.propose(draft, by=elise, at=NOON)
    versions.sign(draft, by=elise, at=NOON)
    versions.take_back(draft, by=elise)

    assert told("definition.signed") == [Dropped()]
