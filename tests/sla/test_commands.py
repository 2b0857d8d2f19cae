"""The commands call the same services as worker and pages, and say what they found."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from common.models import Outbox
from leads.services import pauses
from notifications.queries import notices_of
from notifications.services.relay import relay
from sla import tasks
from sla.models import Breach, Clock
from sla.services import invariants
from tests.factories import (
    HOUR,
    MINUTE,
    NOON,
    make_handoff,
    make_member,
    make_person,
    make_reason,
    make_team,
)
from tests.sla.makers import happens, make_contract

pytestmark = pytest.mark.django_db


def said(command: str) -> str:
    out = StringIO()
    call_command(command, stdout=out)
    return out.getvalue()


@pytest.fixture
def handoff():
    make_contract(answer=HOUR)
    handoff = make_handoff(team=make_team())
    happens("offered", handoff, NOON)
    return handoff


def test_sweep_clocks_publishes_what_is_due(handoff, database_clock):
    database_clock.set(NOON + 2 * HOUR)

    assert said("sweep_clocks") == "1 breached, 0 warned, 0 escalated, 0 pauses ended\n"


def test_sweep_clocks_ends_pauses_first_so_that_what_they_held_back_is_missed(handoff, database_clock):
    """F13: as the workers do with beat away; a pause that is over keeps no clock."""
    rep = make_member(handoff.team)
    reason = make_reason("pause").key
    pauses.pause(handoff, by=rep, reason=reason, limit=lambda *_: NOON + 20 * MINUTE, at=NOON + 10 * MINUTE)
    database_clock.set(NOON + 4 * HOUR)

    assert said("sweep_clocks") == "1 breached, 0 warned, 0 escalated, 1 pauses ended\n"
    assert Breach.objects.get().at == NOON + HOUR + 10 * MINUTE


def test_replay_clocks_says_that_nothing_differs(handoff):
    assert said("replay_clocks") == "1 clocks rebuilt, 0 mended, 0 differed\n"


def test_replay_clocks_mends_what_drifted(handoff):
    Clock.objects.update(due_at=NOON + 9 * HOUR)

    assert said("replay_clocks") == "1 clocks rebuilt, 1 mended, 1 differed\n"


def test_replay_clocks_fails_for_what_cannot_be_mended(handoff):
    Clock.objects.update(round=7)

    with pytest.raises(CommandError, match="1 clocks have no event that starts them"):
        said("replay_clocks")


def test_check_invariants_finds_everything_in_order(handoff, database_clock):
    database_clock.set(NOON + 2 * HOUR)
    said("sweep_clocks")

    assert said("check_invariants") == f"{len(invariants.NEVER)} invariants hold\n"


def test_check_invariants_names_what_is_not_true(handoff, database_clock):
    database_clock.set(NOON + 2 * HOUR)

    with pytest.raises(CommandError, match="what was due a minute ago is published"):
        said("check_invariants")


def test_a_miss_without_breach_is_found(handoff):
    Clock.objects.update(status="breached", due_at=NOON)

    assert invariants.broken()["a missed clock has its breach"] == 1


def test_a_breach_without_miss_is_found(handoff, database_clock):
    database_clock.set(NOON)
    Breach.objects.create(clock=Clock.objects.get(), at=NOON + HOUR, detected_at=NOON + HOUR)

    assert invariants.broken()["a breach has a missed clock"] == 1


def test_the_night_tells_admins_what_does_not_hold(handoff, database_clock):
    database_clock.set(NOON + 2 * HOUR)
    admin, operations = make_person(role="admin"), make_person(role="operations")

    tasks.check_invariants()
    relay()

    words = "The nightly check found 1 wrong row, 1 rule broken: manage.py check_invariants"
    assert [notice.text for notice in notices_of(admin)] == [words]
    assert list(notices_of(operations)) == []


def test_a_night_in_which_everything_holds_tells_nobody(handoff, database_clock):
    database_clock.set(NOON)

    tasks.check_invariants()

    assert not Outbox.objects.filter(topic=invariants.BROKEN).exists()
