"""One address whose POST counts how often it really ran, for the tests of repeatable calls."""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.idempotency import idempotent
from accounts.permissions import HasScope
from common.database.moments import database_now
from common.models import Outbox
from common.refusals import Conflict


class Notes(APIView):
    """Writes one outbox row a call; a body with `refuse` is refused after writing it."""

    permission_classes = (HasScope,)
    scopes: ClassVar[dict[str, str]] = {"GET": "leads:read", "POST": "leads:write"}

    def get(self, request: Request, **kwargs: Any) -> Response:
        return Response({"read": True})

    @idempotent
    def post(self, request: Request, **kwargs: Any) -> Response:
        row = Outbox.objects.create(topic="note", subject=1, at=database_now(), payload=request.data)
        if "refuse" in request.data:
            raise Conflict("Somebody was first.", state="offered", by="Lena Vogt", at=row.at)
        return Response({"id": row.pk, "at": row.at}, status=201)


urlpatterns = [
    path("notes/", Notes.as_view()),
    path("notes/<int:number>/", Notes.as_view()),
]
