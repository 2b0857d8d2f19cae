"""What a load balancer, a container engine and an admin ask (R26)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.models import Min, Q
from django.db.models.functions import Greatest
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis, RedisError

from common.models import Outbox
from common.moments import database_now
from sla.queries.health import sweep_health

TOO_LATE = 120  # seconds


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
    return _answer(parts, healthy=parts["database"])


@login_not_required
@require_safe
@never_cache
def deadlines(request: HttpRequest) -> JsonResponse:
    """Seconds: how late sweep and relay are, and how long no task has made it through the broker."""
    if not _database_answers():
        return _answer({"database": False}, healthy=False)
    at = database_now()
    late = {
        "overdue": round(sweep_health(at).lag.total_seconds(), 1),
        "outbox": _seconds(at, _oldest_waiting(at)),
        "heartbeat": _seconds(at, _heartbeat()),
    }
    healthy = late["heartbeat"] is not None and max(filter(None, late.values()), default=0) < TOO_LATE
    return _answer(late, healthy=healthy)


def _answer(parts: dict[str, Any], *, healthy: bool) -> JsonResponse:
    body = {"status": "ok" if healthy else "unavailable", **parts}
    headers = {} if healthy else {"Retry-After": "5"}
    return JsonResponse(body, status=200 if healthy else 503, headers=headers)


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


def _heartbeat() -> datetime | None:
    last = cache.get("heartbeat")
    return datetime.fromisoformat(last) if last else None


def _oldest_waiting(at: datetime) -> datetime | None:
    """Since when the relay could have delivered; what it put off itself waits from its next try on."""
    deliverable = Q(not_before=None) | Q(not_before__lte=at)
    waiting = Outbox.objects.filter(deliverable, done_at=None, at__lt=at)
    oldest: datetime | None = waiting.aggregate(oldest=Min(Greatest("at", "not_before")))["oldest"]
    return oldest


def _seconds(at: datetime, since: datetime | None) -> float | None:
    return round(max((at - since).total_seconds(), 0), 1) if since else None
