"""What every endpoint here shares: scopes, refusals in the schema, and only filters that exist."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar, TypeVar, cast

from django.core.exceptions import RequestDataTooBig
from django.db.models import Model, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from accounts.models import User
from accounts.permissions import HasScope
from common.pages import ApiPages
from common.refusals import Invalid, must_be_text
from desk.api.fields import Strict
from desk.api.limits import Rate
from desk.api.parsers import BoundedJSONParser, TooLarge
from desk.api.shapes import ProblemShape

Row = TypeVar("Row", bound=Model)
PAGING = ("cursor", "page_size", "format")
REFUSALS: dict[int, type[ProblemShape]] = dict.fromkeys((400, 401, 403, 404, 409, 422, 429), ProblemShape)


class Endpoint(APIView):
    """One address. `scopes` names what a key must be allowed for each method."""

    permission_classes = (HasScope,)
    parser_classes = (BoundedJSONParser,)
    scopes: ClassVar[dict[str, str]] = {}
    rates: ClassVar[dict[str, Rate]] = {}
    ordering: tuple[str, ...] = ("pk",)

    def handle_exception(self, exc: Exception) -> Response:
        """Django may refuse a large body before the parser sees it."""
        return super().handle_exception(TooLarge() if isinstance(exc, RequestDataTooBig) else exc)

    def listed(self, rows: QuerySet[Row], shape: type[BaseSerializer[Any]]) -> Response:
        """One page of rows in the order of the view."""
        pages = ApiPages()
        found = pages.paginate_queryset(rows, self.request, view=self)
        return pages.get_paginated_response(shape(found, many=True, context={"view": self}).data)


def person(request: Request) -> User:
    """Who calls: permissions have let only signed-in people through."""
    return cast(User, request.user)


def told(request: Request, shape: type[Strict]) -> dict[str, Any]:
    """The checked body. Raises ValidationError (422)."""
    form = shape(data=request.data)
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)


def only(request: Request, names: Collection[str]) -> None:
    """Raises Invalid for a filter that does not exist: ignoring it would answer another question."""
    unknown = set(request.query_params) - set(names) - set(PAGING)
    if unknown:
        raise Invalid(dict.fromkeys(sorted(unknown), "There is no such filter."))
    must_be_text(request.query_params)
