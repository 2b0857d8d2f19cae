"""The tick of the clocks. It may be lost, doubled or late: the rows alone say what is due."""

from __future__ import annotations

from celery import shared_task

from sla.services import clocks, invariants


@shared_task(soft_time_limit=60, time_limit=90)
def sweep_clocks() -> None:
    clocks.sweep()
    clocks.note_run()


@shared_task(soft_time_limit=780, time_limit=800)
def check_invariants() -> None:
    """At night: whatever must never be is counted, and admins are told where something is."""
    invariants.tell()
