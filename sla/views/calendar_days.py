"""The days of a calendar that differ: a year at a time by hand, from a country's list, from a file."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import must_configure
from accounts.requests import UserRequest
from calendars.engine.ics import FileDays
from calendars.models import Calendar
from calendars.queries import current_version, days_of, fingerprint
from common.database.moments import database_now
from common.web.http import accepted, done, render_page, sent
from sla.access import calendar_for
from sla.forms.closures import CountryForm, FileForm, TakeForm, country_of
from sla.forms.days import DaysForm, rows_of, with_more_rows
from sla.queries import calendars as queries
from sla.queries.closures import Found, found_in, sources_of
from sla.services import calendars as service

NOBODY_LATER = "Running clocks keep the days they began with."


@require_http_methods(["GET", "HEAD", "POST"])
def calendar_days(request: UserRequest, public_id: UUID, year: int) -> HttpResponse:
    """The rows of one year; `more` asks for empty ones."""
    must_configure(request.user)
    found = calendar_for(request.user, public_id)
    if not 1990 <= year < 2200:
        raise Http404("Calendars have days from 1990 to 2199.")
    days = days_of(found, current_version(found))
    years = queries.years_of(days, _this_year())
    context = {"calendar": found, "year": year, "years": sorted({*years, year})}
    if "more" in request.POST:
        return render_page(request, "sla/calendar_days.html", context, with_more_rows(request.POST, year))
    rows = rows_of(day for day in days if day.on.year == year)
    form = DaysForm(sent(request), year, rows, fingerprint(found))
    if accepted(form, lambda: service.revise_days(found, year, form.days(), seen=form.seen, by=request.user)):
        return done(request, f"Days of {year} saved. {NOBODY_LATER}", public_id, to="sla:calendar")
    return render_page(request, "sla/calendar_days.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
def calendar_import(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Both ways to bring in a list. `?country=…` shows what a country would bring, a posted file what is in it."""
    must_configure(request.user)
    found = calendar_for(request.user, public_id)
    by_file = request.method == "POST"
    asked = request.GET if "country" in request.GET and not by_file else None
    version = current_version(found)
    country = CountryForm(asked, _usual_years() | country_of(sources_of(found), version.rules["tz"]))
    file = FileForm(sent(request), request.FILES if by_file else None, initial=_usual_years())
    context = {"calendar": found, "country": country, "file": file, "seen_as": fingerprint(found)}
    if by_file and file.is_valid():
        context |= {"found": _of_file(found, file), "read": file.read}
    elif asked is not None and "show" in asked and country.is_valid():
        context["found"] = found_in(found, country.found(), country.source, country.years)
    return render_page(request, "sla/calendar_import.html", context, file if by_file else country)


@require_POST
def calendar_take(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Takes over the days that were picked."""
    must_configure(request.user)
    found = calendar_for(request.user, public_id)
    form = TakeForm(request.POST)
    taken = form.taken()
    changed = service.take_over(found, taken, seen=form.seen, by=request.user)
    said = f"{changed} days are taken over. {NOBODY_LATER}" if changed != 1 else "One day is taken over."
    return done(
        request, said if changed else "Nothing was picked, so nothing changed.", public_id, to="sla:calendar"
    )


def _of_file(calendar: Calendar, form: FileForm) -> Found:
    read: FileDays = form.read
    return found_in(calendar, read.days, form.source, form.years)


def _usual_years() -> dict[str, int]:
    """This year and the two after it."""
    return {"first": _this_year(), "last": _this_year() + 2}


def _this_year() -> int:
    return timezone.localtime(database_now()).year
