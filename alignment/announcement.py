"""What `up` says when everything runs: where, and who can sign in."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings


def announcement(url: str, logs: Path) -> str:
    lines = [
        "",
        f"Baton runs at {url}",
        *_who(url),
        f"Logs and console e-mail: {logs}",
        "Ctrl-C stops everything.",
    ]
    return "\n".join(lines)


def _who(url: str) -> list[str]:
    if settings.DEMO and find_spec("alignment.demo"):
        return list(import_module("alignment.demo.people").sign_in_lines())
    return []
