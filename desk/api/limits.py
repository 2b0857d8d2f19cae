"""How often one key may call (S26). Counted in the cache by one atomic step, so parallel calls cannot slip by."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.throttling import BaseThrottle

from accounts.models import ApiKey

if TYPE_CHECKING:  # views read the settings, which name this module
    from rest_framework.request import Request
    from rest_framework.views import APIView

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rate:
    """At most so many calls in each span of seconds."""

    name: str
    calls: int
    seconds: int


CREATE = Rate("create", 60, 60)
ACT = Rate("act", 600, 60)
READ = Rate("read", 600, 60)
SEARCH = Rate("search", 30, 60)
PALETTE = Rate("palette", 120, 60)
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


class Limited(BaseThrottle):
    """A view says `rates = {"POST": CREATE}`; reading is `READ` and every other method `ACT`."""

    seconds = 0

    def allow_request(self, request: Request, view: APIView) -> bool:
        if not request.user.is_authenticated:
            return True
        default = READ if request.method in ("GET", "HEAD", "OPTIONS") else ACT
        rate = getattr(view, "rates", {}).get(request.method, default)
        key = request.auth
        who = f"key{key.pk}" if isinstance(key, ApiKey) else f"user{request.user.pk}"
        self.seconds = wait_for(rate, who)
        return self.seconds == 0

    def wait(self) -> float:
        return self.seconds
