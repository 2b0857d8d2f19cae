"""The cache: JSON in Valkey, and no page fails because it cannot be reached (R21, S36).

What is kept there is comfort (rate limits, signs of life). Without it limits are not counted; deadlines and
rights never depend on it.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import ConnectionError as LostConnection
from redis import RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

Answer = TypeVar("Answer")
logger = logging.getLogger(__name__)


class JsonSerializer:
    """Plain values only: whoever writes into the broker must not be able to run code here."""

    def dumps(self, value: Any) -> str:
        return json.dumps(value)

    def loads(self, stored: bytes) -> Any:
        return json.loads(stored)


# Servers that did not answer, each with when one may look again, by this process's own clock.
AWAY: dict[tuple[str, ...], float] = {}
# Of a server that restarted the old connections are dead; one that is silent stays so, however often it is asked.
RECONNECT = Retry(NoBackoff(), 1, supported_errors=(LostConnection,))
PAUSE = 5.0  # seconds; a silent server costs its timeout once in so long, not at every question (R21)


class ForgivingClient(RedisCacheClient):
    """Answers as if it were empty while the server is away."""

    _servers: list[str]

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        """Added, if nobody can tell otherwise: callers wait in a loop for this answer."""
        return self._asked(lambda: bool(super(ForgivingClient, self).add(key, value, timeout)), instead=True)

    def get(self, key: Any, default: Any) -> Any:
        return self._asked(lambda: super(ForgivingClient, self).get(key, default), instead=default)

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        self._asked(lambda: super(ForgivingClient, self).set(key, value, timeout), instead=None)

    def delete(self, key: Any) -> bool:
        return self._asked(lambda: bool(super(ForgivingClient, self).delete(key)), instead=False)

    def incr(self, key: Any, delta: Any) -> int:
        return self._asked(lambda: int(super(ForgivingClient, self).incr(key, delta)), instead=int(delta))

    def _asked(self, ask: Callable[[], Answer], *, instead: Answer) -> Answer:
        """Of all who ask a server that was away, one looks whether it is back; the others go on without it."""
        servers, now = tuple(self._servers), time.monotonic()
        if now < AWAY.get(servers, 0.0):
            return instead
        if servers in AWAY:
            AWAY[servers] = now + PAUSE
        try:
            answer = ask()
        except RedisError as error:
            AWAY[servers] = time.monotonic() + PAUSE
            logger.warning("The cache cannot be reached: %s", type(error).__name__)
            return instead
        AWAY.pop(servers, None)
        return answer


class ForgivingCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params | {"OPTIONS": params.get("OPTIONS", {}) | {"retry": RECONNECT}})
        self._class = ForgivingClient
