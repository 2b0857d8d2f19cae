"""Choices of a dialog by key: the digit that chooses each, and where the focus begins, so that Enter sends."""

from __future__ import annotations

from collections.abc import Collection

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()
DIGITS = range(1, 10)


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
