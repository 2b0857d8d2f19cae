"""How long a session lasts: when it began, and when it was last renewed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

LONGEST = timedelta(days=14)
RENEWED_EVERY = timedelta(minutes=5)  # not at each request: every renewal writes a row


def begin(session: SessionBase, at: datetime) -> None:
    session.update({"begun_at": at.timestamp(), "renewed_at": at.timestamp()})


def is_over(session: SessionBase | Mapping[str, Any], at: datetime) -> bool:
    """Whether it has lasted as long as any may. One that does not know when it began begins now."""
    begun_at: float = session.get("begun_at", at.timestamp())
    return at.timestamp() - begun_at >= LONGEST.total_seconds()


def moment(session: Mapping[str, Any], name: str) -> datetime | None:
    """`begun_at` or `renewed_at`, UTC; None for a session that does not know."""
    return datetime.fromtimestamp(session[name], UTC) if name in session else None


def renew(session: SessionBase, at: datetime) -> None:
    """Something was done in it, so it lasts longer again."""
    if "begun_at" not in session:
        begin(session, at)
    elif at.timestamp() - session["renewed_at"] >= RENEWED_EVERY.total_seconds():
        session["renewed_at"] = at.timestamp()
