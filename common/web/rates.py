"""How often something may be asked for. Counted in the cache by one atomic step, so parallel calls cannot slip by."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

from django.core.cache import cache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rate:
    """At most so many calls in each span of seconds."""

    name: str
    calls: int
    seconds: int


EXPORT = Rate("export", 5, 3_600)


def wait_for(rate: Rate, who: str, now: float | None = None) -> int:
    """Count this call; answers the seconds to wait when it is one too many, else 0.

    Without its cache Baton goes on answering: a limit is no reason to lose a lead.
    """
    moment = time.time() if now is None else now
    window, passed = divmod(int(moment), rate.seconds)
    key = f"rate:{rate.name}:{who}:{window}"
    try:
        cache.add(key, 0, timeout=rate.seconds * 2)
        calls = cache.incr(key)
    except (RedisError, ValueError) as error:
        log.warning("Calls are not counted: %s", error)
        return 0
    return rate.seconds - passed if calls > rate.calls else 0
