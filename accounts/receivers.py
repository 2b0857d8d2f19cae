"""Listens to signing in, in whatever way: a session begins, and is recorded."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from accounts.services import sessions, sign_ins


def on_signed_in(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Saves the session before its record: whoever reads the record meanwhile finds the session that it names."""
    sessions.begin(request.session, timezone.now())
    request.session.save()
    sign_ins.record(
        user,
        str(request.session.session_key),
        address=_address(request),
        user_agent=request.META.get("HTTP_USER_AGENT", ""),
    )


def _address(request: HttpRequest) -> str | None:
    """Of the browser, as limits on signing in count it; None where the server is not told."""
    try:
        address: str = get_adapter().get_client_ip(request)
    except PermissionDenied:
        return None
    return address


def connect() -> None:
    user_logged_in.connect(on_signed_in, dispatch_uid="accounts.sessions")
