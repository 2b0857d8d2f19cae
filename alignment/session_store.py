"""Sessions in the database, looked for only by keys that Django itself makes."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS

LENGTH = 32


class SessionStore(db.SessionStore):
    """A cookie can say anything, also what no database takes: such a key is no key, and nobody is signed in."""

    def _validate_session_key(self, key: str | None) -> bool:
        return bool(key) and len(key or "") == LENGTH and set(key or "") <= set(VALID_KEY_CHARS)
