"""The ladder of a promise as rows of a form: after how long, what happens, who is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from definitions.engine.shapes import CriteriaError
from sla.engine import ladder
from sla.engine.ladder import MOST_RUNGS, Rung
from sla.forms.spans import read_span
from sla.models import Escalation
from sla.queries.rungs import ROLES
from sla.queries.spans import span_words

FEWEST_ROWS, SPARE_ROWS = 3, 2
CELLS = ("after", "do", "to")
NUMBERS = range(1, MOST_RUNGS + 1)


def cells() -> dict[str, forms.Field]:
    """The fields of every row that a ladder may have."""
    found: dict[str, forms.Field] = {}
    for number in NUMBERS:
        found[_cell(number, "after")] = forms.CharField(
            label=f"Step {number}, after", required=False, max_length=20
        )
        found[_cell(number, "do")] = forms.ChoiceField(
            label=f"Step {number} does", required=False, choices=Escalation.Do.choices
        )
        found[_cell(number, "to")] = forms.ChoiceField(
            label=f"Step {number} tells", required=False, choices=_roles
        )
    return found


def _roles() -> list[tuple[str, str]]:
    return [("", "By default"), *((key, f"{words[:1].upper()}{words[1:]}") for key, words in ROLES.items())]


def initial_of(said: Any, kind: str) -> dict[str, str]:
    """What the rows of a ladder say; nothing for one that cannot be read any more."""
    found: dict[str, str] = {}
    for rung in _known(said, kind):
        said_by_cell = {"after": span_words(rung.after), "do": rung.do.value, "to": rung.to}
        found |= {_cell(rung.number, name): value for name, value in said_by_cell.items()}
    return found


def shown_rows(form: forms.Form) -> list[dict[str, forms.BoundField]]:
    """The rows with something in them, and some empty ones."""
    told = {number: [form[_cell(number, name)].value() for name in ("after", "to")] for number in NUMBERS}
    filled = [number for number, values in told.items() if any(values)]
    last = min(max(FEWEST_ROWS, max(filled, default=0) + SPARE_ROWS), MOST_RUNGS)
    return [{name: form[_cell(number, name)] for name in CELLS} for number in range(1, last + 1)]


def read_rows(form: forms.Form, kind: str, before: Any) -> list[dict[str, str]]:
    """The ladder as agreement files write it; what is wrong is said at its cell.

    A ladder that still says the same stays as it was written.
    """
    rows = {number: row for number in NUMBERS if (row := _row(form, number))}
    said = list(rows.values())
    if form.errors.keys() & {_cell(number, name) for number in rows for name in CELLS}:
        return said
    try:
        rungs = ladder.read(said, kind=kind)
    except CriteriaError as refusal:
        form.add_error(
            _cell_of(refusal.path, list(rows)), f"{refusal.reason[:1].upper()}{refusal.reason[1:]}."
        )
        return said
    return list(before) if before and rungs == _known(before, kind) else said


def _row(form: forms.Form, number: int) -> dict[str, str]:
    """Empty for a row that says neither when nor to whom."""
    cleaned: Mapping[str, Any] = form.cleaned_data
    after, do, to = (str(cleaned.get(_cell(number, name)) or "").strip() for name in CELLS)
    if not after and not to and do in ("", "notify"):
        return {}
    said = {"after": _span(form, number, after), "do": do or "notify"}
    return said | ({"to": to} if to else {})


def _span(form: forms.Form, number: int, text: str) -> str:
    try:
        return read_span(text)
    except ValidationError as error:
        form.add_error(_cell(number, "after"), error)
        return ""


def _known(said: Any, kind: str) -> tuple[Rung, ...]:
    try:
        return ladder.read(said, kind=kind)
    except CriteriaError:
        return ()


def _cell(number: int, name: str) -> str:
    return f"rung_{number}_{name}"


def _cell_of(path: str, rows: Iterable[int]) -> str | None:
    """The cell that a path such as `/1/after` is about."""
    found = re.fullmatch(r"/(\d+)/(\w+)", path)
    if found is None:
        return None
    return _cell(list(rows)[int(found[1])], found[2] if found[2] in CELLS else "after")
