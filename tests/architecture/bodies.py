"""What a POST says in the walks: enough that the right to do it is asked, not only the form (S2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from common.database.moments import database_now
from leads.models import Reason
from tests.factories import NOON

WHY = {"reason": "wrong"}


def make_reasons() -> None:
    """One for each verb, of the same key."""
    Reason.objects.bulk_create(Reason(verb=verb, key="wrong", label="Wrong") for verb in Reason.Verb.values)


def bodies(known: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """By the route's name; `form` and `api` stand for all others."""
    return {
        "form": form(known),
        "api": {},
        "desk:handoff-pass": {"to": "routing"},
        "sla:breach-excuse": {"reason": "Offered in error"},
        "accounts:absence-end": {"from_at": NOON.isoformat()},
        "api:leads": {"email": "new@buyer.example"},
        "api:touches": {"lead": known["leads/"], "kind": known["touch-kinds/"]},
        "api:handoffs": {"lead": known["lead to offer"]},
        "api:handoff-attempts": {"channel": "call", "outcome": "no_answer"},
        "api:handoff-move-meeting": {"meeting_at": _tomorrow()},
        "api:handoff-return": WHY | {"missing": ["phone"]},
        "api:handoff-redirect": WHY | {"team": known["other team"]},
        "api:handoff-pass": {"team": known["other team"]},
        **{f"api:handoff-{verb}": WHY for verb in ("reject", "disqualify", "recycle", "lose", "send-back")},
        **{f"api:lead-{verb}": WHY for verb in ("mark-mql", "set-aside")},
    }


def form(known: dict[str, Any]) -> dict[str, Any]:
    """A form reads what it knows and passes over the rest."""
    return {
        **WHY, "note": "Said.", "text": "Said.", "to": f"team:{known['other team']}", "missing": "phone",
        "channel": "call", "direction": "outbound", "outcome": "no_answer", "email": "new@buyer.example",
        "first_name": "New", "name": "Named", "label": "Named", "query": "view=all", "meeting_at": _tomorrow()[:16],
        "kind": known["touch kind"], "happened_at": "2026-06-03T12:00", "occurred_at": "2026-06-03T12:00",
        "pick": known["leads/"], "seen": "1", "wake": "1",
    }  # fmt: skip


def _tomorrow() -> str:
    return (database_now() + timedelta(days=1)).isoformat()
