"""Why a lead is rejected or redirected: the criterion, to whom a known buyer belongs, and where it went."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from common.models import Outbox
from leads.models import Deal, DealLead, Handoff, LeadEvent
from leads.queries import pointed_at
from leads.services import handoffs
from notifications.recipients import message_for
from tests.desk.acting import url
from tests.desk.world import HTMX, World, as_user
from tests.factories import NOON, make_calendar, make_company, make_member, make_reason, make_team

pytestmark = pytest.mark.django_db


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


def test_both_sides_read_which_criterion_was_pointed_at(world: World) -> None:
    handoff = world.offer(to=world.rep)
    as_user(world.rep).post(url(handoff, "reject"), {"reason": "below-criterion|all.0"})
    marketing = as_user(world.marketer)

    timeline = marketing.get(f"/leads/{handoff.lead.public_id}/").content.decode()
    contest = marketing.get(f"/handoffs/{handoff.public_id}/contest/").content.decode()

    assert re.search("Rejected</b> by <b>Lena Vogt</b>: [^<]*, <b>200 to 5,000 employees</b>", timeline)
    assert "<dt>Criterion</dt><dd>200 to 5,000 employees</dd>" in contest


@pytest.fixture
def known(world: World) -> Deal:
    """An open deal of a closer, and a reason that asks for it."""
    make_reason("reject", "open-deal", group="Already known", next_step="nurture")
    closer = make_member(make_team(calendar=make_calendar()), name="Idris Khan")
    company = make_company("Nordhavn")
    return Deal.objects.create(
        name="Fleet monitoring", company=company, currency="USD", amount=Decimal(310_000), owner=closer,
        opened_at=NOON,
    )  # fmt: skip


def options(page: str) -> list[str]:
    select = page[page.index('name="known"') :]
    return [words.strip() for words in re.findall(r"<option[^>]*>([^<]*)</option>", select)]


def chosen(page: str) -> str:
    return re.findall(r'<option value="([^"]*)" selected', page[page.index('name="known"') :])[0]


def test_a_known_buyer_is_asked_for_with_the_deals_and_people_of_the_company_first(
    world: World, known: Deal
) -> None:
    beside = world.offer(to=world.other, company=known.company)
    handoff = world.offer(to=world.rep, company=known.company)

    shown = as_user(world.rep).get(url(handoff, "reject"), **HTMX).content.decode()

    assert beside.holder == world.other
    assert options(shown)[:2] == ["Fleet monitoring, $310k, Idris Khan", "Tom Okafor, works on Nordhavn"]
    assert options(shown)[2:] == ["Dana Whitfield", "Idris Khan", "Lena Vogt", "Nobody knows"]
    assert chosen(shown) == f"deal:{known.public_id}"
    assert re.search(r'class=" ?needs-link" value="open-deal"', shown)


def test_nobody_is_chosen_where_nothing_of_the_company_is_known(world: World, known: Deal) -> None:
    handoff = world.offer(to=world.rep, company=None)

    shown = as_user(world.rep).get(url(handoff, "reject"), **HTMX).content.decode()

    assert chosen(shown) == ""


def test_a_known_lead_is_linked_to_its_deal_and_the_owner_is_told(world: World, known: Deal) -> None:
    handoff = world.offer(to=world.rep, company=known.company)
    sent = {"reason": "open-deal", "known": f"deal:{known.public_id}"}

    answer = as_user(world.rep).post(url(handoff, "reject"), sent)

    told = message_for(Outbox.objects.get(topic="handoff.known"))
    event = LeadEvent.objects.get(handoff=handoff, kind="rejected")
    assert answer.status_code == 302
    assert (event.data["known_deal"], event.data["known_owner"]) == (known.pk, known.owner_id)
    assert DealLead.objects.get(handoff=handoff).part == "influenced"
    assert told is not None
    assert told.people == (known.owner,)
    assert told.text == f"Lena Vogt rejected {handoff.lead.name}, Nordhavn as known: the buyer is yours"


def test_a_known_lead_belongs_to_a_colleague_without_a_deal(world: World, known: Deal) -> None:
    handoff = world.offer(to=world.rep, company=known.company)
    sent = {"reason": "open-deal", "known": f"person:{world.other.public_id}"}
    client = as_user(world.rep)

    client.post(url(handoff, "reject"), sent)

    event = LeadEvent.objects.get(handoff=handoff, kind="rejected")
    page = client.get(f"/leads/{handoff.lead.public_id}/").content.decode()
    assert event.data["known_owner"] == world.other.pk
    assert "the buyer of <b>Tom Okafor</b>" in page
    assert not DealLead.objects.exists()


def test_what_stands_in_a_hidden_field_is_not_said(world: World, known: Deal) -> None:
    """The list is preset; with another reason it is hidden and means nothing."""
    handoff = world.offer(to=world.rep, company=known.company)
    sent = {"reason": "student", "known": f"deal:{known.public_id}"}

    as_user(world.rep).post(url(handoff, "reject"), sent)

    assert Handoff.objects.get(pk=handoff.pk).status == "rejected"
    assert not DealLead.objects.exists()
    assert not Outbox.objects.filter(topic="handoff.known").exists()


def test_a_reopened_rejection_does_not_work_on_the_deal(world: World, known: Deal) -> None:
    handoff = world.offer(to=world.rep, company=known.company)
    sent = {"reason": "open-deal", "known": f"deal:{known.public_id}"}
    as_user(world.rep).post(url(handoff, "reject"), sent)

    successor = handoffs.reopen(handoff, by=world.rep)

    assert successor.status == "offered"
    assert not successor.deal_leads.exists()


def test_a_redirect_may_say_why(world: World) -> None:
    make_reason("redirect", "another-region")
    elsewhere = make_team("Enterprise", calendar=make_calendar())
    handoff = world.offer(to=world.rep)
    client = as_user(world.rep)

    asked = client.get(url(handoff, "redirect"), **HTMX).content.decode()
    client.post(url(handoff, "redirect"), {"to": f"team:{elsewhere.public_id}", "reason": "another-region"})

    event = LeadEvent.objects.get(handoff=handoff, kind="redirected")
    page = client.get(f"/leads/{handoff.lead.public_id}/").content.decode()
    assert "Another region" in asked
    assert event.data["reason"] == "another-region"
    assert "Redirected to <b>the pool of Enterprise</b> by <b>Lena Vogt</b>: Another region" in page


def test_a_reason_to_redirect_may_need_a_note(world: World) -> None:
    make_reason("redirect", "other", note_required=True)
    elsewhere = make_team("Enterprise", calendar=make_calendar())
    handoff = world.offer(to=world.rep)

    answer = as_user(world.rep).post(
        url(handoff, "redirect"), {"to": f"team:{elsewhere.public_id}", "reason": "other"}, **HTMX
    )

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert '<details class="more" open>' in shown
    assert "needs a note" in shown


@pytest.mark.parametrize(
    ("day", "status", "stage"), [("", 422, "sales_qualified"), ("2026-09-01", 302, "recycled")]
)
def test_a_lost_lead_that_is_to_come_back_needs_its_day(
    world: World, day: str, status: int, stage: str
) -> None:
    handoff = handoffs.qualify(world.accepted(), by=world.rep, at=NOON)
    make_reason("lose", "on-price")

    sent = {"reason": "on-price", "then": "recycle", "until": day}
    answer = as_user(world.rep).post(url(handoff, "lose"), sent)

    handoff.lead.refresh_from_db()
    assert (answer.status_code, handoff.lead.stage) == (status, stage)


@pytest.mark.parametrize(
    ("met", "helps", "negated"), [(True, True, ""), (False, True, "Not: "), (False, False, "")]
)
def test_the_criterion_that_was_pointed_at_reads_as_it_must_be(
    world: World, met: bool, helps: bool, negated: str
) -> None:
    handoff = world.offer(to=world.rep)
    handoff.qualification.findings.update(met=met, helps=helps)

    said = pointed_at([(handoff.pk, "all.0")])

    assert said == {(handoff.pk, "all.0"): f"{negated}200 to 5,000 employees"}
