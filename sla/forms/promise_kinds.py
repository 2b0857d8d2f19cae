"""Which fields of a promise mean something for which kind of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from sla.models import Commitment
from sla.services.agreement_promise import FOR_PERIODS, NAMES_ITS_HOURS, OF_CAMPAIGNS, TEAM, TIMED

Kind = Commitment.Kind
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
        "amount": kind in Commitment.SUMS,
        "goal": kind not in Commitment.SUMS,
        "whom": kind not in OF_CAMPAIGNS,
    }
    return frozenset(group for group, applies in has.items() if applies)


def without_meaning(kind: str) -> frozenset[str]:
    """What may still stand in fields that the page hid when another kind was chosen."""
    groups = groups_of(kind)
    return frozenset(name for group, names in FIELDS.items() if group not in groups for name in names)


def missing(kind: str, said: Mapping[str, Any]) -> dict[str, str]:
    """What this kind cannot do without and nobody wrote: field -> reason, all of it at once.

    A promise for periods without a sum, a share or a period would be in the contract and never be judged.
    """
    judged, groups = kind in FOR_PERIODS, groups_of(kind)
    wanted = {
        "target": ("timed" in groups, "Write how long, such as 4 h or 10 days."),
        "attempts": ("follow" in groups, "Write how many attempts."),
        "amount": (
            "amount" in groups,
            "Write how many leads." if kind == Kind.VOLUME else "Write how much money.",
        ),
        "goal": (judged and "goal" in groups, "Write the share that keeps it, such as 75."),
        "period": (judged, "Choose by what it is judged: a month or a quarter."),
    }
    found = {
        name: reason for name, (needed, reason) in wanted.items() if needed and said.get(name) in ("", None)
    }
    if kind in NAMES_ITS_HOURS and said.get("calendar") == TEAM:
        found["calendar"] = "Name a calendar, or 24x7: no sales team answers for this promise."
    return found


class KindSelect(forms.Select):
    """Each kind says which groups of fields it has, so that the page can show those alone."""

    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **options)
        has = sorted(f"has-{group}" for group in groups_of(str(value)))
        return {**option, "attrs": {**option["attrs"], "class": " ".join(has)}}
