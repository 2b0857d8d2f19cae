"""The tick of the clocks. It may be lost, doubled or late: the rows alone say what is due."""

from __future__ import annotations

from celery import shared_task

from common.database.retries import retried
from sla.services import clocks, invariants, nightly, reminders
from sla.services.recompute import work


@shared_task(soft_time_limit=60, time_limit=90)
@retried
def sweep_clocks() -> None:
    clocks.sweep()
    clocks.note_run()


@shared_task(soft_time_limit=780, time_limit=800)
@retried
def check_invariants() -> None:
    """At night: whatever must never be is counted, and admins are told where something is."""
    invariants.tell()


@shared_task(soft_time_limit=780, time_limit=800)
@retried
def replay_clocks() -> None:
    """At night: what changed and a share of the rest is rebuilt and compared, and admins are told of a difference."""
    nightly.replay_share()


@shared_task(soft_time_limit=110, time_limit=120)
@retried
def recompute_clocks() -> None:
    """Corrected calendars and amendments, batch by batch. The next tick goes on where this one stops."""
    work.work_off()


@shared_task(soft_time_limit=60, time_limit=90)
@retried
def remind() -> None:
    """Decisions, signatures and reviews that wait longer than was agreed."""
    reminders.remind()
