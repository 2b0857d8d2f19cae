"""Asking for a recompute: one short transaction; workers do the rest."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.queries import standing_of
from calendars.engine.business_time import next_opening
from calendars.models import Calendar, CalendarVersion
from calendars.queries import business_calendar, current_version
from common.database.moments import database_now
from common.refusals import Conflict, Invalid, NotAllowed
from sla.models import ContractVersion, Recompute
from sla.services.recompute.concerned import concerned, leads_elsewhere


@transaction.atomic
def correct(calendar: Calendar, *, seen: int, notify: bool = False, by: User) -> Recompute:
    """The earlier versions of this calendar were wrong. `seen` is the number of the version that was previewed.

    Raises NotAllowed, Conflict when another version is current by now or one is under way, Invalid when there
    is nothing to correct or the calendar never opens.
    """
    if not standing_of(by).may_configure:
        raise NotAllowed("Only operations or an admin can correct calendars.")
    Calendar.objects.select_for_update(no_key=True).get(pk=calendar.pk)
    version = current_version(calendar)
    if version.number != seen:
        raise Conflict(
            f"{calendar} is v{version.number} by now. Look at the preview again.", state="superseded"
        )
    if Recompute.objects.filter(calendar_version=version, done_at=None).exists():
        raise Conflict(f"The correction to {version} is under way already.", state="running")
    return _ask(version, notify, by)


def amend(version: ContractVersion, start: datetime) -> Recompute | None:
    """The clocks that run when a signed version begins go over to it then, if its signers said so.

    In the transaction that makes it signed. It tells nobody of clocks born overdue (rule 9).
    """
    if not version.also_running:
        return None
    return Recompute.objects.create(contract_version=version, requested_at=database_now(), starts_at=start)


def _ask(version: CalendarVersion, notify: bool, by: User) -> Recompute:
    now = database_now()
    if next_opening(business_calendar(version), now) is None:
        raise Invalid({"": f"{version} does not open within ten years, so nothing could be due."})
    recompute = Recompute(
        calendar_version=version, requested_by=by, requested_at=now, starts_at=now, notify=notify
    )
    if not concerned(recompute).exists() and not leads_elsewhere(recompute):
        raise Invalid({"": "No clock counts by earlier hours of this calendar."})
    recompute.save()
    return recompute
