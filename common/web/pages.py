"""Keyset pages: the rows behind a row, never an OFFSET, so page 1,000 costs what page 1 costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, Protocol, TypeVar

from django.core import signing
from django.db.models import Model, Q, QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from common.refusals import Invalid

Row = TypeVar("Row", bound=Model)
SALT = "common.web.pages"
NOBODYS = "This cursor belongs to no page of this list. Start without one."


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list, the place of the first of them, and the cursors of its neighbours (empty: none)."""

    rows: list[Row]
    start: int
    previous: str
    next: str

    @property
    def words(self) -> str:
        """1 to 50, or nothing on an empty page."""
        return f"{self.start:,} to {self.start + len(self.rows) - 1:,}" if self.rows else ""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a cursor points: beside the row with these values, looking back or on."""

    values: tuple[Any, ...]
    back: bool
    start: int


def keyset_page(rows: QuerySet[Row], order: Sequence[str], *, cursor: str = "", size: int = 50) -> Page[Row]:
    """One page in this order. `order` names columns or annotations that are never null; the last is unique.

    Raises Invalid for a cursor of another order or of nobody's making.
    """
    place = _read(cursor, order) if cursor else _Place((), False, 1)
    keys = _turned(order) if place.back else list(order)
    if place.values:
        rows = rows.filter(_after(keys, place.values))
    found = list(rows.order_by(*keys)[: size + 1])
    more, found = len(found) > size, found[:size]
    if place.back:
        found.reverse()
    start = max(place.start - len(found), 1) if place.back else place.start
    has_previous, has_next = (more, True) if place.back else (bool(place.values), more)
    return Page(
        rows=found,
        start=start,
        previous=_cursor(found[0], order, back=True, start=start) if found and has_previous else "",
        next=_cursor(found[-1], order, back=False, start=start + len(found)) if found and has_next else "",
    )


class Neighbours(Protocol):
    """One page of whatever is listed, and the cursors of its neighbours (empty: none)."""

    @property
    def rows(self) -> Sequence[Any]: ...
    @property
    def previous(self) -> str: ...
    @property
    def next(self) -> str: ...


class ApiPages(BasePagination):
    """`{results, next, previous}` with `cursor` and `page_size` up to 200. A view says its `ordering`."""

    page_size = 50
    most = 200

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any]:
        self.address = request.build_absolute_uri()
        cursor = request.query_params.get("cursor", "")
        self.page = self.cut(queryset, cursor, self._size(request), view)
        return list(self.page.rows)

    def cut(self, rows: Any, cursor: str, size: int, view: Any) -> Neighbours:
        """The page behind the cursor. Raises Invalid for one of another list."""
        wanted: tuple[str, ...] = getattr(view, "ordering", ("pk",))
        order = wanted if wanted[-1].lstrip("-") in {"pk", "id"} else (*wanted, "pk")
        page: Page[Any] = keyset_page(rows, order, cursor=cursor, size=size)
        return page

    def get_paginated_response(self, data: Any) -> Response:
        neighbours = {"next": self._link(self.page.next), "previous": self._link(self.page.previous)}
        return Response({"results": data, **neighbours})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        properties = {"results": schema, "next": link, "previous": link}
        return {"type": "object", "required": list(properties), "properties": properties}

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": self.most, "default": self.page_size}
        return [
            _parameter("cursor", {"type": "string"}, "As `next` or `previous` of another page gives it."),
            _parameter("page_size", size, f"Rows of a page, {self.most} at most."),
        ]

    def _size(self, request: Any) -> int:
        said = request.query_params.get("page_size", "")
        if not said:
            return self.page_size
        if not (said.isascii() and said.isdigit() and len(said) < 10 and 1 <= int(said) <= self.most):
            raise Invalid({"page_size": f"Enter a number from 1 to {self.most}."})
        return int(said)

    def _link(self, cursor: str) -> str | None:
        if not cursor:
            return None
        return str(replace_query_param(remove_query_param(self.address, "cursor"), "cursor", cursor))


def _parameter(name: str, schema: dict[str, Any], meaning: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": meaning}


class ApiPagesOfFew(ApiPages):
    """The same of a list that is no table: few rows, all in memory."""

    salt = f"{SALT}.few"

    def cut(self, rows: Any, cursor: str, size: int, view: Any) -> Neighbours:
        first = self._first(cursor) if cursor else 0
        following = self._cursor(first + size) if first + size < len(rows) else ""
        before = self._cursor(max(first - size, 0)) if first else ""
        return Page(list(rows[first : first + size]), first + 1, before, following)

    def _cursor(self, first: int) -> str:
        return signing.dumps(first, salt=self.salt)

    def _first(self, cursor: str) -> int:
        try:
            return int(signing.loads(cursor, salt=self.salt))
        except signing.BadSignature:
            raise Invalid({"cursor": NOBODYS}) from None


def _turned(order: Sequence[str]) -> list[str]:
    return [key[1:] if key.startswith("-") else f"-{key}" for key in order]


def _after(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows that stand behind these values. The first bound stands alone too: an index can use it."""
    (key, *rest), (value, *others) = order, values
    name, step = (key[1:], "lt") if key.startswith("-") else (key, "gt")
    beyond = Q(**{f"{name}__{step}": value})
    if not rest:
        return beyond
    return Q(**{f"{name}__{step}e": value}) & (beyond | Q(**{name: value}) & _after(rest, others))


def _cursor(row: Model, order: Sequence[str], *, back: bool, start: int) -> str:
    values = [_written(_value(row, key.lstrip("-"))) for key in order]
    return signing.dumps([values, back, start], salt=_salt(order), compress=True)


def _value(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def _written(value: Any) -> Any:
    return {"at": value.isoformat()} if isinstance(value, datetime | date) else value


def _read(cursor: str, order: Sequence[str]) -> _Place:
    try:
        values, back, start = signing.loads(cursor, salt=_salt(order))
    except signing.BadSignature:
        raise Invalid({"cursor": NOBODYS}) from None
    read = tuple(datetime.fromisoformat(v["at"]) if isinstance(v, dict) else v for v in values)
    return _Place(read, back, start)


def _salt(order: Sequence[str]) -> str:
    return f"{SALT}:{','.join(order)}"
