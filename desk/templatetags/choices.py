"""Choices of a dialog by key: the digit that chooses each, and where the focus begins, so that Enter sends."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import groupby

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()
DIGITS = range(1, 10)
HEADINGS = {"team": "A team", "person": "A person"}


@register.simple_tag
def choice(value: object, chosen: str | Collection[str] | None, place: int | str = "") -> SafeString:
    """Value and state of one choice. The first has the focus while nothing is chosen, else what is chosen."""
    is_chosen = str(value) in ([chosen] if isinstance(chosen, str) else chosen or ())
    begins = is_chosen or (not chosen and place == 1)
    key = format_html(' data-key="{}"', place) if place in DIGITS else ""
    state = f"{' checked' if is_chosen else ''}{' autofocus' if begins else ''}"
    return format_html('value="{}"{}{}', value, state, key)


@register.simple_tag
def digit(place: int | str) -> SafeString:
    """The hint beside it."""
    return format_html("<kbd>{}</kbd>", place) if place in DIGITS else SafeString("")


@register.simple_tag
def destinations(choices: Iterable[tuple[str, str]]) -> list[tuple[str, list[tuple[int, str, str]]]]:
    """Where a lead can go, teams apart from people: heading, and of each its place, its key and its name."""
    placed = [(place, str(key), str(name)) for place, (key, name) in enumerate(choices, start=1)]
    found = groupby(placed, key=lambda one: HEADINGS.get(one[1].partition(":")[0], ""))
    return [(heading, list(some)) for heading, some in found]
