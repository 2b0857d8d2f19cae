"""API keys: the list, a new one (shown once), revoking."""

from __future__ import annotations

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access, queries
from accounts.forms.organisation import KeyForm
from accounts.requests import UserRequest
from accounts.services import keys as service
from common.http import accepted, done, render_page, sent


@require_safe
def keys(request: UserRequest) -> HttpResponse:
    return render_page(request, "accounts/keys.html", _listed(request))


@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def key_new(request: UserRequest) -> HttpResponse:
    """The answer to the form is the only page that ever shows the key, so it is not a redirect."""
    form = KeyForm(sent(request))
    made: list[str] = []
    if accepted(form, lambda: made.append(_create(request, form))):
        shown = {"secret": made[0], "secret_name": form.cleaned_data["name"]}
        return render_page(request, "accounts/keys.html", _listed(request) | shown)
    return render_page(request, "accounts/key_new.html", {}, form)


@require_POST
def key_revoke(request: UserRequest, public_id: UUID) -> HttpResponse:
    key = access.key_for(request.user, public_id)
    service.revoke(key, by=request.user)
    return done(request, f"{key.name or key.prefix} is revoked.", to="accounts:settings-keys")


def _create(request: UserRequest, form: KeyForm) -> str:
    data = form.cleaned_data
    _, secret = service.create(
        request.user, scopes=data["scopes"], name=data["name"], expires_at=form.expires_at()
    )
    return secret


def _listed(request: UserRequest) -> dict[str, object]:
    return {"keys": queries.keys_seen_by(request.user), "me": queries.standing_of(request.user)}
