"""Comments as HTML: escaped, with the people they name marked."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User

register = template.Library()
NAMED = re.compile(r"@([^\s@,;:]+@[^\s@,;:]+\.[a-z]+)", re.IGNORECASE)


@register.filter
def mentions(text: str, people: Iterable[User] = ()) -> SafeString:
    """An address after @ becomes the name of the person it belongs to."""
    names = {person.email: person.name for person in people}
    parts = NAMED.split(text)
    pieces = [escape(part) if place % 2 == 0 else _named(part, names) for place, part in enumerate(parts)]
    return mark_safe("".join(pieces).replace("\n", "<br>"))  # noqa: S308 - every piece is escaped above


def _named(address: str, names: dict[str, str]) -> SafeString:
    return format_html('<span class="mention">@{}</span>', names.get(address.lower(), address))
