"""Pausing as the contract allows it: for agreed reasons, up to a cap in business hours, and no longer."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from accounts.models import User
from calendars.engine.business_time import BusinessCalendar
from common.refusals import Invalid
from leads.models import Handoff, LeadEvent, Reason
from leads.services import acts, pauses
from leads.services.acts import Scene
from sla.engine import pause_terms
from sla.engine.allowance import Allowance, Pause, Terms, allowance
from sla.engine.table import PAUSED_BY_HAND, Kind
from sla.models import Clock, Commitment, ContractVersion
from sla.queries.contracts import contract_in_force
from sla.services.hours import WorkingHours, hours_of

FARTHEST = timedelta(days=3_653)  # ten years
RUNS_ON = (Clock.Status.RUNNING, Clock.Status.PAUSED)


def pause(
    handoff: Handoff,
    *,
    by: User,
    reason: str,
    until: date | None = None,
    note: str = "",
    at: datetime | None = None,
) -> Handoff:
    """Stop the clocks until the beginning of a day (the organisation's zone), or until the cap is used up.

    Raises Invalid (422) for a reason the contract does not allow, a day beyond the cap, or a cap that is used up.
    """

    def limit(scene: Scene, reason: str) -> datetime | None:
        _refuse_day(until, scene.at)
        allowed = allowance_for(scene.row, scene.at)
        _refuse_reason(allowed, reason)
        return _end(allowed, until)

    return pauses.pause(handoff, by=by, reason=reason, limit=limit, note=note, at=at)


def _refuse_reason(allowed: Allowance, reason: str) -> None:
    if not allowed.allows(reason):
        labels = Reason.objects.filter(verb=Reason.Verb.PAUSE, key__in=allowed.reasons or (), is_active=True)
        words = ", ".join(sorted(labels.values_list("label", flat=True))) or "none that is still used"
        raise Invalid({"reason": f"The contract does not allow this reason. Allowed: {words}."})
    if allowed.is_used_up:
        hours = _hours(allowed.cap)
        raise Invalid({"until": f"The {hours} business hours of pause for one cycle are used up."})


def _refuse_day(until: date | None, at: datetime) -> None:
    today = at.astimezone(acts.reporting_zone()).date()
    if until is not None and until <= today:
        raise Invalid({"until": "Choose a day that is still to come."})
    if until is not None and until - today > FARTHEST:
        raise Invalid({"until": "Choose a day within ten years."})


def _end(allowed: Allowance, until: date | None) -> datetime | None:
    asked = beginning(until) if until else None
    if asked is None and allowed.never_ends:
        raise Invalid({"until": "Choose a day: the calendar has no open time in which the pause could end."})
    if asked is None or allowed.ends_at is None:
        return asked or allowed.ends_at
    if asked > allowed.ends_at:
        last = allowed.ends_at.astimezone(acts.reporting_zone())
        raise Invalid({"until": f"The contract allows a pause until {last:%-d %B, %H:%M} at most."})
    return asked


def beginning(day: date) -> datetime:
    """Its first moment, in the organisation's zone."""
    return datetime.combine(day, time.min, acts.reporting_zone()).astimezone(UTC)


def _hours(amount: timedelta | None) -> str:
    return f"{(amount or timedelta()) / timedelta(hours=1):g}"


def allowance_for(handoff: Handoff, at: datetime) -> Allowance:
    """What the versions allow that the clocks of this cycle run by; without such clocks the one in force."""
    return allowance(_terms(handoff, at), pauses_of(handoff), at)


def _terms(handoff: Handoff, at: datetime) -> list[Terms]:
    clocks = Clock.objects.filter(
        handoff=handoff, kind__in=PAUSED_BY_HAND, status__in=RUNS_ON, ended_at=None
    ).select_related("commitment__version", "calendar_version")
    found = [_read(clock.commitment.version, hours_of(clock.calendar_version).calendar) for clock in clocks]
    version = contract_in_force(at) if not found else None
    return found if version is None else [_read(version, _hours_of_team(handoff))]


def _hours_of_team(handoff: Handoff) -> BusinessCalendar:
    choice = Commitment(calendar_choice=Commitment.CalendarChoice.TEAM)
    return WorkingHours().of(choice, Kind.ANSWER, handoff.team_id).calendar


def _read(version: ContractVersion, calendar: BusinessCalendar) -> Terms:
    rules = pause_terms.holds(version.pause_rules)
    return Terms(calendar, rules.reasons, rules.cap)


def pauses_of(handoff: Handoff) -> list[Pause]:
    """The pauses by hand of one cycle, by its journal."""
    rows = LeadEvent.objects.filter(handoff=handoff, kind__in=("paused", "resumed")).order_by("pk")
    found: list[Pause] = []
    for kind, at in rows.values_list("kind", "at"):
        if kind == LeadEvent.Kind.PAUSED:
            found.append(Pause(at, None))
        elif found and found[-1].until is None:
            found[-1] = Pause(found[-1].since, at)
    return found
