"""Follow-up on so many days: whose days, where a promise counts by all hours (domain section 6)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sla.services import clocks
from sla.services.chosen import from_line
from sla.services.hours import ALWAYS
from tests.factories import HOUR, make_calendar, make_handoff, make_member, make_team
from tests.sla.makers import clock_of, draft, happens, promise, sign

pytestmark = pytest.mark.django_db
AFTERNOON = datetime(2026, 6, 1, 15, tzinfo=UTC)  # Monday 11:00 in New York
EVENING = datetime(2026, 6, 1, 22, tzinfo=UTC)  # Monday 18:00
NIGHT = datetime(2026, 6, 2, 1, tzinfo=UTC)  # Monday 21:00 there, Tuesday in UTC
NEXT_DAY = datetime(2026, 6, 2, 15, tzinfo=UTC)


def accepted(tz="America/New_York"):
    """A lead of a team in this zone, owed two attempts on two days around the clock."""
    handoff = offered(tz)
    happens("accepted", handoff, AFTERNOON, person=handoff.holder_id)
    return handoff


def offered(tz):
    version = draft()
    promise(version, "follow_up", 100 * HOUR, attempts=2, attempt_days=2)
    sign(version)
    team = make_team(calendar=make_calendar(tz=tz))
    handoff = make_handoff(team=team, holder=make_member(team))
    happens("offered", handoff, AFTERNOON)
    return handoff


def tried(handoff, *moments):
    for at in moments:
        happens("attempted", handoff, at, channel="call")
    return clock_of(handoff, "follow_up").status


def test_two_calls_on_one_evening_of_the_team_are_one_day():
    handoff = accepted()

    assert tried(handoff, EVENING, NIGHT) == "running"
    assert tried(handoff, NEXT_DAY) == "met"
    assert clocks.replay().differs == 0


def test_the_zone_is_the_one_that_the_clock_started_with():
    """Whatever calendar the team has by the second call: the choice in the log says it."""
    handoff = accepted()
    handoff.team.calendar = make_calendar(tz="UTC")
    handoff.team.save(update_fields=["calendar"])

    assert tried(handoff, EVENING, NIGHT) == "running"
    assert clock_of(handoff, "follow_up").log.get(kind="chosen").data["effort"][-1] == "America/New_York"
    assert clocks.replay().differs == 0


def test_attempts_before_acceptance_count_by_the_same_days():
    """Sixteen o'clock UTC is one in the morning in Tokyo, so each of these is a day of its own there."""
    handoff = offered("Asia/Tokyo")
    for hour in (14, 16):
        happens("attempted", handoff, datetime(2026, 6, 1, hour, tzinfo=UTC), channel="call")

    happens("accepted", handoff, NEXT_DAY, person=handoff.holder_id)

    assert clock_of(handoff, "follow_up").status == "met"


def test_a_choice_that_named_no_zone_counted_by_utc():
    """Lines written before zones were noted replay as they counted then."""
    line = clock_of(accepted(), "follow_up").log.get(kind="chosen").data

    older = from_line(line | {"effort": line["effort"][:4]}, ALWAYS)

    assert (older.effort.attempts, older.effort.days, older.effort.zone) == (2, 2, "UTC")
