"""The services of a handoff: rights, races, rows written, and what others are told."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from common.models import Outbox
from common.refusals import Conflict, DomainError, Invalid, NotAllowed
from leads.models import Assignment, Attempt, Deal, Handoff, Lead, LeadEvent
from leads.services import handoffs
from leads.services.attempts import Contact
from leads.services.deals import Terms
from tests.factories import (
    HOUR,
    MINUTE,
    NOON,
    make_calendar,
    make_company,
    make_handoff,
    make_lead,
    make_marketer,
    make_member,
    make_mql,
    make_offer,
    make_person,
    make_reason,
    make_team,
)
from tests.threads import at_once

pytestmark = pytest.mark.django_db
CALL = Contact("call", "no_answer")


def kinds(handoff: Handoff) -> list[str]:
    return list(LeadEvent.objects.filter(handoff=handoff).order_by("id").values_list("kind", flat=True))


def test_one_lead_goes_all_the_way() -> None:
    team = make_team()
    rep = make_member(team)
    handoff = make_offer(team, rep)

    handoffs.accept(handoff, by=rep, at=NOON + MINUTE)
    handoffs.log_attempt(handoff, Contact("call", "talked", minutes=7), by=rep, at=NOON + HOUR)
    handoffs.qualify(handoff, by=rep, terms=Terms(Decimal(41_000)), at=NOON + 2 * HOUR)
    handoffs.win(handoff, by=rep, amount=Decimal(43_000), at=NOON + timedelta(days=60))

    handoff.refresh_from_db()
    deal = Deal.objects.get()
    assert handoff.status == "won"
    assert Lead.objects.get(pk=handoff.lead_id).stage == "customer"
    assert (deal.outcome, deal.opening_amount, deal.amount) == ("won", 41_000, 43_000)
    assert kinds(handoff) == ["offered", "accepted", "contacted", "qualified", "won"]


def test_the_first_answer_wins_and_the_loser_is_told_who_and_when() -> None:
    team = make_team()
    first, second = make_member(team, name="Lena Vogt"), make_member(team)
    handoff = make_offer(team)
    handoffs.accept(handoff, by=first, at=NOON + MINUTE)

    with pytest.raises(Conflict) as refused:
        handoffs.accept(handoff, by=second, at=NOON + 2 * MINUTE)

    assert (refused.value.state, refused.value.by, refused.value.at) == (
        "accepted",
        "Lena Vogt",
        NOON + MINUTE,
    )


def test_another_teams_rep_is_refused_before_the_state_is_judged() -> None:
    handoff = make_handoff("accepted")

    with pytest.raises(NotAllowed):
        handoffs.accept(handoff, by=make_member(make_team()), at=NOON)


def test_within_the_team_a_lost_race_is_a_conflict_not_a_missing_right() -> None:
    team = make_team()
    holder, other = make_member(team), make_member(team)
    handoff = make_handoff("rejected", team=team, holder=holder)

    with pytest.raises(Conflict):
        handoffs.accept(handoff, by=other, at=NOON)


def test_someone_elses_offer_is_answered_by_its_holder_or_the_manager_only() -> None:
    team = make_team()
    holder, other, manager = make_member(team), make_member(team), make_member(team, "sales_manager")
    handoff = make_offer(team, holder)

    with pytest.raises(NotAllowed):
        handoffs.accept(handoff, by=other, at=NOON)
    handoffs.accept(handoff, by=manager, at=NOON)

    assert Handoff.objects.get(pk=handoff.pk).holder == holder


@pytest.mark.parametrize("role", ["read_only", "operations"])
def test_roles_that_do_not_sell_cannot_answer(role: str) -> None:
    with pytest.raises(NotAllowed):
        handoffs.accept(make_offer(), by=make_person(role=role), at=NOON)


def test_a_refused_act_writes_nothing() -> None:
    handoff = make_handoff("accepted")
    before = LeadEvent.objects.count(), Outbox.objects.count()

    with pytest.raises(DomainError):
        handoffs.withdraw(handoff, by=make_marketer(), at=NOON)

    assert (LeadEvent.objects.count(), Outbox.objects.count()) == before


def test_reject_follows_the_reasons_next_step_and_keeps_its_note() -> None:
    team = make_team()
    rep = make_member(team)
    reason = make_reason("reject", "not-a-buyer", next_step="close", note_required=True)
    handoff = make_offer(team, rep)

    with pytest.raises(Invalid) as refused:
        handoffs.reject(handoff, by=rep, reason="not-a-buyer", at=NOON)
    handoffs.reject(handoff, by=rep, reason="not-a-buyer", note="A student.", at=NOON)

    event = LeadEvent.objects.get(handoff=handoff, kind="rejected")
    assert list(refused.value.errors) == ["note"]
    assert event.note.text == "A student."
    assert Handoff.objects.get(pk=handoff.pk).reason == reason
    assert Lead.objects.get(pk=handoff.lead_id).stage == "disqualified"


def test_an_unknown_reason_is_named_at_its_field() -> None:
    handoff = make_offer(team := make_team())

    with pytest.raises(Invalid) as refused:
        handoffs.reject(handoff, by=make_member(team), reason="nonsense", at=NOON)

    assert list(refused.value.errors) == ["reason"]


def test_unable_to_reach_needs_its_minimum_of_attempts() -> None:
    team = make_team()
    rep = make_member(team)
    make_reason("recycle", "unable", minimum_attempts=2)
    handoff = make_offer(team, rep)
    handoffs.log_attempt(handoff, CALL, by=rep, at=NOON)

    with pytest.raises(Invalid, match="1 more"):
        handoffs.recycle(handoff, by=rep, reason="unable", at=NOON + MINUTE)
    handoffs.log_attempt(handoff, CALL, by=rep, at=NOON + HOUR)
    handoffs.recycle(handoff, by=rep, reason="unable", at=NOON + 2 * HOUR)

    assert Handoff.objects.get(pk=handoff.pk).status == "recycled"


def test_an_outbound_attempt_on_an_offer_accepts_it_at_the_same_instant() -> None:
    team = make_team()
    rep = make_member(team)
    handoff = make_offer(team)

    handoffs.log_attempt(handoff, CALL, by=rep, at=NOON + MINUTE)

    handoff.refresh_from_db()
    moments = set(
        LeadEvent.objects.filter(handoff=handoff).exclude(kind="offered").values_list("at", flat=True)
    )
    assert (handoff.status, handoff.holder, moments) == ("accepted", rep, {NOON + MINUTE})


def test_an_attempt_by_one_who_may_not_accept_is_logged_and_accepts_nothing() -> None:
    team = make_team()
    holder, other = make_member(team), make_member(team)
    handoff = make_offer(team, holder)

    handoffs.log_attempt(handoff, CALL, by=other, at=NOON + MINUTE)

    handoff.refresh_from_db()
    assert (handoff.status, handoff.first_response_at) == ("offered", NOON + MINUTE)


def test_an_automated_mail_is_kept_and_counts_for_nothing() -> None:
    team = make_team()
    rep = make_member(team)
    handoff = make_offer(team, rep)

    handoffs.log_attempt(handoff, Contact("email", "no_answer", automated=True), by=rep, at=NOON)

    handoff.refresh_from_db()
    assert Attempt.objects.filter(handoff=handoff).count() == 1
    assert (handoff.status, handoff.attempts_count, handoff.first_response_at) == ("offered", 0, None)


def test_a_backdated_attempt_shows_its_time_and_counts_from_its_recording() -> None:
    team = make_team()
    rep = make_member(team)
    handoff = make_offer(team, rep)

    attempt = handoffs.log_attempt(
        handoff, Contact("call", "talked", happened_at=NOON - HOUR), by=rep, at=NOON + HOUR
    )

    handoff.refresh_from_db()
    assert (attempt.at, attempt.recorded_at) == (NOON - HOUR, NOON + HOUR)
    assert handoff.first_response_at == NOON + HOUR


def test_winning_closes_every_open_cycle_of_the_deal_and_counts_its_money_once() -> None:
    company, team = make_company(), make_team()
    rep = make_member(team)
    one = make_offer(team, rep, lead=make_mql(company=company))
    two = make_offer(team, rep, lead=make_mql(company=company))
    for handoff in (one, two):
        handoffs.accept(handoff, by=rep, at=NOON)
    handoffs.qualify(one, by=rep, terms=Terms(Decimal(310_000)), at=NOON)
    handoffs.qualify(two, by=rep, deal=Deal.objects.get(), at=NOON)

    handoffs.win(one, by=rep, at=NOON + HOUR)

    assert set(Handoff.objects.values_list("status", flat=True)) == {"won"}
    assert set(Lead.objects.values_list("stage", flat=True)) == {"customer"}
    assert [deal.amount for deal in Deal.objects.all()] == [Decimal(310_000)]
    company.refresh_from_db()
    assert company.relation == "customer"


def test_another_companys_deal_cannot_be_joined() -> None:
    team = make_team()
    rep = make_member(team)
    foreign = Deal.objects.create(name="x", company=make_company(), currency="USD", opened_at=NOON)
    handoff = make_offer(team, rep, lead=make_mql(company=make_company()))
    handoffs.accept(handoff, by=rep, at=NOON)

    with pytest.raises(Invalid, match="another company"):
        handoffs.qualify(handoff, by=rep, deal=foreign, at=NOON)


def test_recycling_loses_a_deal_that_nobody_else_works_on() -> None:
    team = make_team()
    rep = make_member(team)
    make_reason("recycle", "wrong-time")
    handoff = make_offer(team, rep)
    handoffs.accept(handoff, by=rep, at=NOON)
    handoffs.qualify(handoff, by=rep, at=NOON)

    handoffs.recycle(handoff, by=rep, reason="wrong-time", until=date(2026, 9, 1), at=NOON + HOUR)

    lead = Lead.objects.get(pk=handoff.lead_id)
    assert Deal.objects.get().outcome == "lost"
    assert (lead.stage, lead.wake_at.isoformat()) == ("recycled", "2026-09-01T00:00:00+00:00")


def test_pass_take_and_send_back_move_between_setter_and_closer() -> None:
    closers = make_team()
    setters = make_team(full_cycle=False, passes_to=closers)
    setter, closer = make_member(setters), make_member(closers)
    make_reason("send_back", "no-authority")
    handoff = make_offer(setters, setter)
    handoffs.accept(handoff, by=setter, at=NOON)
    handoffs.qualify(handoff, by=setter, at=NOON)

    handoffs.pass_on(handoff, by=setter, at=NOON + MINUTE)
    handoffs.take(handoff, by=closer, at=NOON + HOUR)
    handoffs.send_back(handoff, by=closer, reason="no-authority", at=NOON + 2 * HOUR)

    handoff.refresh_from_db()
    spans = list(Assignment.objects.filter(handoff=handoff).values_list("part", "person", "ended"))
    assert (handoff.status, handoff.holder, handoff.team) == ("accepted", setter, setters)
    assert spans == [
        ("setter", setter.pk, "passed"),
        ("closer", None, "claimed"),
        ("closer", closer.pk, "sent_back"),
        ("setter", setter.pk, ""),
    ]


def test_reopening_a_lost_lead_reopens_its_deal_in_a_new_cycle() -> None:
    team = make_team()
    rep = make_member(team)
    make_reason("lose", "price")
    handoff = make_offer(team, rep)
    handoffs.accept(handoff, by=rep, at=NOON)
    handoffs.qualify(handoff, by=rep, at=NOON)
    handoffs.lose(handoff, by=rep, reason="price", at=NOON + HOUR)

    successor = handoffs.reopen(handoff, by=rep, at=NOON + 2 * HOUR)

    handoff.refresh_from_db()
    assert (handoff.status, successor.status, successor.follows, successor.cycle) == (
        "lost",
        "qualified",
        handoff,
        2,
    )
    assert Deal.objects.get().outcome == "open"
    assert Lead.objects.get(pk=handoff.lead_id).stage == "sales_qualified"


def test_reopening_gives_nothing_to_somebody_who_has_left() -> None:
    """D02."""
    team = make_team()
    rep, manager = make_member(team), make_member(team, "sales_manager")
    make_reason("reject", "wrong", next_step="fix")
    handoff = make_offer(team, rep)
    handoffs.reject(handoff, by=rep, reason="wrong", at=NOON)
    rep.is_active = False
    rep.save(update_fields=["is_active"])

    successor = handoffs.reopen(handoff, by=manager, at=NOON + HOUR)

    assert (successor.status, successor.holder, successor.team) == ("offered", None, team)


def test_only_a_manager_reassigns() -> None:
    team = make_team()
    rep, other, manager = make_member(team), make_member(team), make_member(team, "sales_manager")
    handoff = make_offer(team, rep)

    with pytest.raises(NotAllowed):
        handoffs.reassign(handoff, by=rep, person=other, at=NOON)
    handoffs.reassign(handoff, by=manager, person=other, at=NOON)

    assert Handoff.objects.get(pk=handoff.pk).holder == other


def test_an_offer_tells_the_other_side_through_the_outbox() -> None:
    handoff = make_offer()

    waiting = Outbox.objects.get(topic="handoff.offered")

    assert (waiting.subject, waiting.done_at) == (handoff.pk, None)


def test_one_open_handoff_per_lead_is_a_constraint_of_the_database() -> None:
    handoff = make_handoff()

    with pytest.raises(IntegrityError, match="one_open_handoff_per_lead"), transaction.atomic():
        make_handoff(lead=handoff.lead, cycle=2)


def test_the_journal_cannot_be_changed() -> None:
    """S33."""
    make_offer()

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        LeadEvent.objects.update(data={})


def test_an_inquiry_cannot_be_offered() -> None:
    with pytest.raises(Conflict, match="Only an MQL"):
        handoffs.offer(make_lead(), by=make_marketer(), at=NOON)


def test_withdrawn_consent_blocks_an_offer_in_words() -> None:
    lead = make_mql()
    lead.consents.create(state="withdrawn", at=NOON)

    with pytest.raises(Invalid, match="withdrew consent"):
        handoffs.offer(lead, by=make_marketer(), team=make_team(), at=NOON)


@pytest.mark.django_db(transaction=True)
def test_of_ten_who_accept_at_once_one_wins_and_nine_are_told_who() -> None:
    """F8, R5."""
    team = make_team(calendar=make_calendar())
    reps = [make_member(team) for _ in range(10)]
    handoff = make_offer(team)

    outcomes = at_once([partial(handoffs.accept, handoff, by=rep) for rep in reps])

    winner = Handoff.objects.get(pk=handoff.pk).holder
    losers = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    assert winner is not None
    assert [loser.by for loser in losers] == [winner.name] * 9
    assert LeadEvent.objects.filter(handoff=handoff, kind="accepted").count() == 1
