"""People: the list, inviting, one person's page, being away."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access, queries
from accounts.forms.people import AbsenceForm, InviteForm, PersonForm
from accounts.models import Absence, User
from accounts.requests import UserRequest
from accounts.services import absences, sign_ins
from accounts.services import people as service
from common.database.moments import database_now
from common.refusals import NotAllowed
from common.web.http import accepted, done, render_page, sent

SIDES = (("", "All"), ("marketing", "Marketing"), ("sales", "Sales"), ("inactive", "Not active"))


@require_safe
def people(request: UserRequest) -> HttpResponse:
    side = request.GET.get("side", "")
    side = side if side in dict(SIDES) else ""
    rows = queries.people_rows(queries.people_of(side), at=database_now())
    context = {
        "rows": rows, "side": side, "sides": SIDES, "me": queries.standing_of(request.user),
        "organisation": queries.organisation(),
    }  # fmt: skip
    return render_page(request, "accounts/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: UserRequest) -> HttpResponse:
    access.must_configure(request.user)
    form = InviteForm(sent(request))
    if accepted(form, lambda: service.invite(by=request.user, **form.cleaned_data)):
        said = f"{form.cleaned_data['name']} is invited. {_way_of_mail()}"
        return done(request, said, to="accounts:settings-people")
    return render_page(request, "accounts/person_invite.html", {}, form)


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Everyone reads it; only operations and admins get the form."""
    found = access.person_for(request.user, public_id)
    if request.method == "POST":
        access.must_configure(request.user)
    initial = {"name": found.name, "organisation_role": found.organisation_role}
    form = PersonForm(sent(request), initial=initial)
    if accepted(form, lambda: service.edit(found, by=request.user, **form.cleaned_data)):
        return done(request, "Saved.", found.public_id, to="accounts:person")
    now = database_now()
    context = {
        "row": queries.person_row(found, at=now), "me": queries.standing_of(request.user), "now": now,
        "open_sessions": _open_sessions(request.user, found),
        "may_enter_absence": absences.may_enter(request.user, found),
        "absences": found.absences.filter(until_at__gt=now).select_related("cover"),
    }  # fmt: skip
    return render_page(request, "accounts/person.html", context, form)


@require_POST
def invite_again(request: UserRequest, public_id: UUID) -> HttpResponse:
    found = access.person_for(request.user, public_id)
    service.invite_again(found, by=request.user)
    return done(request, f"{found} gets a new link. {_way_of_mail()}", found.public_id, to="accounts:person")


@require_POST
def reactivate(request: UserRequest, public_id: UUID) -> HttpResponse:
    found = access.person_for(request.user, public_id)
    service.reactivate(found, by=request.user)
    return done(request, f"{found} is active again and gets a link.", found.public_id, to="accounts:person")


@require_http_methods(["GET", "HEAD", "POST"])
def absence(request: UserRequest, public_id: UUID) -> HttpResponse:
    found = access.person_for(request.user, public_id)
    _must_enter(request.user, found)
    zone = ZoneInfo(found.time_zone or queries.organisation().time_zone)
    form = AbsenceForm(sent(request), covers=queries.covers_of(found), zone=zone)
    if accepted(form, lambda: _record(request, found, form)):
        return done(request, "The absence is entered.", found.public_id, to="accounts:person")
    return render_page(request, "accounts/absence.html", {"person": found}, form)


@require_http_methods(["GET", "HEAD", "POST"])
def absence_end(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Asks before one ends or, where it has not begun, is forgotten."""
    found = access.person_for(request.user, public_id)
    _must_enter(request.user, found)
    now, one = database_now(), _absence(request, found)
    begun, form = one.from_at < now, forms.Form(sent(request))
    if accepted(form, lambda: absences.end(one, by=request.user)):
        said = f"{found} is back." if begun else "The absence is removed."
        return done(request, said, found.public_id, to="accounts:person")
    context = {
        "person": found, "absence": one, "begun": begun, "danger": True,
        "action": f"{request.path}?{urlencode({'from_at': one.from_at.isoformat()})}",
        "back_url": resolve_url("accounts:person", public_id),
    }  # fmt: skip
    return render_page(request, "accounts/absence_end.html", context, form)


def _absence(request: UserRequest, person: User) -> Absence:
    """Named by its first moment, as those of one person never overlap; who only asks may leave it to be the next."""
    given = request.POST.get("from_at") or request.GET.get("from_at", "")
    if request.method == "POST" or given:
        found = person.absences.filter(from_at=_moment(given)).first()
    else:
        found = person.absences.filter(until_at__gt=database_now()).order_by("from_at").first()
    if found is None:
        raise Http404
    return found


def _must_enter(by: User, person: User) -> None:
    if not absences.may_enter(by, person):
        raise NotAllowed(f"Only {person}, a manager of the team, operations or an admin can do this.")


def _open_sessions(by: User, person: User) -> int | None:
    """How many, for whoever may end them; None for everyone else."""
    if not sign_ins.may_end_all(by, person):
        return None
    return len(sign_ins.sign_ins_of(person, at=timezone.now()))


def _record(request: UserRequest, person: User, form: AbsenceForm) -> None:
    from_at, until_at = form.moments()
    data = form.cleaned_data
    absences.record(
        person, from_at=from_at, until_at=until_at, cover=data["cover"], note=data["note"], by=request.user
    )


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
    if moment.tzinfo is None:
        raise Http404
    return moment


def _way_of_mail() -> str:
    """Without a mail server what would be sent is written into a log, and somebody must pass the link on."""
    if settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        return "No mail leaves this machine: copy the link from logs/worker.log."
    return "The mail is on its way."
