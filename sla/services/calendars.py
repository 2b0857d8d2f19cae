"""Changing working calendars, by those who may. Running clocks keep the version they were started with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.queries import standing_of
from calendars import services
from calendars.models import Calendar, CalendarVersion
from common.naming import alone_in_naming
from common.refusals import NotAllowed


@dataclass(frozen=True, slots=True)
class Wording:
    """What a calendar says: a name, the rules without holidays, and the holidays by name."""

    name: str
    rules: Mapping[str, Any]
    holidays: Mapping[date, str] = field(default_factory=dict)


@transaction.atomic
def create(wording: Wording, *, by: User) -> Calendar:
    """Raises NotAllowed, or Invalid for hours that make no sense."""
    _must_configure(by)
    return services.create(wording.name, wording.rules, holidays=wording.holidays, by=by.pk)


@transaction.atomic
def revise(calendar: Calendar, wording: Wording, *, seen: str = "", by: User) -> CalendarVersion:
    """A new version where the hours differ; the one in force is never edited.

    `seen` is the fingerprint of what the person had before their eyes: Conflict where someone saved meanwhile.
    """
    _must_configure(by)
    alone_in_naming(Calendar)
    if seen:
        services.must_be_unchanged(calendar, seen)
    services.rename(calendar, wording.name)
    return services.revise(calendar, wording.rules, holidays=wording.holidays, by=by.pk)


def _must_configure(by: User) -> None:
    if not standing_of(by).may_configure:
        raise NotAllowed("Only operations or an admin can change calendars.")
