"""What a load balancer and a container engine ask (R26)."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import RedisError


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
    try:
        cache.get("heartbeat")
    except RedisError:
        return False
    return True
