"""Which fields of a promise mean something for which kind of it."""

from __future__ import annotations

from typing import Any

from django import forms

from sla.models import Commitment
from sla.services.agreement_file import FOR_PERIODS, OF_CAMPAIGNS, TIMED

Kind = Commitment.Kind
AMOUNTS = frozenset({Kind.VOLUME, Kind.PIPELINE})
FIELDS: dict[str, tuple[str, ...]] = {
    "timed": ("target", "calendar"),
    "clock": ("out_of_hours", "warnings", "binds_up_to", "restart_on_reassign"),
    "follow": ("attempts", "days", "calls", "channels"),
    "amount": ("amount",),
    "goal": ("goal",),
    "whom": ("segment",),
}  # by group, as the page shows and hides them; the rest means something for every kind


def groups_of(kind: str) -> frozenset[str]:
    """The groups of fields that this kind has; of a kind nobody knows, all."""
    if kind not in Kind.values:
        return frozenset(FIELDS)
    runs = kind not in FOR_PERIODS
    has = {
        "timed": runs or kind in TIMED,
        "clock": runs,
        "follow": kind == Kind.FOLLOW_UP,
        "amount": kind in AMOUNTS,
        "goal": kind not in AMOUNTS,
        "whom": kind not in OF_CAMPAIGNS,
    }
    return frozenset(group for group, applies in has.items() if applies)


def without_meaning(kind: str) -> frozenset[str]:
    """What may still stand in fields that the page hid when another kind was chosen."""
    groups = groups_of(kind)
    return frozenset(name for group, names in FIELDS.items() if group not in groups for name in names)


class KindSelect(forms.Select):
    """Each kind says which groups of fields it has, so that the page can show those alone."""

    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **options)
        has = sorted(f"has-{group}" for group in groups_of(str(value)))
        return {**option, "attrs": {**option["attrs"], "class": " ".join(has)}}
