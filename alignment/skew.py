"""How far the clocks of hosts are from the database's, which alone decides (R24).

Each process can measure its own host only. Workers leave what they measured; whoever watches takes the largest.
"""

from __future__ import annotations

import socket
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.utils import timezone

HOSTS = "host_skews"
FORGOTTEN = timedelta(minutes=2)  # a worker notes it every few seconds


def note() -> None:
    """Leave this host's. Two at once may lose one, which its next tick leaves again."""
    skew, at = _measured()
    cache.set(HOSTS, _fresh(at) | {socket.gethostname(): [skew, at.isoformat()]}, timeout=None)


def largest() -> float:
    """Seconds, of this host and those that left theirs; more than 0: that host is ahead of the database."""
    here, at = _measured()
    found: list[float] = [here, *(skew for skew, _ in _fresh(at).values())]
    return max(found, key=abs)


def _measured() -> tuple[float, datetime]:
    """This host's clock minus the database's, both read within one short statement; and the latter."""
    before = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        there: datetime = cursor.fetchone()[0]
    middle = before + (timezone.now() - before) / 2
    return round((middle - there).total_seconds(), 3), there


def _fresh(at: datetime) -> dict[str, Any]:
    """What hosts left, without those that left nothing for a while."""
    known = cache.get(HOSTS) or {}
    return {host: kept for host, kept in known.items() if datetime.fromisoformat(kept[1]) > at - FORGOTTEN}
