"""What the shell tells admins about the installation itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.core.cache import cache
from django.http import HttpRequest

from accounts.models import User
from sla.queries import sweep_lag

LIMIT = timedelta(minutes=1)
KEPT = 5  # seconds
KEY = "sweep_lag"


def watchers(request: HttpRequest) -> dict[str, Callable[[], timedelta | None]]:
    """For admins a function that looks once in a few seconds; nobody else's page asks anything."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) or user.organisation_role != User.OrganisationRole.ADMIN:
        return {}
    return {"deadlines_behind": _behind}


def _behind() -> timedelta | None:
    """How far deadlines are behind, where that is too far."""
    seconds = cache.get_or_set(KEY, lambda: sweep_lag().total_seconds(), KEPT)
    lag = timedelta(seconds=seconds or 0)
    return lag if lag > LIMIT else None
