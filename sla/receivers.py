"""Listens to the journal: what happens to a lead happens to its clocks, in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from leads import events as journal
from leads.models import LeadEvent
from sla.services import clocks


def on_recorded(sender: object, events: Sequence[LeadEvent], **kwargs: Any) -> None:
    """If clocks cannot follow, the command fails: no clock drifts from its lead."""
    clocks.apply(events)


def connect() -> None:
    journal.recorded.connect(on_recorded, dispatch_uid="sla.clocks")
