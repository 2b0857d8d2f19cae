"""What both sides know, in one form, so that they can be compared word by word."""

from __future__ import annotations

from typing import Any

from leads.models import Lead as Row
from sla.models import Breach, Clock
from tests.sla.machine.lead import Lead
from tests.sla.machine.product import Product

Seen = dict[tuple[Any, ...], tuple[Any, ...]]


def of_model(leads: list[Lead]) -> Seen:
    found: Seen = {}
    for place, lead in enumerate(leads):
        found[place, "stage"] = (lead.stage, lead.wakes)
        for cycle in lead.cycles:
            found[place, "cycle", cycle.number] = cycle.seen()
        for clock in lead.clocks:
            found[place, *clock.subject, clock.kind, clock.round] = clock.seen()
    return found


def of_product(product: Product) -> Seen:
    found: Seen = {}
    for place, row in enumerate(
        Row.objects.filter(pk__in=[lead.pk for lead in product.leads]).order_by("pk")
    ):
        found[place, "stage"] = (row.stage, row.wake_at)
        for cycle in row.handoffs.select_related("team", "holder"):
            holder = cycle.holder.name if cycle.holder else None
            found[place, "cycle", cycle.cycle] = (cycle.status, cycle.team.name, holder)
        for clock, subject in _clocks(row):
            seen = (clock.status, clock.due_at, clock.consumed, clock.satisfied_at, clock.ended_at)
            found[place, *subject, clock.kind, clock.round] = seen
    return found


def _clocks(row: Row) -> list[tuple[Clock, tuple[str, int]]]:
    """Each with its subject: a cycle by its number, a qualification by its place among those of the lead."""
    order = list(row.qualifications.order_by("pk").values_list("pk", flat=True))
    return [(clock, _subject(clock, order)) for clock in row.clocks.select_related("handoff")]


def _subject(clock: Clock, order: list[int]) -> tuple[str, int]:
    if clock.handoff:
        return "cycle", clock.handoff.cycle
    return "qualification", order.index(clock.qualification_id)


def missed_in_model(leads: list[Lead]) -> dict[tuple[Any, ...], Any]:
    missed = {}
    for place, lead in enumerate(leads):
        for clock in lead.clocks:
            if clock.status == "breached":
                missed[place, *clock.subject, clock.kind, clock.round] = clock.due
    return missed


def missed_in_product(product: Product) -> dict[tuple[Any, ...], Any]:
    dates = dict(Breach.objects.values_list("clock", "at"))
    missed = {}
    for place, lead in enumerate(product.leads):
        for clock, subject in _clocks(lead):
            if clock.pk in dates:
                missed[place, *subject, clock.kind, clock.round] = dates[clock.pk]
    return missed
