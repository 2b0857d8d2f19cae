"""The cache: JSON in Valkey, and no page fails because it cannot be reached (R21, S36).

What is kept there is comfort (rate limits, signs of life). Without it limits are not counted; deadlines and
rights never depend on it.
"""

from __future__ import annotations

import json
import logging
from typing import Any, TypeVar

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import RedisError

Answer = TypeVar("Answer")
logger = logging.getLogger(__name__)


class JsonSerializer:
    """Plain values only: whoever writes into the broker must not be able to run code here."""

    def dumps(self, value: Any) -> str:
        return json.dumps(value)

    def loads(self, stored: bytes) -> Any:
        return json.loads(stored)


class ForgivingClient(RedisCacheClient):
    """Answers as if it were empty while the server is away."""

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        """Added, if nobody can tell otherwise: callers wait in a loop for this answer."""
        try:
            return bool(super().add(key, value, timeout))
        except RedisError as error:
            return _away(error, answer=True)

    def get(self, key: Any, default: Any) -> Any:
        try:
            return super().get(key, default)
        except RedisError as error:
            return _away(error, answer=default)

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        try:
            super().set(key, value, timeout)
        except RedisError as error:
            _away(error, answer=None)

    def delete(self, key: Any) -> bool:
        try:
            return bool(super().delete(key))
        except RedisError as error:
            return _away(error, answer=False)

    def incr(self, key: Any, delta: Any) -> int:
        try:
            return int(super().incr(key, delta))
        except RedisError as error:
            return _away(error, answer=int(delta))


class ForgivingCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ForgivingClient


def _away(error: RedisError, *, answer: Answer) -> Answer:
    logger.warning("The cache cannot be reached: %s", type(error).__name__)
    return answer
