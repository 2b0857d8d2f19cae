"""What another holder, another team or an imported row leaves of a clock as it was."""

from __future__ import annotations

import pytest

from calendars import services as calendars
from common.models import Outbox
from sla.models import Breach
from sla.services import clocks
from tests.factories import (
    HOUR,
    MINUTE,
    NINE_TO_FIVE,
    NOON,
    make_calendar,
    make_handoff,
    make_member,
    make_team,
)
from tests.sla.makers import clock_of, draft, happens, make_contract, promise, sign

pytestmark = pytest.mark.django_db


def make_restarting(kind="disposition", **fields):
    """An accepted lead whose promise starts anew with another holder."""
    version = draft()
    promise(version, kind, 8 * HOUR, restart_on_reassign=True, **fields)
    sign(version)
    team = make_team()
    rep = make_member(team)
    handoff = make_handoff(team=team, holder=rep)
    happens("offered", handoff, NOON)
    happens("accepted", handoff, NOON, person=rep.pk)
    return handoff


def goes_to(handoff, team, person, at):
    before = {"from_team": handoff.team_id, "from_person": handoff.holder_id}
    handoff.team, handoff.holder = team, person
    handoff.save(update_fields=["team", "holder"])
    happens("reassigned", handoff, at, team=team.pk, person=person and person.pk, **before)


def test_a_clock_that_starts_anew_while_the_cycle_is_paused_stands_too():
    """Rule 8: another holder does not end a pause; its end lets the new clock run from the beginning."""
    handoff = make_restarting()
    happens("paused", handoff, NOON + MINUTE)

    goes_to(handoff, handoff.team, make_member(handoff.team), NOON + 2 * MINUTE)

    clock = clock_of(handoff, "disposition")
    assert (clock.round, clock.status, clock.due_at, clock.holds) == (2, "paused", None, ["hand"])
    assert list(clock.log.values_list("kind", flat=True)) == ["chosen", "started", "paused"]

    happens("resumed", handoff, NOON + 5 * HOUR)

    assert clock_of(handoff, "disposition").due_at == NOON + 13 * HOUR
    assert clocks.replay().differs == 0


def test_a_standing_follow_up_that_starts_anew_keeps_the_attempts_made():
    handoff = make_restarting("follow_up", attempts=3)
    happens("attempted", handoff, NOON + MINUTE, channel="call")
    happens("paused", handoff, NOON + 2 * MINUTE)

    goes_to(handoff, handoff.team, make_member(handoff.team), NOON + 3 * MINUTE)

    clock = clock_of(handoff, "follow_up")
    assert (clock.status, clock.progress, clock.holds) == ("paused", 1, ["hand"])
    assert clocks.replay().differs == 0


def test_a_named_calendar_stays_the_version_that_the_clock_started_on():
    """Rule 9: what is amended meanwhile enters no running clock, also not by way of another team."""
    office = make_calendar()
    make_contract(calendar=office, answer=8 * HOUR)
    handoff = make_handoff(team=make_team())
    happens("offered", handoff, NOON)
    before = clock_of(handoff, "answer")
    calendars.revise(office, {"tz": "UTC", "hours": NINE_TO_FIVE, "holidays": ["2026-06-04"]}, by=None)

    there = make_team()
    goes_to(handoff, there, None, NOON + HOUR)

    clock = clock_of(handoff, "answer")
    assert (clock.team, clock.calendar_version, clock.due_at) == (
        there,
        before.calendar_version,
        before.due_at,
    )
    assert clocks.replay().differs == 0


def test_an_imported_row_silences_no_miss_of_a_live_clock():
    """Rule 14: history notifies nobody; this clock is none."""
    make_contract(answer=HOUR)
    handoff = make_handoff()
    happens("offered", handoff, NOON)

    late = NOON + 4 * HOUR
    happens("attempted", handoff, NOON + 3 * HOUR, historic=True, recorded_at=late, channel="unknown")

    breach = Breach.objects.get()
    assert (breach.historic, breach.at, breach.detected_at) == (False, NOON + HOUR, late)
    assert Outbox.objects.filter(topic="clock.breached", subject=breach.clock_id).count() == 1
