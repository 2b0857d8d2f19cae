"""The vectors and cases are worth something only if they catch the mistakes that people make."""

import pytest

from tests.calendars.cases import make_calendar
from tests.calendars.vectors import Implementation, is_right, load
from tests.calendars.wrong_implementations import WRONG

# Cases that the vectors, all in whole seconds, do not hold.
FINER = (
    {
        "op": "add",
        "calendar": make_calendar(tz="UTC").to_dict(),
        "start": "2026-06-01T09:00:00.000007Z",
        "minutes": 5,
        "due_edge": "2026-06-01T09:05:00.000007Z",
    },
)
# Long walks are left to the mistakes that nothing else shows: the vectors are asked in this order.
CASES = sorted((*FINER, *load()), key=lambda case: "very-long" in case.get("tags", ()))


def test_the_product_is_right_in_every_case():
    assert all(is_right(Implementation(), case) for case in CASES)


@pytest.mark.parametrize("implementation", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_implementation_is_caught(implementation):
    caught = next((case for case in CASES if not is_right(implementation, case)), None)

    assert caught is not None
