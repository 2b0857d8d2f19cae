"""When mail may be sent: quiet hours, cool-down, cap, and a storm of it as one. Pure; moments are aware UTC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sla.engine.alerts import Alerts

STORM = 20  # mails to one person within the window; more go out as one (R17)
WINDOW = timedelta(minutes=5)
QUIET, COOLING, STORMING = "until the hours of the person begin", "cooling down", "many at once"


@dataclass(frozen=True, slots=True)
class Send:
    """Now; `as_one` where all that is ready goes out together."""

    as_one: bool = False


@dataclass(frozen=True, slots=True)
class Hold:
    """Not before `until`; then it is judged again."""

    until: datetime
    why: str


def about_one_clock(
    alerts: Alerts, *, now: datetime, opens_at: datetime | None, last_at: datetime | None
) -> Send | Hold:
    """`opens_at`: when this person's closed hours end. `last_at`: the last mail about the same clock."""
    if alerts.quiet_hours and opens_at is not None and opens_at > now:
        return Hold(opens_at, QUIET)
    if last_at is not None and last_at + alerts.cool_down > now:
        return Hold(last_at + alerts.cool_down, COOLING)
    return Send()


def that_can_wait(*, now: datetime, opens_at: datetime | None) -> Send | Hold:
    """A reminder: nobody is woken by it."""
    return Hold(opens_at, QUIET) if opens_at is not None and opens_at > now else Send()


def to_one_person(
    ready: int, *, now: datetime, sent: Sequence[datetime], digest_at: datetime | None
) -> Send | Hold:
    """`sent`: the mails of the last window, oldest first; a digest, the last at `digest_at`, is one of them."""
    if ready + len(sent) <= STORM:
        return Send()
    if digest_at is not None and digest_at + WINDOW > now:
        return Hold(digest_at + WINDOW, STORMING)
    if len(sent) >= STORM and sent[0] + WINDOW > now:
        return Hold(sent[0] + WINDOW, STORMING)
    return Send(as_one=ready > 1)
