"""Work for the tasks that judge periods: a promise of so many offers a month, and a month that is over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from common.database.moments import database_now
from common.models import Outbox
from dashboards.models import PeriodResult, Restatement
from dashboards.services.closing import close_periods
from tests.dashboards import worlds

LAST_MONTHS = timedelta(days=100)


def month_over() -> tuple[list[Any], Callable[[], None]]:
    _promise_volume()

    def check() -> None:
        judged = Counter(PeriodResult.objects.values_list("commitment", "period"))
        told = Counter(Outbox.objects.filter(topic="promise.judged").values_list("subject", flat=True))
        assert set(judged.values()) == set(told.values()) == {1}
        assert sorted(told) == sorted(PeriodResult.objects.values_list("pk", flat=True))

    return [], check


def late_offer() -> tuple[list[Any], Callable[[], None]]:
    """Brought in after its month was judged."""
    _promise_volume()
    close_periods()
    worlds.make_cycle(offered_at=_end_of_last_month() - timedelta(days=2))

    def check() -> None:
        assert Restatement.objects.count() == 1

    return [], check


def _promise_volume() -> None:
    version = worlds.make_contract(
        since=database_now() - LAST_MONTHS, counting_rules={"bases": ["definition"]}
    )
    worlds.make_commitment(
        "volume", "marketing", version=version, target=None, period="month", goal=None, amount=1,
        segment={"all": []},
    )  # fmt: skip
    worlds.sign(version)


def _end_of_last_month() -> datetime:
    return database_now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
