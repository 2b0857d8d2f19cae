"""When periods are judged. A tick may be lost, doubled or late: the rows alone say what is still to be judged."""

from __future__ import annotations

from celery import shared_task

from common.database.retries import retried
from dashboards.services.closing import close_periods
from dashboards.services.restating import restate


@shared_task(soft_time_limit=280, time_limit=290)
@retried
def judge_periods() -> None:
    close_periods()


@shared_task(soft_time_limit=780, time_limit=800)
@retried
def restate_periods() -> None:
    restate()
