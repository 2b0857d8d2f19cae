"""The working calendar as a value: what is written in it, checked and put in order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from calendars.engine import notation
from calendars.engine.instants import DAY
from calendars.engine.notation import WEEKDAYS
from calendars.engine.wall_line import Ranges, WallLine, merged, without
from calendars.engine.zones import load_zone

DatedRanges = tuple[tuple[date, Ranges], ...]

OFFICE_HOURS = {day: [["09:00", "17:00"]] for day in WEEKDAYS[:5]}
_REQUIRED = {"tz", "hours"}
_KNOWN = _REQUIRED | {"shifts", "breaks", "holidays", "name"}


@dataclass(frozen=True)
class BusinessCalendar:
    """Build it with `from_dict`, which refuses what makes no sense."""

    tz: str
    hours: tuple[Ranges, ...]
    shifts: DatedRanges = ()
    breaks: DatedRanges = ()
    holidays: tuple[date, ...] = ()
    line: WallLine = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        load_zone(self.tz)
        exceptions = self._exceptions()
        if not any(self.hours) and not any(exceptions.values()):
            raise ValueError("The calendar never opens: it has neither weekly hours nor an open shift.")
        object.__setattr__(self, "line", WallLine(tuple(merged(day) for day in self.hours), exceptions))

    @classmethod
    def from_dict(cls, calendar: Mapping[str, Any]) -> Self:
        """Reads `{tz, hours, shifts, breaks, holidays}`, of which the last three may be left out."""
        _refuse_wrong_keys(calendar)
        if not isinstance(calendar["tz"], str):
            raise ValueError("tz must be the name of a time zone.")
        return cls(
            tz=calendar["tz"],
            hours=notation.read_week(calendar["hours"]),
            shifts=notation.read_dated(calendar.get("shifts", {}), "shifts"),
            breaks=notation.read_dated(calendar.get("breaks", {}), "breaks", may_overlap=True),
            holidays=notation.read_dates(calendar.get("holidays", [])),
        )

    @classmethod
    def always(cls) -> Self:
        """Open at every instant: business time is the time that passes."""
        return cls(tz="UTC", hours=(((0, DAY),),) * 7)

    def to_dict(self) -> dict[str, Any]:
        hours = zip(WEEKDAYS, self.hours, strict=True)
        return {
            "tz": self.tz,
            "hours": {weekday: notation.write_ranges(ranges) for weekday, ranges in hours if ranges},
            "shifts": {on.isoformat(): notation.write_ranges(ranges) for on, ranges in self.shifts},
            "breaks": {on.isoformat(): notation.write_ranges(ranges) for on, ranges in self.breaks},
            "holidays": [on.isoformat() for on in self.holidays],
        }

    def planned_on(self, on: date) -> Ranges:
        """What the week or a shift plans for the date, before breaks and holidays take their part."""
        return dict(self.shifts).get(on, self.hours[on.weekday()])

    def _exceptions(self) -> dict[int, Ranges]:
        """Open ranges, by the day's number on the wall line, of every date that differs from its week."""
        shifts = dict(self.shifts)
        open_on = {on: merged(ranges) for on, ranges in self.shifts}
        for on, removed in self.breaks:
            open_on[on] = without(merged(shifts.get(on, self.hours[on.weekday()])), removed)
        open_on.update(dict.fromkeys(self.holidays, ()))
        return {on.toordinal() - 1: ranges for on, ranges in open_on.items()}


def _refuse_wrong_keys(calendar: object) -> None:
    if not isinstance(calendar, Mapping):
        raise ValueError("A calendar must be an object with tz and hours.")
    if missing := _REQUIRED - calendar.keys():
        raise ValueError(f"The calendar lacks {', '.join(sorted(missing))}.")
    if unknown := calendar.keys() - _KNOWN:
        raise ValueError(f"A calendar does not know {', '.join(sorted(map(str, unknown)))}.")
