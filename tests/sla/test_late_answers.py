"""A miss that a verb publishes before the sweep leaves the same log as one that the sweep publishes (R6)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.models import Outbox
from sla.services import clocks
from sla.services.recompute import work
from tests.factories import HOUR, MINUTE, NOON, make_calendar, make_handoff, make_person
from tests.sla.makers import clock_of, happens, make_contract
from tests.sla.test_recompute import LONGER, correct

pytestmark = pytest.mark.django_db


def offered(**fields):
    handoff = make_handoff(**fields)
    happens("offered", handoff, NOON)
    return handoff


def log_of(handoff):
    """Until it was missed."""
    lines = clock_of(handoff, "answer").log.exclude(kind__in=("chosen", "started", "stopped", "recomputed"))
    return list(lines.values_list("kind", "at", "recorded_at", "data"))


@pytest.mark.parametrize("swept_before", [False, True], ids=["an outage throughout", "warned once before"])
def test_sweep_and_late_answer_leave_the_same_log(swept_before):
    make_contract(answer=HOUR)
    by_sweep, by_verb = offered(), offered()
    if swept_before:
        clocks.warn_due(NOON + 35 * MINUTE)
    late = NOON + 2 * HOUR

    happens("accepted", by_verb, late)
    clocks.breach_overdue(late)

    assert log_of(by_verb) == log_of(by_sweep)
    assert [kind for kind, *_ in log_of(by_verb)] == ["warned", "warned", "breached"]
    assert clock_of(by_verb, "answer").warned == clock_of(by_sweep, "answer").warned == 2
    assert Outbox.objects.filter(topic="clock.warned").count() == 2 * swept_before
    assert clocks.replay().differs == 0


def test_what_history_missed_has_no_warnings():
    """Rule 14: dated as it was; nobody was there to be warned."""
    make_contract(answer=HOUR)
    handoff = make_handoff()

    happens("offered", handoff, NOON, historic=True, recorded_at=NOON + timedelta(days=30))

    assert [kind for kind, *_ in log_of(handoff)] == ["breached"]


def test_a_correction_that_comes_before_the_sweep_records_the_warnings_too(database_clock):
    """By other hours it was missed all the same."""
    office, operator = make_calendar(), make_person(role="operations")
    make_contract(calendar=office, answer=HOUR)
    handoff = offered()
    database_clock.set(NOON + 3 * HOUR)

    correct(office, LONGER, operator)
    work.work_off()

    assert [kind for kind, *_ in log_of(handoff)] == ["warned", "warned", "breached"]
    assert (clock_of(handoff, "answer").warned, clocks.replay().differs) == (2, 0)
