"""F10: every task delivered three times, twice of them at once, does its work once (R2, R14, R18, R31)."""

from __future__ import annotations

import pytest

from tests.faults.sizes import size
from tests.faults.work import WORK, own_tasks, task_named
from tests.threads import at_once

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def test_no_task_is_left_out() -> None:
    assert own_tasks() == set(WORK)


@pytest.mark.parametrize("name", WORK)
def test_a_task_that_is_delivered_three_times_does_its_work_once(name: str) -> None:
    """The promise says the whole test suite; each task with work to do says the same in seconds."""
    arguments, check = WORK[name]()
    task = task_named(name)

    outcomes = at_once([lambda: task(*arguments)] * size(2, 8))
    task(*arguments)

    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    check()
