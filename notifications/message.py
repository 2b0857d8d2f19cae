"""One thing to tell: to whom, in which words, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass, field

from accounts.models import User
from leads.models import Lead


@dataclass(frozen=True, slots=True)
class Message:
    """What a fact of the outbox tells."""

    text: str
    lead: Lead | None
    url: str
    people: tuple[User, ...] = field(default=())


def called(lead: Lead) -> str:
    """Its name, with that of its company."""
    return f"{lead.name}, {lead.company.name}" if lead.company else lead.name
