"""Listens to signing in: a session begins."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils import timezone

from accounts.services import sessions


def on_signed_in(sender: object, request: HttpRequest, **kwargs: Any) -> None:
    sessions.begin(request.session, timezone.now())


def connect() -> None:
    user_logged_in.connect(on_signed_in, dispatch_uid="accounts.sessions")
