"""Signing API calls in by key: `Authorization: Bearer bt_…`, never by the address (S13)."""

from __future__ import annotations

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import ApiKey, User
from accounts.services import keys

SCHEME = b"bearer"


class ApiKeyAuthentication(BaseAuthentication):
    """`request.user` is the person of the key, `request.auth` the key."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != SCHEME:
            return None
        if len(words) != 2:
            raise AuthenticationFailed("Send the key as “Authorization: Bearer <key>”.")
        key = keys.recognise(words[1].decode("latin-1"))
        if key is None:
            raise AuthenticationFailed("This key is not valid. It may have been revoked or expired.")
        return key.person, key

    def authenticate_header(self, request: Request) -> str:
        """Makes DRF answer 401 instead of 403."""
        return 'Bearer realm="Baton API"'
