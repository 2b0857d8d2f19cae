"""Working calendars: the list, one calendar with its hours, editing it, trying a due time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import must_configure
from accounts.queries import organisation, standing_of
from accounts.requests import UserRequest
from calendars.engine.business_time import BusinessCalendar
from calendars.engine.zones import load_zone
from calendars.models import Calendar, CalendarVersion
from calendars.queries import active_calendars, business_calendar, current_version, days_of
from common.database.moments import database_now
from common.web.http import accepted, done, render_page, sent
from sla.access import calendar_for
from sla.forms.calendars import (
    OFFICE_DAYS,
    CalendarForm,
    TryForm,
    WeekForm,
    asks_for_rows,
    ranges_of,
    with_asked_rows,
)
from sla.queries import calendars as queries
from sla.queries.calendar_use import use_of
from sla.queries.due_times import DueTime, due_time
from sla.queries.recomputes import behind
from sla.services import calendars as service

EDITOR = "sla/calendar_edit.html"
OFFICE_HOURS = ranges_of({key: [["09:00", "17:00"]] for key in OFFICE_DAYS})
SAVED = "Saved. Running clocks keep the hours they began with."


@require_safe
def calendars(request: UserRequest) -> HttpResponse:
    context = {"rows": queries.calendar_rows(database_now()), "me": standing_of(request.user)}
    return render_page(request, "sla/calendars.html", context)


@require_safe
def calendar(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Everyone reads it. `?year=…` shows other days, `?start=…&amount=…` tries a due time in the calendar's zone."""
    found = calendar_for(request.user, public_id)
    version, now = current_version(found), database_now()
    hours = business_calendar(version)
    week = queries.week_of(hours)
    with timezone.override(load_zone(hours.tz)):
        form = TryForm(request.GET if "start" in request.GET else None, initial=_first_try(now))
        due = _due(found, hours, form)
    context = {
        "calendar": found, "version": version, "hours": hours, "now": queries.now_of(hours, now), "due": due,
        "week": week, "a_week": queries.hours_a_week(week), "nights": queries.shifted_nights(hours, now),
        "use": use_of(found, now),
        "running": queries.running_clocks_of(found), "calendars": active_calendars(), "me": standing_of(request.user),
        "behind": behind(version),
    } | _year(found, version, request.GET.get("year", ""), now)  # fmt: skip
    return render_page(request, "sla/calendar.html", context, form)


def _year(found: Calendar, version: CalendarVersion, asked: str, now: datetime) -> dict[str, object]:
    """The days of the year asked for, else of this year."""
    days = days_of(found, version)
    this = timezone.localtime(now).year
    years = queries.years_of(days, this)
    year = next((one for one in years if str(one) == asked), this)
    return {"year": year, "years": years, "days": [day for day in days if day.on.year == year]}


@require_http_methods(["GET", "HEAD", "POST"])
def calendar_new(request: UserRequest) -> HttpResponse:
    must_configure(request.user)
    if asks_for_rows(request.POST):
        return render_page(request, EDITOR, {}, with_asked_rows(WeekForm, request.POST))
    form = WeekForm(sent(request), ranges=OFFICE_HOURS, initial={"tz": organisation().time_zone})
    made: list[Calendar] = []
    if accepted(form, lambda: made.append(service.create(form.said(), by=request.user))):
        return done(request, f"{made[0]} is made.", made[0].public_id, to="sla:calendar")
    return render_page(request, EDITOR, {}, form)


@require_http_methods(["GET", "HEAD", "POST"])
def calendar_edit(request: UserRequest, public_id: UUID) -> HttpResponse:
    must_configure(request.user)
    found = calendar_for(request.user, public_id)
    context = {"calendar": found, "running": queries.running_clocks_of(found)}
    if asks_for_rows(request.POST):
        return render_page(request, EDITOR, context, with_asked_rows(CalendarForm, request.POST))
    form = CalendarForm.of(sent(request), found, current_version(found))
    if accepted(form, lambda: service.revise_week(found, form.said(), seen=form.seen, by=request.user)):
        return done(request, SAVED, public_id, to="sla:calendar")
    return render_page(request, EDITOR, context, form)


def _first_try(now: datetime) -> dict[str, object]:
    return {"start": now.replace(second=0, microsecond=0), "amount": "1 h"}


def _due(calendar: Calendar, hours: BusinessCalendar, form: TryForm) -> DueTime | None:
    if not form.is_valid():
        return None
    try:
        return due_time(calendar, hours, *form.question())
    except ValueError as error:
        form.add_error(None, str(error))
        return None
