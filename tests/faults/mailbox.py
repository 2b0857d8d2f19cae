"""Mail into files, so that processes that die can be asked what they sent."""

from __future__ import annotations

from email import message_from_bytes
from pathlib import Path

BACKEND = "django.core.mail.backends.filebased.EmailBackend"
SETTINGS = "tests.faults.settings"


def ids_in(folder: Path) -> list[str]:
    """The message id of every mail sent, in any order."""
    found: list[str] = []
    for file in folder.glob("*.log"):
        parts = [part for part in file.read_bytes().split(b"-" * 79 + b"\n") if part.strip()]
        found += [str(message_from_bytes(part)["Message-ID"]) for part in parts]
    return found
