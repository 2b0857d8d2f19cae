"""The hours that clocks count by: a named calendar, the answering team's, or all hours."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from accounts.models import Team
from accounts.models.team import MARKETING_FUNCTIONS
from calendars.engine.business_time import BusinessCalendar
from calendars.models import CalendarVersion
from calendars.queries import business_calendar
from common.database.remembered import Remembered
from leads.services.acts import reporting_zone
from sla.engine.entry import Hours
from sla.engine.table import ON_QUALIFICATION, Kind
from sla.models import Commitment

ALWAYS = Hours(None, BusinessCalendar.always())
OWED_BY_MARKETING = ON_QUALIFICATION | {Kind.REWORK}


_VERSIONS = Remembered(CalendarVersion, lambda keys: CalendarVersion.objects.filter(pk__in=keys))


def hours_by_version(keys: Iterable[int]) -> dict[int | None, Hours]:
    """Those of these versions, and all hours for none."""
    asked = list(set(keys))
    found = _VERSIONS.where("id = ANY(%s)", [asked]) if asked else []
    return {None: ALWAYS, **{version.pk: hours_of(version) for version in found}}


def hours_of(version: CalendarVersion | None) -> Hours:
    return Hours(version.pk, business_calendar(version)) if version else ALWAYS


class WorkingHours:
    """The current hours of every calendar and team, read once for a whole batch."""

    @cached_property
    def _versions(self) -> dict[int, CalendarVersion]:
        return {version.calendar_id: version for version in _VERSIONS.where("is_current")}

    @cached_property
    def _organisation(self) -> str:
        """Its zone."""
        return reporting_zone().key

    @cached_property
    def _teams(self) -> dict[int, Team]:
        return {team.pk: team for team in Team.objects.order_by("position", "name")}

    @cached_property
    def _marketing(self) -> int | None:
        """Marketing answers as a whole, in the hours of its first team."""
        teams = (team.pk for team in self._teams.values() if team.function in MARKETING_FUNCTIONS)
        return next(teams, None)

    def team_name(self, team: int | None) -> str | None:
        return self._teams[team].name if team in self._teams else None

    def zone(self, team: int | None) -> str:
        """In which a day of this team is meant: its calendar's, else the organisation's."""
        known = self._teams.get(team) if team is not None else None
        hours = self._hours(known.calendar_id if known else None)
        return hours.calendar.tz if hours.version is not None else self._organisation

    @property
    def marketing(self) -> Hours:
        """Those of marketing as a whole."""
        known = self._teams.get(self._marketing) if self._marketing is not None else None
        return self._hours(known.calendar_id if known else None)

    def of(self, commitment: Commitment, kind: Kind, team: int | None) -> Hours:
        """What the commitment says, for this team. Where nobody has hours, all hours count."""
        if commitment.calendar_choice == Commitment.CalendarChoice.ALWAYS:
            return ALWAYS
        if commitment.calendar_choice == Commitment.CalendarChoice.NAMED:
            return self._hours(commitment.calendar_id)
        answering = self._marketing if kind in OWED_BY_MARKETING else team
        known = self._teams.get(answering) if answering is not None else None
        return self._hours(known.calendar_id if known else None)

    def _hours(self, calendar: int | None) -> Hours:
        return self._known.get(calendar, ALWAYS) if calendar is not None else ALWAYS

    @cached_property
    def _known(self) -> dict[int, Hours]:
        return {calendar: hours_of(version) for calendar, version in self._versions.items()}
