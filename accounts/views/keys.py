"""API keys: the list, a new one (shown once), revoking."""

from __future__ import annotations

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods, require_safe

from accounts import access, queries
from accounts.forms.organisation import KeyForm
from accounts.requests import UserRequest
from accounts.services import keys as service
from common.web.http import accepted, done, render_page, sent

NEW_KEY = "new-api-key"
SHOWN_WITHIN = 600  # seconds


@require_safe
def keys(request: UserRequest) -> HttpResponse:
    shown = _made(request) if request.method == "GET" else {}
    return render_page(request, "accounts/keys.html", _listed(request) | shown)


@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def key_new(request: UserRequest) -> HttpResponse:
    """The list shows the key, the first time it is opened: loading that page again makes no second one."""
    form = KeyForm(sent(request), person=request.user)
    made: list[str] = []
    if accepted(form, lambda: made.append(_create(request, form))):
        secret = {"secret": made[0], "secret_name": form.cleaned_data["name"]}
        request.session[NEW_KEY] = signing.dumps(secret, salt=NEW_KEY)
        return redirect("accounts:settings-keys")
    return render_page(request, "accounts/key_new.html", {"me": queries.standing_of(request.user)}, form)


@require_http_methods(["GET", "HEAD", "POST"])
def key_revoke(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Asks first: what calls with the key stops at once, and nothing brings it back."""
    key = access.key_for(request.user, public_id)
    name = key.name or key.prefix
    if request.method == "POST":
        service.revoke(key, by=request.user)
        return done(request, f"{name} is revoked.", to="accounts:settings-keys")
    context = {
        "key": key, "danger": True, "back_url": resolve_url("accounts:settings-keys"),
        "dialog_title": f"Revoke {name}",
    }  # fmt: skip
    return render_page(request, "accounts/key_revoke.html", context)


def _create(request: UserRequest, form: KeyForm) -> str:
    data = form.cleaned_data
    _, secret = service.create(
        request.user,
        scopes=data["scopes"],
        name=data["name"],
        expires_at=form.expires_at(),
        by=request.user,
    )
    return secret


def _made(request: UserRequest) -> dict[str, object]:
    """The key that was made just now. Taken out of the session, so no other page shows it; empty after a while."""
    signed = request.session.pop(NEW_KEY, "")
    try:
        found: dict[str, object] = signing.loads(signed, salt=NEW_KEY, max_age=SHOWN_WITHIN)
    except signing.BadSignature:
        return {}
    return found


def _listed(request: UserRequest) -> dict[str, object]:
    return {"keys": queries.keys_seen_by(request.user), "me": queries.standing_of(request.user)}
