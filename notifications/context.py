"""What the shell shows of notices."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

from django.http import HttpRequest

from accounts.models import User
from notifications.queries import unseen_count


def notices(request: HttpRequest) -> dict[str, Any]:
    """The count beside the bell, for who is signed in: counted once, when a page first draws it."""
    user = getattr(request, "user", None)
    return {"notices_unseen": cache(partial(unseen_count, user))} if isinstance(user, User) else {}
