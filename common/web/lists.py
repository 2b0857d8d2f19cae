"""Lists for programs: only filters that exist."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from rest_framework.generics import ListAPIView
from rest_framework.request import Request

from common.refusals import Invalid, must_be_text
from common.web.pages import ApiPages

Row = TypeVar("Row", bound=Model)
PAGING = ("cursor", "page_size", "format")


def only(request: Request, names: Collection[str] = ()) -> None:
    """Raises Invalid for a filter that does not exist: ignoring it would answer another question."""
    unknown = set(request.query_params) - set(names) - set(PAGING)
    if unknown:
        raise Invalid(dict.fromkeys(sorted(unknown), "There is no such filter."))
    must_be_text(request.query_params)


class WholeList(ListAPIView[Row]):
    """Every row in the order of the view, without filters."""

    pagination_class = ApiPages

    def filter_queryset(self, queryset: QuerySet[Row, Any]) -> QuerySet[Row, Any]:
        only(self.request)
        return queryset
