"""One thing to tell: to whom, in which words, and where it leads; or why it is not told any more."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.urls import reverse

from accounts.models import User
from leads.models import Lead
from sla.models import Clock


@dataclass(frozen=True, slots=True)
class Message:
    """What a fact of the outbox tells. With a clock it is about that one, and sent with its contract's manners."""

    text: str
    lead: Lead | None
    url: str
    people: tuple[User, ...] = field(default=())
    clock: Clock | None = None


@dataclass(frozen=True, slots=True)
class Dropped:
    """It does not hold any more (C09)."""

    why: str = "no longer so"


def called(lead: Lead) -> str:
    """Its name, with that of its company."""
    return f"{lead.name}, {lead.company.name}" if lead.company else lead.name


def lead_url(lead: Lead) -> str:
    return reverse("desk:lead", args=[lead.public_id])
