"""Rungs that move a lead: through the verbs of leads, judged again under the lock, or recorded as not done."""

from __future__ import annotations

import pytest
from django.db import transaction

from common.models import Outbox
from leads.models import Handoff, LeadEvent
from leads.services import handoffs
from sla.models import Breach, Escalation
from sla.services import clocks, invariants
from tests.factories import HOUR, MINUTE, NOON, make_member, make_offer, make_team
from tests.sla.makers import clock_of, draft, promise, sign
from tests.threads import at_once

pytestmark = pytest.mark.django_db
DUE = NOON + HOUR
FIRST = DUE + HOUR


def make_ladder(*said: dict, **fields) -> None:
    version = draft()
    promise(version, "answer", HOUR, ladder=list(said), **fields)
    sign(version)


def make_held(**fields) -> tuple[Handoff, list]:
    team = make_team(routing="round_robin", **fields)
    holder, *others = [make_member(team) for _ in range(3)]
    return make_offer(team, holder), others


def recorded() -> list[tuple]:
    return list(Escalation.objects.order_by("rung").values_list("rung", "do", "done", "why"))


def test_a_takeover_lets_the_team_claim_and_the_clock_runs_on(database_clock):
    make_ladder({"after": "1h", "do": "takeover"})
    handoff, others = make_held()
    database_clock.set(FIRST)

    clocks.sweep()
    handoffs.claim(handoff, by=others[0], at=FIRST + MINUTE)

    clock = clock_of(handoff, "answer")
    assert (recorded(), clock.status, clock.ended_at) == ([(1, "takeover", True, "")], "breached", None)
    assert (clocks.replay().differs, invariants.broken()) == (0, {})


def test_a_running_clock_follows_whoever_took_the_lead_over(database_clock):
    """And replays so: the journal says whom it was taken from."""
    version = draft()
    promise(version, "answer", HOUR, ladder=[{"after": "1h", "do": "takeover"}])
    promise(version, "first_response", 9 * HOUR)
    sign(version)
    handoff, others = make_held()
    database_clock.set(FIRST)
    clocks.sweep()

    handoffs.claim(handoff, by=others[0], at=FIRST + MINUTE)

    assert clock_of(handoff, "first_response").person == others[0]
    assert clock_of(handoff, "answer").person == handoff.holder
    assert (clocks.replay().differs, invariants.broken()) == (0, {})


def test_the_next_person_gets_it_and_the_journal_says_why(database_clock):
    make_ladder({"after": "1h", "do": "reassign"})
    handoff, others = make_held()
    database_clock.set(FIRST)

    clocks.sweep()

    handoff.refresh_from_db()
    event = LeadEvent.objects.get(kind="reassigned")
    assert (handoff.holder, Escalation.objects.get().person) == (others[0], others[0])
    assert (event.actor, event.at, event.data["reason"], event.data["rung"]) == (
        None,
        FIRST,
        "late_answer",
        1,
    )
    assert Outbox.objects.filter(topic="handoff.reassigned").exists()
    assert (clocks.replay().differs, invariants.broken()) == (0, {})


def test_the_pool_gets_it_back(database_clock):
    make_ladder({"after": "1h", "do": "pool"})
    handoff, _ = make_held()
    database_clock.set(FIRST)

    clocks.sweep()

    handoff.refresh_from_db()
    assert (handoff.holder, recorded()) == (None, [(1, "pool", True, "")])


def test_without_anybody_else_the_step_is_recorded_as_not_done_and_told(database_clock):
    """A level without anybody to go to."""
    make_ladder({"after": "1h", "do": "reassign"}, {"after": "2h", "to": "admin"})
    team = make_team(routing="round_robin")
    make_offer(team, make_member(team))
    database_clock.set(DUE + 3 * HOUR)

    clocks.sweep()

    assert recorded() == [(1, "reassign", False, f"Nobody else of {team} is free."), (2, "notify", True, "")]
    facts = Outbox.objects.filter(topic="clock.escalated").order_by("pk")
    assert [fact.payload["rung"] for fact in facts] == [1, 2]


def test_of_several_moves_at_once_the_last_is_made(database_clock):
    """R6: an outage over a takeover, a colleague and the pool."""
    make_ladder(
        {"after": "1h", "do": "takeover"}, {"after": "2h", "do": "reassign"}, {"after": "3h", "do": "pool"}
    )
    make_held()
    database_clock.set(DUE + 9 * HOUR)

    clocks.sweep()

    overtaken = "A later step overtook it."
    assert recorded() == [
        (1, "takeover", False, overtaken),
        (2, "reassign", False, overtaken),
        (3, "pool", True, ""),
    ]
    assert list(
        LeadEvent.objects.filter(actor=None, kind__in=("takeover", "reassigned")).values_list("kind")
    ) == [("reassigned",)]
    assert Outbox.objects.filter(topic="clock.escalated").count() == 1


def test_what_was_returned_for_info_stays_with_marketing(database_clock):
    make_ladder({"after": "1h", "do": "reassign"})
    handoff, _ = make_held()
    clocks.breach_overdue(DUE + MINUTE)
    handoffs.return_for_info(handoff, by=handoff.holder, missing=["lead.email"], at=DUE + 2 * MINUTE)
    database_clock.set(FIRST)

    clocks.sweep()

    assert recorded() == [(1, "reassign", False, "It waits for marketing's answer.")]


def test_a_promise_that_restarts_when_reassigned_ends_its_ladder(database_clock):
    make_ladder({"after": "1h", "do": "reassign"}, {"after": "2h", "do": "pool"}, restart_on_reassign=True)
    handoff, _ = make_held()
    database_clock.set(FIRST)
    clocks.sweep()

    breach = Breach.objects.get(clock__handoff=handoff)
    assert (len(recorded()), breach.rungs) == (1, 1)
    assert (clocks.replay().differs, invariants.broken()) == (0, {})


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_holds_the_lead_is_waited_for_and_wins(database_clock):
    """R7, R20: a lead somebody works on is skipped, and its answer ends the ladder."""
    make_ladder({"after": "1h", "do": "pool"})
    handoff, _ = make_held()
    clocks.breach_overdue(DUE + MINUTE)
    database_clock.set(FIRST)

    with transaction.atomic():
        handoffs.accept(handoff, by=handoff.holder)
        [swept] = at_once([clocks.sweep])
    clocks.sweep()

    handoff.refresh_from_db()
    assert (swept.climbed, recorded(), handoff.holder_id is None) == (0, [], False)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("do", ["notify", "reassign", "takeover", "pool"])
def test_four_sweeps_at_once_climb_every_rung_once(do, database_clock):
    """R2, R18, C03."""
    make_ladder({"after": "1h", "do": do, "to": "sales_manager"})
    for _ in range(6):
        make_held()
    clocks.breach_overdue(DUE + MINUTE)
    database_clock.set(FIRST)

    swept = at_once([clocks.sweep] * 4)
    clocks.sweep()

    assert not [result for result in swept if isinstance(result, Exception)]
    assert len(recorded()) == 6
    assert Outbox.objects.filter(topic="clock.escalated").count() == 6
    moved = LeadEvent.objects.filter(actor=None, kind__in=("takeover", "reassigned")).count()
    assert moved == (0 if do == "notify" else 6)
