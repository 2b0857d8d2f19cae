"""What every endpoint here shares: scopes, limits and pages."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar, cast

from django.core.exceptions import RequestDataTooBig
from django.db.models import Model, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from accounts.models import User
from common.web.pages import ApiPages
from desk.api.fields import Strict
from desk.api.limits import Rate
from desk.api.parsers import BoundedJSONParser, TooLarge

Row = TypeVar("Row", bound=Model)


class Endpoint(APIView):
    """One address. `scopes` names what a key must be allowed for each method."""

    pagination_class: type[ApiPages] = ApiPages
    parser_classes = (BoundedJSONParser,)
    scopes: ClassVar[dict[str, str]] = {}
    rates: ClassVar[dict[str, Rate]] = {}
    searched_by: ClassVar[str] = ""
    ordering: tuple[str, ...] = ("pk",)

    def handle_exception(self, exc: Exception) -> Response:
        """Django may refuse a large body before the parser sees it."""
        return super().handle_exception(TooLarge() if isinstance(exc, RequestDataTooBig) else exc)

    def listed(self, rows: QuerySet[Row] | Row, shape: type[BaseSerializer[Any]]) -> Response:
        """One page of rows in the order of the view, or of what its pages make of one row."""
        pages = self.pagination_class()
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
