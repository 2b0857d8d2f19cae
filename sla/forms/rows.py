"""Rows that a page can ask for more of without a script: the button posts the form, which comes back longer."""

from __future__ import annotations

from collections.abc import Iterable

from django.forms.formsets import TOTAL_FORM_COUNT
from django.http import QueryDict

Typed = dict[str, object]


def typed(data: QueryDict, prefix: str, names: Iterable[str], most: int) -> list[Typed]:
    """The rows as they were typed, unchecked: to be shown again. A count that makes no sense gives none."""
    said = str(data.get(f"{prefix}-{TOTAL_FORM_COUNT}", ""))
    count = int(said) if said.isascii() and said.isdigit() and len(said) < 4 else 0
    names = tuple(names)
    return [{name: data.get(f"{prefix}-{at}-{name}", "") for name in names} for at in range(min(count, most))]
