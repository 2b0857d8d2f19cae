"""The short history that the inbox's pane shows."""

from __future__ import annotations

from desk.queries.timeline import Entry, timeline_of
from leads.models import Lead

SHORT = 8


def history(lead: Lead) -> list[Entry]:
    """The newest few entries of the timeline."""
    return timeline_of(lead)[:SHORT]
