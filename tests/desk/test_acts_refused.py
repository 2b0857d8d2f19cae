"""Acts that are refused: too late, not allowed, or asked for wrongly. Then nothing changes."""

from __future__ import annotations

from typing import Any

import pytest

from leads.models import Deal
from leads.services import handoffs
from tests.desk.acting import in_state, status, url
from tests.desk.world import HTMX, IN_INBOX, World, as_user
from tests.factories import NOON, make_company

pytestmark = pytest.mark.django_db


def test_who_comes_second_is_told_who_was_first_and_when(world: World) -> None:
    handoff = world.offer()
    handoffs.accept(handoff, by=world.other, at=NOON)

    answer = as_user(world.rep).post(url(handoff, "reject"), {"reason": "student"}, **IN_INBOX)

    assert answer.status_code == 409
    assert "Tom Okafor accepted at 12:00." in answer.content.decode()
    assert "<form" not in answer.content.decode()


def test_without_script_the_page_of_a_refusal_leads_to_the_lead_as_it_is_now(world: World) -> None:
    handoff = world.offer()
    handoffs.accept(handoff, by=world.other, at=NOON)

    answer = as_user(world.rep).post(url(handoff, "accept"))

    assert answer.status_code == 409
    assert f'href="/leads/{handoff.lead.public_id}/">Show it as it is now' in answer.content.decode()


def test_who_claims_second_is_not_told_of_an_answer(world: World) -> None:
    handoff = world.offer()
    handoffs.claim(handoff, by=world.other, at=NOON)

    page = as_user(world.rep).post(url(handoff, "claim"), **HTMX).content.decode()

    assert ("Someone was first" in page, "Someone answered first" in page) == (True, False)
    assert "Tom Okafor claimed at 12:00." in page


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_accepts_what_a_colleague_has_claimed_reads_the_name(world: World, method: str) -> None:
    handoff = world.offer()
    handoffs.claim(handoff, by=world.other, at=NOON)

    answer = getattr(as_user(world.rep), method)(url(handoff, "accept"), **HTMX)

    assert (answer.status_code, answer["HX-Trigger"], status(handoff)) == (403, "catch-up", "offered")
    assert (
        "Tom Okafor holds this lead. The holder or the sales manager can do this." in answer.content.decode()
    )


def test_who_accepts_twice_is_told_when_they_did(world: World) -> None:
    handoff = world.offer()
    handoffs.accept(handoff, by=world.rep, at=NOON)

    answer = as_user(world.rep).post(url(handoff, "accept"), **HTMX)

    assert answer.status_code == 409
    assert "You accepted it already at 12:00." in answer.content.decode()


def test_who_answered_otherwise_before_reads_no_news_of_himself(world: World) -> None:
    handoff = world.offer()
    handoffs.accept(handoff, by=world.rep, at=NOON)

    answer = as_user(world.rep).post(url(handoff, "reject"), {"reason": "student"}, **IN_INBOX)

    assert "Someone answered first" not in answer.content.decode()
    assert "This lead is accepted, so it cannot be rejected." in answer.content.decode()


def test_a_colleague_of_the_same_name_was_first_all_the_same(world: World) -> None:
    type(world.rep).objects.filter(pk=world.rep.pk).update(name=world.other.name)
    handoff = world.offer()
    handoffs.accept(handoff, by=world.other, at=NOON)

    answer = as_user(world.rep).post(url(handoff, "accept"), **HTMX)

    assert "Someone answered first" in answer.content.decode()
    assert "Tom Okafor accepted at 12:00." in answer.content.decode()


def test_who_comes_after_one_who_withdrew_reads_it_in_words(world: World) -> None:
    handoff = world.offer(to=world.rep)
    handoffs.withdraw(handoff, by=world.marketer, at=NOON)

    answer = as_user(world.rep).post(url(handoff, "accept"), **HTMX)

    assert f"{world.marketer} withdrew at 12:00." in answer.content.decode()


def test_a_dialog_of_an_act_that_is_over_says_so_instead_of_asking(world: World) -> None:
    handoff = world.accepted()

    answer = as_user(world.rep).get(url(handoff, "reject"), **HTMX)

    assert answer.status_code == 409
    assert "This lead is accepted, so it cannot be rejected." in answer.content.decode()


@pytest.mark.parametrize("who", ["marketer", "reader"])
def test_who_may_not_answer_is_refused(world: World, who: str) -> None:
    handoff = world.offer(to=world.rep)

    answer = as_user(getattr(world, who)).post(url(handoff, "accept"), **HTMX)

    assert (answer.status_code, status(handoff)) == (403, "offered")


def test_another_rep_may_not_answer_what_someone_holds(world: World) -> None:
    handoff = world.offer(to=world.rep)

    answer = as_user(world.other).post(url(handoff, "accept"), **HTMX)

    assert (answer.status_code, status(handoff)) == (403, "offered")


def test_an_unknown_handoff_is_not_found(world: World) -> None:
    answer = as_user(world.rep).get("/handoffs/00000000-0000-4000-8000-000000000000/accept/")

    assert answer.status_code == 404


WRONG = [
    ("reject", {}, "Choose a reason."),
    ("reject", {"reason": "data-wrong"}, "needs a note"),
    ("return", {}, "Tick what is missing."),
    ("return", {"missing": ["other"]}, "Say what else is missing."),
    ("redirect", {}, "Choose where it goes."),
    ("log", {}, "Choose an outcome: it saves."),
    ("disqualify", {"reason": "unable-to-reach"}, "needs 5 attempts; 5 more to log first."),
    ("recycle", {"reason": "wrong-time"}, "Choose a day."),
    ("recycle", {"reason": "wrong-time", "wake": "date", "until": "2020-01-01"}, "Choose a day after today."),
    ("qualify", {"deal": "new", "amount": "-1"}, "Enter 0 or more"),
    ("lose", {}, "Choose a reason."),
]


@pytest.mark.parametrize(("slug", "sent", "said"), WRONG)
def test_a_wrong_form_comes_back_with_what_is_wrong(
    world: World, slug: str, sent: dict[str, Any], said: str
) -> None:
    person, handoff = in_state(world, slug)
    before = status(handoff)

    answer = as_user(person).post(url(handoff, slug), sent, **HTMX)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "<form" in answer.content.decode()
    assert status(handoff) == before


def test_a_deal_of_another_company_cannot_be_joined(world: World) -> None:
    handoff = world.accepted()
    foreign = Deal.objects.create(name="Theirs", company=make_company(), currency="USD", opened_at=NOON)

    answer = as_user(world.rep).post(url(handoff, "qualify"), {"deal": str(foreign.public_id)}, **HTMX)

    assert (answer.status_code, status(handoff)) == (422, "accepted")


def test_who_closes_a_deal_twice_reads_how_it_was_closed(world: World) -> None:
    handoff = handoffs.qualify(world.accepted(), by=world.rep, at=NOON)
    handoffs.win(handoff, by=world.rep, at=NOON)

    own = as_user(world.rep).post(url(handoff, "win"), {"amount": "10"}, **HTMX).content.decode()
    other = as_user(world.manager).post(url(handoff, "win"), {"amount": "10"}, **HTMX).content.decode()

    assert "You closed it as won already at 12:00." in own
    assert f"{world.rep} closed it as won at 12:00." in other
