"""What an API call may do: the scopes of its key, and never a write for read-only people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import SAFE_METHODS, BasePermission

from accounts.models import ApiKey
from accounts.queries import standing_of
from accounts.services.keys import ALL

if TYPE_CHECKING:  # views read the settings, which name this module
    from rest_framework.request import Request
    from rest_framework.views import APIView

ANY_KEY = ""


class HasScope(BasePermission):
    """A view says `scopes = {"GET": "leads:read", "POST": "leads:write"}`; a method it leaves out is refused.

    `ANY_KEY` as scope lets every key in. People with a session need no scope: their roles decide.
    """

    message = ""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not request.user.is_authenticated:
            return False
        if request.method not in SAFE_METHODS and standing_of(request.user).is_read_only:
            self.message = "Your role is read-only."
            return False
        if not isinstance(request.auth, ApiKey):
            return True
        return self._covers(request.auth, request.method or "", view)

    def _covers(self, key: ApiKey, method: str, view: APIView) -> bool:
        needed = getattr(view, "scopes", {}).get("GET" if method in SAFE_METHODS else method)
        if needed is None and not hasattr(view, method.lower()):
            return True  # nobody can: the view itself answers 405
        if needed is None:
            self.message = "No key can do this."
            return False
        if needed == ANY_KEY or ALL in key.scopes or needed in key.scopes:
            return True
        self.message = f"This key lacks the scope {needed}."
        return False
