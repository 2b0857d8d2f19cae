"""The first run: whoever holds the token printed at start becomes the first admin."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import NoReverseMatch
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.forms.organisation import StartForm
from accounts.models import User
from accounts.services import first_run
from common.web.http import accepted, done, render_page, sent

DEFAULTS = {"time_zone": "UTC", "currency": "EUR"}


@login_not_required
@sensitive_post_parameters("token", "password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """As soon as there is an admin it says so and asks to sign in; 404 in the demo."""
    if settings.DEMO:
        raise Http404
    if not first_run.is_open():
        messages.info(request, "Baton is set up. Sign in.")
        return redirect("account_login")
    form = StartForm(sent(request), initial=DEFAULTS | {"token": request.GET.get("token", "")})
    made: list[User] = []
    if accepted(
        form,
        lambda: made.append(first_run.begin(form.cleaned_data["token"], form.admin(), form.organisation())),
    ):
        login(request, made[0])
        return done(request, f"Welcome, {made[0]}. You are the admin.", to=_next_page())
    return render_page(request, "accounts/start.html", {}, form)


def _next_page() -> str:
    """The steps that are left to set up, where that page exists."""
    try:
        return resolve_url("desk:settings-setup")
    except NoReverseMatch:
        return resolve_url("accounts:settings-people")
