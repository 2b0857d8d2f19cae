"""A replay rebuilds every clock from the journal and the clocks' own log, identically."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leads import events as journal
from leads.services import handoffs
from sla.models import Clock
from sla.services import clocks
from tests.factories import (
    HOUR,
    MINUTE,
    NOON,
    make_calendar,
    make_handoff,
    make_member,
    make_offer,
    make_reason,
    make_team,
)
from tests.sla.makers import clock_of, event, happens, make_contract

pytestmark = pytest.mark.django_db


def stories():
    """Handoffs that went through most of the table, some late, some paused, some moved, some imported."""
    make_contract(calendar=make_calendar(tz="Europe/Oslo"))
    team = make_team(calendar=make_calendar(tz="America/New_York"))
    rep = make_member(team, "rep")
    worked, late, returned, moved, waiting, history = (make_handoff(team=team, holder=rep) for _ in range(6))
    for handoff in (worked, late, returned, moved, waiting):
        happens("mql", handoff.lead, NOON)
        happens("offered", handoff, NOON + MINUTE)
    journal.record(
        [
            event("accepted", worked, NOON + HOUR, person=rep.pk, by="attempt"),
            event("attempted", worked, NOON + HOUR, channel="call"),
        ]
    )
    happens("contacted", worked, NOON + 2 * HOUR, channel="call")
    happens("qualified", worked, NOON + 3 * HOUR)
    happens("rejected", late, NOON + timedelta(days=5), next_step="fix")
    happens("returned", returned, NOON + HOUR)
    happens("resupplied", returned, NOON + timedelta(days=1))
    other = make_team(calendar=make_calendar())
    moved.team, moved.holder = other, None
    moved.save(update_fields=["team", "holder"])
    happens(
        "reassigned", moved, NOON + HOUR, from_team=team.pk, from_person=rep.pk, team=other.pk, person=None
    )
    happens("paused", moved, NOON + 2 * HOUR)
    clocks.breach_overdue(NOON + timedelta(days=2))
    clocks.warn_due(NOON + timedelta(days=2))
    imported = NOON + timedelta(days=30)
    journal.record(
        [
            event("offered", history, NOON, historic=True, recorded_at=imported),
            event(
                "accepted", history, NOON, historic=True, implied=True, recorded_at=imported, person=rep.pk
            ),
            event("attempted", history, NOON + MINUTE, historic=True, recorded_at=imported, channel="call"),
        ]
    )
    return worked


def test_a_replay_of_everything_finds_nothing_to_mend():
    stories()
    before = list(Clock.objects.order_by("pk").values())

    result = clocks.replay()

    assert (result.clocks, result.differs) == (len(before), 0)
    assert list(Clock.objects.order_by("pk").values()) == before


def test_a_replay_reads_the_choice_and_judges_nothing_again():
    """Whatever the segments ask today: the rep's team has another name and other hours by now."""
    handoff = stories()
    handoff.team.name, handoff.team.calendar = "Renamed", make_calendar(tz="Asia/Tokyo")
    handoff.team.save(update_fields=["name", "calendar"])

    assert clocks.replay().differs == 0


def test_a_replay_mends_a_running_clock_that_drifted():
    make_contract(answer=4 * HOUR)
    handoff = make_handoff()
    happens("offered", handoff, NOON)
    Clock.objects.update(due_at=NOON + 9 * HOUR, target=9 * HOUR, warned=2)

    result = clocks.replay([handoff.lead_id])

    clock = clock_of(handoff, "answer")
    assert (result.mended, clock.due_at, clock.target, clock.warned) == (
        [clock.pk],
        NOON + 4 * HOUR,
        4 * HOUR,
        0,
    )


def test_a_replay_names_a_clock_that_nothing_starts():
    make_contract(answer=4 * HOUR)
    handoff = make_handoff()
    happens("offered", handoff, NOON)
    clock = clock_of(handoff, "answer")
    Clock.objects.filter(pk=clock.pk).update(round=2)

    assert clocks.replay().lost == [clock.pk]


def test_a_pause_that_an_answer_from_the_pool_ends_is_replayed():
    """Two rows at one instant: at the first the lead still lies in the pool."""
    make_contract()
    make_reason("pause", "away")
    team = make_team(calendar=make_calendar())
    rep = make_member(team)
    offered = make_offer(team)
    handoffs.pause(offered, by=rep, reason="away", at=NOON + MINUTE)

    handoffs.accept(offered, by=rep, at=NOON + HOUR)

    assert clocks.replay().differs == 0
