"""Keyset pages of lists: no page number, no OFFSET, no count."""

from __future__ import annotations

from typing import Any

from rest_framework.pagination import CursorPagination
from rest_framework.response import Response


class ApiPages(CursorPagination):
    """`{results, next, previous}` with `cursor` and `page_size` up to 200. A view says its `ordering`."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "pk"

    def get_ordering(self, request: Any, queryset: Any, view: Any) -> tuple[str, ...]:
        """The view's own order; the primary key at its end makes it total."""
        wanted: tuple[str, ...] = getattr(view, "ordering", ("pk",))
        return wanted if wanted[-1].lstrip("-") in {"pk", "id"} else (*wanted, "pk")

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data, "next": self.get_next_link(), "previous": self.get_previous_link()})
