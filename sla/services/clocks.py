"""The one place that changes clocks: by journal rows, by time passing, and rebuilt from both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from calendars.engine.business_time import NeverOpensError
from common.refusals import Invalid
from leads.models import LeadEvent
from sla.services import ledger
from sla.services.ladder import climb
from sla.services.replay import replay
from sla.services.sweep import breach_overdue, lapse_excuses, note_run, sweep, warn_due

__all__ = ["apply", "breach_overdue", "climb", "lapse_excuses", "note_run", "replay", "sweep", "warn_due"]

NO_HOURS = (
    "The working hours that the contract counts by have no open time for ten years, so nothing could be due. "
    "Operations or an admin can correct the calendar."
)


@transaction.atomic(savepoint=False)
def apply(events: Sequence[LeadEvent]) -> None:
    """Apply journal rows, written in this transaction and in order, to the clocks of their leads.

    Applying twice changes nothing. Imported history must bring all rows of a lead in one call: what is
    overdue at its end is missed there, quietly. Raises Invalid where the hours of a clock never open.
    """
    if not events:
        return
    try:
        _apply(events)
    except NeverOpensError as error:
        raise Invalid({"": NO_HOURS}) from error


def _apply(events: Sequence[LeadEvent]) -> None:
    opened = ledger.open_for(events)
    imported: dict[int, datetime] = {}
    for event in opened.fresh:
        opened.book.apply(event)
        if event.historic:
            imported[event.lead_id] = event.recorded_at
    opened.book.settle(imported)
    ledger.close(opened)
