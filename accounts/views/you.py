"""What everyone decides for themselves."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.organisation import YouForm
from accounts.queries import standing_of
from accounts.requests import UserRequest
from accounts.services import profile
from common.database.moments import database_now
from common.web.http import accepted, done, is_htmx, next_page, render_page, sent


@require_safe
def first(request: UserRequest) -> HttpResponse:
    """Settings begin with oneself."""
    return redirect("accounts:settings-you")


@require_http_methods(["GET", "HEAD", "POST"])
def you(request: UserRequest) -> HttpResponse:
    person = request.user
    known = {name: getattr(person, name) for name in ("name", "time_zone", "theme", "shortcuts")}
    form = YouForm(sent(request), initial=known)
    if accepted(form, lambda: profile.update(person, **form.cleaned_data)):
        return done(request, "Saved.", to="accounts:settings-you")
    person.refresh_from_db(fields=["name", "theme", "shortcuts"])  # the shell says what is stored
    away = person.absences.filter(until_at__gt=database_now()).select_related("cover")
    context = {
        "absences": away,
        "seats": person.memberships.select_related("team"),
        "me": standing_of(person),
    }
    return render_page(request, "accounts/you.html", context, form)


@require_POST
def theme(request: UserRequest) -> HttpResponse:
    """The buttons of the person menu: back to the page they were pressed on."""
    profile.choose_theme(request.user, request.POST.get("theme", ""))
    if is_htmx(request):
        return HttpResponse(status=204)
    return HttpResponseRedirect(next_page(request))
