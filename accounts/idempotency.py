"""POSTs that may be repeated: under one Idempotency-Key a single one acts and all get its answer (R30)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from rest_framework import status
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import ApiKey, IdempotencyRecord
from common.database.moments import database_now
from common.refusals import Conflict, Invalid

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEPT = timedelta(hours=24)
LONGEST = 255
CLEARED_AT_ONCE = 100

Handler = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class Call:
    """What makes two calls the same call, and a digest of what they sent."""

    api_key: ApiKey
    key: str
    method: str
    path: str
    body_digest: str

    @classmethod
    def of(cls, request: Request, api_key: ApiKey, key: str) -> Call:
        body = json.dumps(request.data, sort_keys=True, separators=(",", ":"), default=str)
        digest = sha256(body.encode()).hexdigest()
        return cls(api_key, key, request.method or "", request.path[:500], digest)

    @property
    def lock(self) -> int:
        """A number for PostgreSQL's advisory lock, the same for the same call."""
        words = "\0".join([str(self.api_key.pk), self.method, self.path, self.key])
        return int.from_bytes(sha256(words.encode()).digest()[:8], "big", signed=True)


def idempotent(handler: Handler) -> Handler:
    """Wraps the POST method of an API view. The key counts per API key, method and path; sessions have none.

    A refused or failed call leaves no record, so it may be tried again under the same key.
    """

    @wraps(handler)
    def once(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER, "").strip()
        if not key or not isinstance(request.auth, ApiKey):
            return handler(view, request, *args, **kwargs)
        if len(key) > LONGEST:
            raise Invalid({HEADER: f"At most {LONGEST} characters."})
        call = Call.of(request, request.auth, key)
        return _answer(call, lambda: handler(view, request, *args, **kwargs))

    return once


@transaction.atomic
def _answer(call: Call, act: Callable[[], Response]) -> Response:
    """The lock ends with the transaction, when act and answer can be seen by whoever asks next (H07)."""
    if not _locked(call):
        raise Conflict(
            "A call with this Idempotency-Key is in progress. Try again in a moment.", state="in progress"
        )
    now = database_now()
    if (known := _known(call, now)) is not None:
        return known
    response = act()
    if status.is_success(response.status_code):
        _keep(call, response, now)
    return response


def _locked(call: Call) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [call.lock])
        return bool(cursor.fetchone()[0])


def _known(call: Call, now: datetime) -> Response | None:
    """The kept answer of the same call. Raises Invalid when the key came with another body (H08)."""
    found = IdempotencyRecord.objects.filter(
        api_key=call.api_key, method=call.method, path=call.path, key=call.key
    ).first()
    if found is None:
        return None
    if found.created_at <= now - KEPT:
        found.delete()
        return None
    if found.body_digest != call.body_digest:
        raise Invalid({HEADER: "This key was used for a call with another body. Use a new key."})
    return Response(found.answer, status=found.status, headers={REPLAYED: "true"})


def _keep(call: Call, response: Response, now: datetime) -> None:
    IdempotencyRecord.objects.create(
        api_key=call.api_key,
        key=call.key,
        method=call.method,
        path=call.path,
        body_digest=call.body_digest,
        status=response.status_code,
        answer=json.loads(JSONRenderer().render(response.data)),
        created_at=now,
    )
    old = IdempotencyRecord.objects.filter(created_at__lt=now - KEPT).order_by("created_at")
    chosen = old.select_for_update(skip_locked=True).values("pk")[:CLEARED_AT_ONCE]
    IdempotencyRecord.objects.filter(pk__in=chosen).delete()
