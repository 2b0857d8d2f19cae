"""How tags read what a page hands them: a dict or an object, the same way templates do."""

from collections.abc import Mapping
from typing import Any

SIDES = {"marketing": "mkt", "sales": "sal"}


def part(view: object, name: str, default: Any = None) -> Any:
    """The named part of a dict or an object; `default` where it has none."""
    if isinstance(view, Mapping):
        return view.get(name, default)
    return getattr(view, name, default)


def side_class(side: str | None) -> str:
    """The colour class of a side of the contract: "marketing" is plum, "sales" teal, others neutral."""
    return SIDES.get(side or "", "")
