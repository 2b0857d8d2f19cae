"""Writing the journal. The project's only custom signal tells whoever listens, in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence

from django.dispatch import Signal

from leads.batch.rows import insert
from leads.models import LeadEvent

COPIED_FROM = 200  # rows; below it one INSERT costs less than drawing keys first

# Sent with `events`: journal rows that were just written, in order. A receiver that fails fails the command.
recorded = Signal()


def record(events: Sequence[LeadEvent]) -> list[LeadEvent]:
    """Write journal rows in order and tell the listeners, all or nothing with the caller's transaction."""
    rows = list(events)
    if len(rows) > COPIED_FROM:
        insert(rows)
    else:
        LeadEvent.objects.bulk_create(rows)
    if rows:
        recorded.send(sender=LeadEvent, events=rows)
    return rows
