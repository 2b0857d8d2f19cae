"""Every act: its dialog as fragment and page, what it does, what it refuses, and what is answered."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.urls import reverse

from accounts.queries import standing_of
from desk.queries.acts import VERBS, buttons_for
from leads.models import Attempt, Deal, EventNote, Handoff, Insight
from leads.services import handoffs
from leads.services.attempts import Contact
from tests.desk.world import HTMX, IN_INBOX, World, as_user
from tests.factories import NOON, make_calendar, make_company, make_lead, make_member, make_team

pytestmark = pytest.mark.django_db


def url(handoff: Handoff, slug: str) -> str:
    return reverse(f"desk:handoff-{slug}", args=[handoff.public_id])


def status(handoff: Handoff) -> str:
    return Handoff.objects.get(pk=handoff.pk).status


def in_state(world: World, slug: str) -> tuple[Any, Handoff]:
    """Someone who may do the act, and a handoff on which it is possible."""
    if slug in ("accept", "reject", "redirect", "return", "log", "reassign", "pause"):
        return world.manager, world.offer(to=world.rep)
    if slug in ("claim", "withdraw"):
        return (world.rep if slug == "claim" else world.marketer), world.offer()
    if slug == "resupply":
        returned = handoffs.return_for_info(
            world.offer(to=world.rep), by=world.rep, missing=["phone"], at=NOON
        )
        return world.marketer, returned
    if slug == "resume":
        return world.rep, handoffs.pause(world.accepted(), by=world.rep, reason="buyer-away", at=NOON)
    if slug in ("qualify", "disqualify", "recycle"):
        return world.rep, world.accepted()
    if slug == "reopen":
        return world.rep, handoffs.reject(world.offer(to=world.rep), by=world.rep, reason="student", at=NOON)
    qualified = handoffs.qualify(world.accepted(), by=world.rep, at=NOON)
    if slug in ("take", "send-back"):
        closers = make_team("Closers", calendar=make_calendar())
        closer = make_member(closers)
        return closer, handoffs.pass_on(qualified, by=world.rep, person=closer, at=NOON)
    return world.rep, qualified


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


def test_in_the_inbox_accepting_shows_the_next_lead_the_list_and_what_is_due(world: World) -> None:
    handoff, following = world.offer(to=world.rep), world.offer(to=world.rep)

    answer = as_user(world.rep).post(url(handoff, "accept"), **IN_INBOX)

    shown = answer.content.decode()
    assert answer.status_code == 200
    assert answer["HX-Replace-Url"] == f"/inbox/?view=answer&lead={following.lead.public_id}"
    assert json.loads(answer["HX-Trigger"]) == {
        "toast": {"text": "Accepted. First response due tomorrow 10:00."}
    }
    assert url(following, "accept") in shown
    assert f"item-{handoff.public_id}" not in shown
    assert 'id="inbox-list" hx-swap-oob="innerHTML"' in shown


def test_elsewhere_the_page_is_shown_anew(world: World) -> None:
    handoff = world.offer(to=world.rep)
    today = HTMX | {"HTTP_HX_CURRENT_URL": "http://testserver/today/?x=1"}

    answer = as_user(world.rep).post(url(handoff, "accept"), **today)

    assert answer["HX-Redirect"] == "/today/?x=1"


def test_a_page_of_another_site_is_never_returned_to(world: World) -> None:
    handoff = world.offer(to=world.rep)
    evil = HTMX | {"HTTP_HX_CURRENT_URL": "http://testserver//evil.example/"}

    answer = as_user(world.rep).post(url(handoff, "accept"), **evil)

    assert answer["HX-Redirect"] == f"/leads/{handoff.lead.public_id}/"


def test_who_comes_second_is_told_who_was_first_and_when(world: World) -> None:
    handoff = world.offer()
    handoffs.accept(handoff, by=world.other, at=NOON)

    answer = as_user(world.rep).post(url(handoff, "reject"), {"reason": "student"}, **IN_INBOX)

    assert answer.status_code == 409
    assert "Tom Okafor, 12:00" in answer.content.decode()
    assert "<form" not in answer.content.decode()


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
    ("qualify", {"deal": "new", "amount": "-1"}, "greater than or equal to 0"),
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


def test_the_findings_stand_first_among_the_reasons_to_reject(world: World) -> None:
    handoff = world.offer(to=world.rep)

    shown = as_user(world.rep).get(url(handoff, "reject"), **HTMX).content.decode()

    assert shown.index("200 to 5,000 employees") < shown.index("Data wrong") < shown.index("Student")
    assert 'value="below-criterion|all.0"' in shown


def test_pointing_at_a_criterion_is_kept_with_the_reason(world: World) -> None:
    handoff = world.offer(to=world.rep)

    as_user(world.rep).post(url(handoff, "reject"), {"reason": "below-criterion|all.0"})

    handoff.refresh_from_db()
    assert (handoff.reason.key, handoff.criterion) == ("below-criterion", "all.0")


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


SHOWN = {
    "rep": ["accept", "reject", "return", "log"],
    "other": ["log"],
    "manager": ["accept", "reject", "return", "log"],
    "marketer": [],
    "reader": [],
}


@pytest.mark.parametrize("who", SHOWN)
def test_buttons_are_those_of_the_person(world: World, who: str) -> None:
    handoff = world.offer(to=world.rep)

    buttons = buttons_for(standing_of(getattr(world, who)), handoff.lead, handoff)

    assert [verb.slug for verb in buttons.row] == SHOWN[who]


def test_other_acts_of_the_same_offer(world: World) -> None:
    handoff = world.offer(to=world.rep)

    marketer = buttons_for(standing_of(world.marketer), handoff.lead, handoff)
    manager = buttons_for(standing_of(world.manager), handoff.lead, handoff)

    assert [verb.slug for verb in marketer.menu] == ["withdraw"]
    assert [verb.slug for verb in manager.end + manager.menu] == ["redirect", "reassign", "pause"]


@pytest.mark.parametrize("slug", VERBS)
def test_no_button_is_shown_in_vain(world: World, slug: str) -> None:
    """What the buttons say possible the services do: the dialog opens."""
    _, handoff = in_state(world, slug)
    for person in (world.rep, world.other, world.manager, world.marketer, world.reader):
        buttons = buttons_for(standing_of(person), handoff.lead, handoff)
        for verb in buttons.row + buttons.end + buttons.menu:
            subject = handoff if verb.on == "handoff" else handoff.lead
            dialog = reverse(f"desk:{verb.on}-{verb.slug}", args=[subject.public_id])
            assert as_user(person).get(dialog, **HTMX).status_code == 200


@pytest.mark.parametrize(
    ("stage", "shown"),
    [
        ("inquiry", ["mark-mql"]),
        ("marketing_qualified", ["offer", "set-aside"]),
        ("recycled", ["wake"]),
        ("disqualified", ["wake"]),
        ("customer", []),
    ],
)
def test_marketing_acts_on_what_is_not_with_sales(world: World, stage: str, shown: list[str]) -> None:
    lead = make_lead(stage)

    row = buttons_for(standing_of(world.marketer), lead, None).row

    assert [verb.slug for verb in row] == shown
    assert buttons_for(standing_of(world.rep), lead, None).row == ()
    assert as_user(world.marketer).get(f"/leads/{lead.public_id}/").status_code == 200


def test_what_was_tried_comes_first_on_an_accepted_lead(world: World) -> None:
    handoff = world.accepted()
    before = buttons_for(standing_of(world.rep), handoff.lead, handoff).main
    handoffs.log_attempt(handoff, Contact("call", "talked"), by=world.rep, at=NOON)
    handoff.refresh_from_db()

    after = buttons_for(standing_of(world.rep), handoff.lead, handoff).main

    assert (before.slug, after.slug) == ("log", "qualify")


def test_a_deal_of_another_company_cannot_be_joined(world: World) -> None:
    handoff = world.accepted()
    foreign = Deal.objects.create(name="Theirs", company=make_company(), currency="USD", opened_at=NOON)

    answer = as_user(world.rep).post(url(handoff, "qualify"), {"deal": str(foreign.public_id)}, **HTMX)

    assert (answer.status_code, status(handoff)) == (422, "accepted")
