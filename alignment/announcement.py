"""What `up` says when everything runs: where, and who can sign in."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection

from accounts.queries import personas
from accounts.services import first_run


def announcement(url: str, logs: Path) -> str:
    """Asks the database, and leaves no connection open."""
    try:
        who = _demo_people() if settings.DEMO else _first_admin(url)
    finally:
        connection.close()
    lines = [
        f"Baton runs at {url}",
        *who,
        f"Logs, and mail that would be sent: {logs}",
        "Ctrl-C stops everything.",
    ]
    return "\n".join(["Ready", *lines])


def _demo_people() -> list[str]:
    """They sign in by one click on the first page."""
    people = [f"  {person.name:18} {person.line}" for person in personas()]
    return ["One click on the sign-in page makes you one of these people:", *people] if people else []


def _first_admin(url: str) -> list[str]:
    token = first_run.setup_token()
    return [f"First run, become its admin: {url}start/?{urlencode({'token': token})}"] if token else []
