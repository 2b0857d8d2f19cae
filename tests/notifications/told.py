"""A promise whose misses are told by mail, and what was told: for the tests of mail about clocks."""

from __future__ import annotations

from django.core import mail

from leads.models import Handoff
from notifications.services.mail import deliver
from notifications.services.relay import relay
from sla.services import clocks
from tests.factories import (
    HOUR,
    NOON,
    make_member,
    make_offer,
    make_team,
)
from tests.sla.makers import draft, promise, sign

DUE = NOON + HOUR
FIRST = DUE + HOUR  # when the first rung is climbed
TELL = {"after": "1h", "to": "sales_manager"}


def agree(*rungs: dict, kind: str = "answer", **alerts) -> None:
    version = draft(**alerts)
    promise(version, kind, HOUR, ladder=list(rungs), warnings=[99])
    sign(version)


def make_held(team=None, **fields) -> Handoff:
    team = team or make_team()
    return make_offer(team, make_member(team, **fields))


def at(clock, moment) -> None:
    """Sweep, relay and mail at this moment."""
    clock.set(moment)
    clocks.sweep()
    relay()
    deliver()


def mailed() -> list[tuple[str, str]]:
    return [(message.to[0], message.subject) for message in mail.outbox]


def about(word: str) -> list[str]:
    return [to for to, subject in mailed() if word in subject]
