"""Writing calendars: every change is a new version, so that clocks keep the hours they were started with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from calendars.engine.business_time import BusinessCalendar, next_opening
from calendars.engine.closures import BY_HAND
from calendars.models import Calendar, CalendarVersion, Holiday
from calendars.queries import UNNAMED, fingerprint
from common.database.moments import database_now
from common.database.naming import alone_in_naming
from common.database.watching import acting
from common.refusals import Conflict, Invalid


@dataclass(frozen=True, slots=True)
class Names:
    """What people call days. `closed` are closed as a whole, the rest have hours of their own."""

    closed: Mapping[date, str] = field(default_factory=dict)
    sources: Mapping[date, str] = field(default_factory=dict)
    differing: Mapping[date, str] | None = None  # without it they keep the names they have


@transaction.atomic
def create(
    name: str,
    rules: Mapping[str, Any],
    *,
    holidays: Mapping[date, str] | None = None,
    sources: Mapping[date, str] | None = None,
    by: int | None,
) -> Calendar:
    """A calendar and its first version. `by` is the primary key of a person. Raises Invalid.

    `holidays` names the days closed as a whole, `sources` says where they come from if not by hand.
    """
    alone_in_naming(Calendar)
    calendar = Calendar(name=name.strip(), slug=_free_slug(name))
    _check_name(calendar)
    calendar.save()
    _write(calendar, rules, Names(holidays or {}, sources or {}), by=by)
    return calendar


@transaction.atomic
def revise(
    calendar: Calendar,
    rules: Mapping[str, Any],
    *,
    holidays: Mapping[date, str] | None = None,
    by: int | None,
) -> CalendarVersion:
    """A new current version; without a change the current one stays. Running clocks keep theirs.

    `holidays` names the days closed as a whole; without it the days in `rules` keep the names they have.
    """
    row = Calendar.objects.select_for_update(no_key=True).get(pk=calendar.pk)
    if holidays is None:
        closed = rules.get("holidays", [])
        holidays = {day.on: day.name for day in row.holidays.all() if day.on.isoformat() in closed}
    return _write(row, rules, Names(holidays), by=by)


@transaction.atomic
def revise_named(
    calendar: Calendar, rules: Mapping[str, Any], names: Names, *, by: int | None
) -> CalendarVersion:
    """The same where it is known of each day what it is called and where it comes from."""
    row = Calendar.objects.select_for_update(no_key=True).get(pk=calendar.pk)
    return _write(row, rules, names, by=by)


@transaction.atomic
def must_be_unchanged(calendar: Calendar, seen: str) -> None:
    """Holds the calendar until the transaction ends; raises Conflict unless it still reads as it was seen."""
    row = Calendar.objects.select_for_update(no_key=True).get(pk=calendar.pk)
    if fingerprint(row) != seen:
        raise Conflict("Someone saved this calendar meanwhile. Open it again.", state="superseded")


@transaction.atomic
def rename(calendar: Calendar, name: str) -> None:
    alone_in_naming(Calendar)
    row = Calendar.objects.select_for_update(no_key=True).get(pk=calendar.pk)
    row.name = name.strip()
    _check_name(row)
    row.save(update_fields=["name"])


def _write(calendar: Calendar, rules: Mapping[str, Any], names: Names, *, by: int | None) -> CalendarVersion:
    checked = _checked(rules, names.closed)
    current = calendar.versions.filter(is_current=True).first()
    _write_names(calendar, checked, names)
    if current is not None and current.rules == checked:
        return current
    if next_opening(BusinessCalendar.from_dict(checked), database_now()) is None:
        raise Invalid({"hours": "With these hours and days it does not open within the next ten years."})
    acting(by)
    calendar.versions.filter(is_current=True).update(is_current=False)
    return CalendarVersion.objects.create(
        calendar=calendar,
        number=current.number + 1 if current else 1,
        rules=checked,
        created_at=database_now(),
        created_by_id=by,
    )


def _checked(rules: Mapping[str, Any], names: Mapping[date, str]) -> dict[str, Any]:
    """The rules in their normal form, with every named holiday in them."""
    closed = {on.isoformat() for on in names} | set(rules.get("holidays", []))
    try:
        return BusinessCalendar.from_dict({**rules, "holidays": sorted(closed)}).to_dict()
    except ValueError as error:
        raise Invalid({"hours": str(error)}) from error


def _write_names(calendar: Calendar, checked: Mapping[str, Any], names: Names) -> None:
    """The names beside the days; a closed day without one is called a holiday, one with hours has none."""
    known = {day.on: day for day in calendar.holidays.all()}
    differing = {date.fromisoformat(on) for on in (*checked["shifts"], *checked["breaks"])}
    kept = {on: day.name for on, day in known.items()} if names.differing is None else names.differing
    wanted = {on: kept[on] for on in differing if kept.get(on)}
    wanted |= {date.fromisoformat(on): UNNAMED for on in checked["holidays"]} | dict(names.closed)
    rows = [
        Holiday(
            calendar=calendar, on=on, name=name, source=_source(known.get(on), name, names.sources.get(on))
        )
        for on, name in wanted.items()
    ]
    calendar.holidays.exclude(on__in=wanted).delete()
    Holiday.objects.bulk_create(
        [row for row in rows if not _says_the_same(known.get(row.on), row)],
        update_conflicts=True, unique_fields=["calendar", "on"], update_fields=["name", "source"],
    )  # fmt: skip


def _source(known: Holiday | None, name: str, said: str | None) -> str:
    """A day keeps where it came from for as long as nobody calls it something else."""
    return said or (known.source if known and known.name == name else BY_HAND)


def _says_the_same(known: Holiday | None, row: Holiday) -> bool:
    return known is not None and (known.name, known.source) == (row.name, row.source)


def _check_name(calendar: Calendar) -> None:
    if not calendar.name:
        raise Invalid({"name": "Enter a name."})
    if Calendar.objects.filter(name__iexact=calendar.name).exclude(pk=calendar.pk).exists():
        raise Invalid({"name": f"There is already a calendar “{calendar.name}”."})


def _free_slug(name: str) -> str:
    base = slugify(name)[:70] or "calendar"
    taken = set(Calendar.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(slug for slug in numbered if slug not in taken)
