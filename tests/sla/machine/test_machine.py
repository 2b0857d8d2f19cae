"""R1-R11, R13, R19: the lifecycle of a lead and its clocks, driven at random beside a plain model of the domain."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.clock import DatabaseClock
from tests.faults.sizes import size
from tests.sla.machine import failpoints
from tests.sla.machine.machine import Lifecycle

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
# No explaining: it traces every call, and a killed connection ends the tracer.
PHASES = [Phase.generate, Phase.shrink]
PROFILE = settings(
    max_examples=size(12, 200),
    stateful_step_count=size(25, 50),
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=False,
    phases=PHASES,
    report_multiple_bugs=False,
)


@pytest.fixture
def clock(transactional_db: None, database_clock: DatabaseClock) -> Iterator[DatabaseClock]:
    failpoints.install()
    yield database_clock
    failpoints.remove()


def test_whatever_happens_to_a_lead_its_clocks_are_those_of_the_domain(clock: DatabaseClock) -> None:
    run_state_machine_as_test(lambda: Lifecycle(clock), settings=PROFILE)
