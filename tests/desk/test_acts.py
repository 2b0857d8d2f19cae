"""Every act: its dialog as fragment and page, and what it does."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from desk.queries.acts import VERBS
from desk.queries.criteria import sql_criteria
from leads.models import Attempt, Deal, DoNotContact, EventNote, Insight, LeadPhone
from leads.services import handoffs
from leads.services.deals import Terms
from tests.desk.acting import in_state, status, url
from tests.desk.world import HTMX, World, as_user
from tests.factories import NOON, make_calendar, make_definition, make_member, make_reason, make_team

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("slug", VERBS)
def test_every_act_asks_in_a_fragment_and_on_a_page(world: World, slug: str) -> None:
    person, handoff = in_state(world, slug)
    client = as_user(person)

    fragment = client.get(url(handoff, slug), **HTMX)
    page = client.get(url(handoff, slug))

    assert (fragment.status_code, page.status_code) == (200, 200)
    assert "<html" not in fragment.content.decode()
    assert "<html" in page.content.decode()
    assert f'action="{url(handoff, slug)}"' in page.content.decode()


DONE: dict[str, tuple[dict[str, Any], str]] = {
    "accept": ({}, "accepted"),
    "claim": ({}, "offered"),
    "reject": ({"reason": "below-criterion|all.0"}, "rejected"),
    "return": ({"missing": ["phone"]}, "returned"),
    "resupply": ({"note": "Found it"}, "offered"),
    "withdraw": ({"reason": "offered-in-error"}, "withdrawn"),
    "log": ({"outcome": "no_answer"}, "accepted"),
    "qualify": ({"deal": "new", "amount": "41000"}, "qualified"),
    "take": ({}, "qualified"),
    "send-back": ({"reason": "no-authority"}, "accepted"),
    "disqualify": ({"reason": "no-need"}, "disqualified"),
    "recycle": ({"reason": "wrong-time", "wake": "3"}, "recycled"),
    "win": ({"amount": "43000"}, "won"),
    "lose": ({"reason": "price", "then": "close"}, "lost"),
    "pause": ({"reason": "buyer-away"}, "offered"),
    "resume": ({}, "accepted"),
    "meeting": ({"change": "call_off"}, "accepted"),
}


@pytest.mark.parametrize("slug", DONE)
def test_a_plain_form_does_the_act_and_shows_the_lead(world: World, slug: str) -> None:
    person, handoff = in_state(world, slug)
    sent, then = DONE[slug]

    answer = as_user(person).post(url(handoff, slug), sent)

    assert answer.status_code == 302, answer.content.decode()[:2000]
    assert answer["Location"] == f"/leads/{handoff.lead.public_id}/"
    assert status(handoff) == then


def test_redirecting_gives_it_to_another_team(world: World) -> None:
    elsewhere = make_team("Enterprise", calendar=make_calendar())
    handoff = world.offer(to=world.rep)

    as_user(world.rep).post(url(handoff, "redirect"), {"to": f"team:{elsewhere.public_id}"})

    handoff.refresh_from_db()
    assert (handoff.team, handoff.redirects) == (elsewhere, 1)


def test_a_manager_reassigns_to_a_colleague(world: World) -> None:
    handoff = world.offer(to=world.rep)

    as_user(world.manager).post(url(handoff, "reassign"), {"to": f"person:{world.other.public_id}"})

    handoff.refresh_from_db()
    assert handoff.holder == world.other


def test_reopening_makes_a_new_cycle(world: World) -> None:
    person, handoff = in_state(world, "reopen")

    as_user(person).post(url(handoff, "reopen"))

    assert list(handoff.lead.handoffs.order_by("cycle").values_list("status", flat=True)) == [
        "rejected",
        "offered",
    ]


def test_passing_gives_it_to_a_closer(world: World) -> None:
    closers = make_team("Closers", calendar=make_calendar())
    closer = make_member(closers)
    world.team.passes_to, world.team.full_cycle = closers, False
    world.team.save()
    handoff = handoffs.qualify(world.accepted(), by=world.rep, at=NOON)

    as_user(world.rep).post(url(handoff, "pass"), {"to": f"person:{closer.public_id}"})

    handoff.refresh_from_db()
    assert (handoff.holder, handoff.setter) == (closer, world.rep)


def test_logging_keeps_the_note_the_minutes_and_what_was_heard(world: World) -> None:
    handoff = world.accepted()
    sent = {
        "outcome": "talked", "channel": "call", "direction": "outbound", "minutes": "12", "note": "Wants a quote",
        "heard": ["competitor"], "words": "HydroSense quoted",
    }  # fmt: skip

    as_user(world.rep).post(url(handoff, "log"), sent)

    attempt, heard = Attempt.objects.get(), Insight.objects.get()
    assert (attempt.outcome, attempt.minutes, attempt.note, attempt.contact) == (
        "talked",
        12,
        "Wants a quote",
        True,
    )
    assert (heard.kind, heard.words, heard.lead, heard.by) == (
        "competitor",
        "HydroSense quoted",
        handoff.lead,
        world.rep,
    )


def test_qualifying_joins_an_open_deal_of_the_company(world: World) -> None:
    first = handoffs.qualify(world.accepted(), by=world.rep, at=NOON)
    deal = Deal.objects.get()
    second = world.offer(to=world.rep, company=first.lead.company)
    handoffs.accept(second, by=world.rep, at=NOON)

    as_user(world.rep).post(url(second, "qualify"), {"deal": str(deal.public_id)})

    assert list(Deal.objects.get().handoffs.order_by("pk")) == [first, second]


def test_the_note_of_an_act_stands_beside_the_journal(world: World) -> None:
    handoff = world.offer(to=world.rep)

    as_user(world.rep).post(url(handoff, "reject"), {"reason": "data-wrong", "note": "Phone is dead"})

    assert EventNote.objects.get().text == "Phone is dead"


def test_accepting_asks_first_where_the_brief_was_changed_since(world: World) -> None:
    handoff = world.offer(to=world.rep)
    campaign = handoff.brief.campaign
    client = as_user(world.rep)
    before = client.get(f"/leads/{handoff.lead.public_id}/").content.decode()
    campaign.briefs.create(number=2, promise="An audit in five weeks", published_at=NOON)

    after = client.get(f"/leads/{handoff.lead.public_id}/").content.decode()
    dialog = client.get(url(handoff, "accept"), **HTMX).content.decode()

    assert f'hx-post="{url(handoff, "accept")}"' in before
    assert f'hx-get="{url(handoff, "accept")}"' in after
    assert "An audit in five weeks" in dialog


def test_reopening_says_what_opens_again(world: World) -> None:
    handoff = handoffs.qualify(world.accepted(), by=world.rep, at=NOON)
    second = world.offer(to=world.rep, company=handoff.lead.company)
    handoffs.accept(second, by=world.rep, at=NOON)
    handoffs.qualify(second, by=world.rep, deal=Deal.objects.get(), at=NOON)
    handoffs.win(handoff, by=world.rep, at=NOON)

    shown = as_user(world.rep).get(url(handoff, "reopen"), **HTMX).content.decode()

    assert f"The deal {handoff.lead.company} opens again with what it was worth before." in shown
    assert "So does 1 other lead closed with it, unless something newer happened." in shown


@pytest.mark.parametrize(
    ("ended", "starts"),
    [
        ("reject", "answer and first response start"),
        ("disqualify", "outcome starts"),
        ("win", "no clock starts"),
    ],
)
def test_reopening_says_which_clocks_start(world: World, ended: str, starts: str) -> None:
    person, handoff = in_state(world, ended)
    reason = {} if ended == "win" else {"reason": "student" if ended == "reject" else "no-need"}
    getattr(handoffs, ended)(handoff, by=person, at=NOON, **reason)

    shown = as_user(person).get(url(handoff, "reopen"), **HTMX).content.decode()

    assert f"where the closed one left off: {starts}. Clocks of the old one stay." in shown


@pytest.mark.parametrize(
    ("slug", "also"), [("win", " and follow-up"), ("lose", ", follow-up and buyer wait")]
)
def test_closing_a_deal_says_what_becomes_of_the_clocks(world: World, slug: str, also: str) -> None:
    person, handoff = in_state(world, slug)

    shown = as_user(person).get(url(handoff, slug), **HTMX).content.decode()

    assert f"joined to it. Ends outcome. Cancels first response{also}." in shown


def test_a_rejection_that_can_be_mended_says_that_handover_runs(world: World) -> None:
    make_reason("reject", "data-missing", next_step="fix")
    person, handoff = in_state(world, "reject")

    page = as_user(person).post(url(handoff, "reject"), {"reason": "data-missing"}, follow=True)

    assert "Rejected. It is an MQL again, and handover runs" in page.content.decode()


@pytest.mark.parametrize(
    ("slug", "first", "count"),
    [("reject", "below-criterion|all.0", 3), ("redirect", "person:", 3), ("disqualify", "no-need", 2)],
)
def test_digits_choose_and_the_dialog_begins_at_its_first_choice(
    world: World, slug: str, first: str, count: int
) -> None:
    person, handoff = in_state(world, slug)

    shown = as_user(person).get(url(handoff, slug), **HTMX).content.decode()

    begins = re.findall(r'<input type="radio"[^>]* value="([^"]*)" autofocus data-key="1">', shown)
    assert [value[: len(first)] for value in begins] == [first]
    assert [int(key) for key in re.findall(r'data-key="(\d)"', shown)] == list(range(1, count + 1))


def test_what_must_not_be_speaks_for_the_lead_when_it_is_not(world: World) -> None:
    """Nobody is asked to say of a buyer who is no competitor that it is one."""
    no_competitor = {"not": {"fact": "company.relation", "op": "eq", "value": "competitor"}}
    make_definition({"all": [no_competitor]}, key="sql")
    handoff = world.accepted()

    criteria = sql_criteria(handoff.lead_id)

    assert [(one.words, one.met) for one in criteria.known] == [("Not: Company relation is Competitor", True)]
    assert criteria.by_hand == []


def test_winning_begins_with_what_the_deal_is_worth(world: World) -> None:
    terms = Terms(Decimal(41_000), recurring=Decimal("9000.50"))
    handoff = handoffs.qualify(world.accepted(), by=world.rep, terms=terms, at=NOON)
    client = as_user(world.rep)

    shown = client.get(url(handoff, "win"), **HTMX).content.decode()
    client.post(url(handoff, "win"), {"amount": "43000", "recurring": "12000"})

    deal = Deal.objects.get()
    assert re.findall(r'name="(?:amount|recurring)" value="([^"]*)"', shown) == ["41000", "9000.50"]
    assert (deal.amount, deal.recurring) == (43_000, 12_000)


def test_losing_offers_the_competitors_of_before(world: World) -> None:
    first = handoffs.qualify(world.accepted(), by=world.rep, at=NOON)
    handoffs.lose(first, by=world.rep, reason="price", competitor="HydroSense", at=NOON)
    second = handoffs.qualify(world.accepted(), by=world.rep, at=NOON)

    shown = as_user(world.rep).get(url(second, "lose"), **HTMX).content.decode()

    assert '<datalist id="competitors"><option value="HydroSense">' in shown


@pytest.mark.parametrize("asked", [True, False])
def test_the_dialog_of_a_return_says_which_clocks_wait(world: World, asked: bool) -> None:
    person, handoff = in_state(world, "return")
    handoff.qualification.hand_raise = asked
    handoff.qualification.save()

    shown = as_user(person).get(url(handoff, "return")).content.decode()

    assert ("Pauses answer, first response runs on." in shown, "Pauses answer and first" in shown) == (
        asked,
        not asked,
    )


def test_logging_the_first_attempt_of_an_accepted_lead_says_what_it_ends(world: World) -> None:
    person, handoff = in_state(world, "log")
    handoffs.accept(handoff, by=person)
    client = as_user(person)

    before = client.get(url(handoff, "log")).content.decode()
    client.post(url(handoff, "log"), {"outcome": "no_answer"})
    after = client.get(url(handoff, "log")).content.decode()

    assert ["ends first response and buyer wait" in shown for shown in (before, after)] == [True, False]


def test_logging_warns_of_a_buyer_who_may_not_be_contacted(world: World) -> None:
    """Also where it is opened from a list, without the lead's page behind it. The contact is logged all the same."""
    person, handoff = in_state(world, "log")
    client, asked = as_user(person), "This person asked not to be contacted."
    before = client.get(url(handoff, "log"), **HTMX).content.decode()
    DoNotContact.objects.create(lead=handoff.lead, at=NOON)

    after = client.get(url(handoff, "log"), **HTMX).content.decode()
    client.post(url(handoff, "log"), {"outcome": "no_answer"})

    assert (asked in before, asked in after) == (False, True)
    assert Attempt.objects.get().handoff == handoff


def test_resupplying_a_lead_on_which_nothing_changed_says_so(world: World) -> None:
    person, handoff = in_state(world, "resupply")
    client, said = as_user(person), "Nothing on this lead was changed since it was returned."

    before = client.get(url(handoff, "resupply")).content.decode()
    LeadPhone.objects.create(lead=handoff.lead, phone="+47 555 01 999")
    after = client.get(url(handoff, "resupply")).content.decode()

    assert [said in shown for shown in (before, after)] == [True, False]
