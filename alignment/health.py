"""What a load balancer, a container engine and an admin ask (R26)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis, RedisError

from alignment.watch import watch


@login_not_required
@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """This process answers."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Database and broker answer. Without the broker pages still work (R21), so only the database decides."""
    parts = {"database": _database_answers(), "broker": _broker_answers()}
    return _answer("ok" if parts["database"] else "unavailable", parts)


@login_not_required
@require_safe
@never_cache
def deadlines(request: HttpRequest) -> JsonResponse:
    """Red (503) where deadlines or notices are late; yellow (200, `warning`) where someone should look."""
    if not _database_answers():
        return _answer("unavailable", {"database": False})
    seen = watch()
    status = "unavailable" if seen.red else "warning" if seen.yellow else "ok"
    return _answer(status, {"wrong": seen.red + seen.yellow, **asdict(seen)})


def _answer(status: str, parts: dict[str, Any]) -> JsonResponse:
    healthy = status != "unavailable"
    headers = {} if healthy else {"Retry-After": "5"}
    return JsonResponse({"status": status, **parts}, status=200 if healthy else 503, headers=headers)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _broker_answers() -> bool:
    """Asked directly: the cache would rather forgive than tell."""
    try:
        with Redis.from_url(settings.REDIS_URL, socket_connect_timeout=0.5, socket_timeout=0.5) as broker:
            return bool(broker.ping())
    except RedisError:
        return False
