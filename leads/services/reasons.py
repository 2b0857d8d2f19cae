"""Checking the reason that was given for a verb."""

from __future__ import annotations

from common.refusals import Invalid
from leads.engine.journey import Cycle
from leads.models import Handoff, Reason


def chosen(
    verb: str, key: str, *, note: str = "", cycle: Cycle | None = None, required: bool = True
) -> Reason | None:
    """The active reason of this key. Raises Invalid: unknown, a note is missing, or attempts are (domain section 3)."""
    if not key:
        if required:
            raise Invalid({"reason": "Choose a reason."})
        return None
    reason = Reason.objects.filter(verb=verb, key=key, is_active=True).first()
    if reason is None:
        raise Invalid({"reason": f"There is no active reason “{key}” for this."})
    if reason.note_required and not note.strip():
        raise Invalid({"note": f"“{reason.label}” needs a note."})
    missing = reason.minimum_attempts - (cycle.attempts_count if cycle else 0)
    if cycle is not None and missing > 0:
        need = f"“{reason.label}” needs {reason.minimum_attempts} attempts; {missing} more to log first."
        raise Invalid({"reason": need})
    return reason


def keep(handoff: Handoff | None, reason: Reason | None, *, criterion: str = "") -> None:
    """Remember on the cycle why it is about to close; undone with the transaction if the close is refused."""
    if handoff is not None:
        handoff.reason, handoff.criterion = reason, criterion
        handoff.save(update_fields=["reason", "criterion"])
