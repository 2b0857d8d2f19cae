"""A person's own views of the lead queue, and the one way in which a list is written as a query string."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.http import urlencode

from accounts.models import User
from desk.models import SavedView
from desk.queries.columns import columns_in_address
from desk.queries.filters import Filters, read_filters
from desk.queries.views import VIEWS

FIRST = "open"


def own_views(person: User) -> QuerySet[SavedView]:
    """In the order in which they were saved."""
    return SavedView.objects.filter(person=person).order_by("pk")


def written(said: QueryDict) -> str:
    """The list that an address means, always in the same words: two addresses of one list are equal."""
    filters = read_filters(said, view=FIRST)
    sort = [("sort", filters.sort)] if filters.sort != VIEWS[filters.view].sort else []
    return urlencode([("view", filters.view), *sorted(filters.active), *sort, *columns_in_address(said)])


def filters_of(view: SavedView) -> Filters:
    return read_filters(QueryDict(view.query), view=FIRST)
