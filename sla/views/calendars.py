"""Working calendars: the list, one calendar with its hours, editing it, trying a due time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import must_configure
from accounts.queries import organisation, standing_of
from accounts.requests import UserRequest
from calendars.engine.business_time import BusinessCalendar, add_business_time
from calendars.models import Calendar
from calendars.queries import active_calendars, business_calendar, current_version, holidays_of, openness
from common.http import accepted, done, render_page, sent
from common.moments import database_now
from sla.access import calendar_for
from sla.forms.calendars import CalendarForm, TryForm
from sla.queries import calendars as queries
from sla.services import calendars as service

OFFICE_HOURS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-17:00")


@require_safe
def calendars(request: UserRequest) -> HttpResponse:
    context = {"rows": queries.calendar_rows(database_now()), "me": standing_of(request.user)}
    return render_page(request, "sla/calendars.html", context)


@require_safe
def calendar(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Everyone reads it. `?start=…&amount=…` tries a due time, in the calendar's own zone."""
    found = calendar_for(request.user, public_id)
    version, now = current_version(found), database_now()
    hours = business_calendar(version)
    zone = ZoneInfo(hours.tz)
    with timezone.override(zone):
        form = TryForm(request.GET if "start" in request.GET else None, initial=_first_try(now))
        due_at = _due(hours, form)
    context = {
        "calendar": found, "version": version, "zone": zone, "days": queries.week_of(hours),
        "now": openness(hours, now), "hours": hours,
        "holidays": [day for day in holidays_of(found, version) if day[0] >= now.date()],
        "teams": queries.teams_of(found), "running": queries.running_clocks_of(found),
        "calendars": active_calendars(), "due_at": due_at, "me": standing_of(request.user),
    }  # fmt: skip
    return render_page(request, "sla/calendar.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
def calendar_new(request: UserRequest) -> HttpResponse:
    must_configure(request.user)
    form = CalendarForm(sent(request), initial={"tz": organisation().time_zone} | OFFICE_HOURS)
    made: list[Calendar] = []
    if accepted(form, lambda: made.append(service.create(form.wording(), by=request.user))):
        return done(request, f"{made[0]} is made.", made[0].public_id, to="sla:calendar")
    return render_page(request, "sla/calendar_edit.html", {}, form)


@require_http_methods(["GET", "HEAD", "POST"])
def calendar_edit(request: UserRequest, public_id: UUID) -> HttpResponse:
    must_configure(request.user)
    found = calendar_for(request.user, public_id)
    form = CalendarForm(sent(request), initial=CalendarForm.initial_of(found, current_version(found)))
    if accepted(form, lambda: service.revise(found, form.wording(), seen=form.seen, by=request.user)):
        return done(
            request, "Saved. Running clocks keep the hours they began with.", public_id, to="sla:calendar"
        )
    context = {"calendar": found, "running": queries.running_clocks_of(found)}
    return render_page(request, "sla/calendar_edit.html", context, form)


def _first_try(now: datetime) -> dict[str, object]:
    return {"start": now.replace(second=0, microsecond=0), "amount": "1 h"}


def _due(hours: BusinessCalendar, form: TryForm) -> datetime | None:
    if not form.is_valid():
        return None
    try:
        return add_business_time(hours, *form.question())
    except ValueError as error:
        form.add_error(None, str(error))
        return None
