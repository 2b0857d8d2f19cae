"""The queue in words: chips, counts, and addresses of lists like the one that is open."""

from __future__ import annotations

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from desk.queries.columns import columns_in_address
from desk.queries.filters import CLOCKS, LABELS, PERIODS
from desk.queries.lists import CAP
from desk.queries.reached import STEPS
from leads.models import Stage
from leads.queries_catalogue import campaign_name, reason_label


def chip(query: QueryDict, name: str, value: str) -> dict[str, str]:
    """One filter that is on, in words, and the address without it."""
    rest = query.copy()
    rest.setlist(name, [kept for kept in rest.getlist(name) if kept.strip() != value])
    for place in ("cursor", "part"):
        rest.pop(place, None)
    return {
        "field": LABELS[name],
        "value": in_words(name, value),
        "remove_url": f"{reverse('desk:queue')}?{rest.urlencode()}",
    }


def in_words(name: str, value: str) -> str:
    if name == "stage":
        return str(dict(Stage.choices).get(value, value))
    if name == "clock":
        return CLOCKS.get(value, value)
    if name == "created":
        return PERIODS[value][0] if value in PERIODS else value
    if name == "reached":
        return STEPS.get(value, value)
    if name == "rejected":
        return reason_label("reject", value) or value
    if name == "campaign":
        return campaign_name(value) or value
    return "Nobody" if (name, value) == ("owner", "none") else value


def said(count: int | None) -> str | None:
    return None if count is None else f"{count - 1:,}+" if count == CAP else f"{count:,}"


def changed(query: QueryDict, **values: str | None) -> str:
    """The same address with these values; None takes one away."""
    rest = query.copy()
    for name, value in values.items():
        rest.pop(name, None)
        if value is not None:
            rest[name] = value
    return rest.urlencode()


def address(query: str) -> str:
    return f"{reverse('desk:queue')}?{query}"


def plain(view: str, said: QueryDict) -> str:
    """A view without filters, in the columns that are shown now."""
    return urlencode([("view", view), *columns_in_address(said)])
