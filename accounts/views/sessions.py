"""Where somebody is signed in: one's own list, ending one or all others; and signing somebody else out."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access
from accounts.requests import UserRequest
from accounts.services import sign_ins
from common.web.http import accepted, done, render_page, sent


@require_safe
def sessions(request: UserRequest) -> HttpResponse:
    found = sign_ins.sign_ins_of(request.user, at=timezone.now(), key=_key(request))
    return render_page(request, "accounts/sessions.html", {"sign_ins": found})


@require_POST
def session_end(request: UserRequest, number: int) -> HttpResponse:
    """Whether it was open until now, was over already or never theirs: afterwards it is not open."""
    sign_ins.end(request.user, number, key=_key(request))
    return done(request, "You are signed out there.", to="accounts:sessions")


@require_POST
def session_end_others(request: UserRequest) -> HttpResponse:
    sign_ins.end_others(request.user, key=_key(request))
    return done(request, "You are signed out everywhere else.", to="accounts:sessions")


@require_http_methods(["GET", "HEAD", "POST"])
def person_sessions(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Asks before it signs somebody else out: how many there are, and no word of where."""
    found = access.person_for(request.user, public_id)
    sign_ins.must_be_able_to_end(request.user, found)
    form = forms.Form(sent(request))
    if accepted(form, lambda: sign_ins.end_all(found, by=request.user)):
        return done(request, f"{found} is signed out everywhere.", public_id, to="accounts:person")
    context = {
        "person": found, "total": len(sign_ins.sign_ins_of(found, at=timezone.now())), "danger": True,
        "back_url": resolve_url("accounts:person", public_id),
    }  # fmt: skip
    return render_page(request, "accounts/person_sessions.html", context, form)


def _key(request: UserRequest) -> str:
    return str(request.session.session_key)
