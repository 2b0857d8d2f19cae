"""Refusals: what a user asked for and cannot have, in words the user may read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar


class DomainError(Exception):
    """Asked for and refused. `status` is what HTTP calls it; `message` is a sentence for people."""

    status: ClassVar[int] = 409
    code: ClassVar[str] = "refused"
    late: ClassVar[bool] = False  # what the page shows may be older than what refuses

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotAllowed(DomainError):
    """This person may not do that; the message says who may."""

    status = 403
    code = "not_allowed"


class Conflict(DomainError):
    """The state forbids it, or someone was first: the state, who brought it about, when, and by doing what.

    `own` where that is who asks, and by doing the same.
    """

    status = 409
    code = "conflict"
    late = True

    def __init__(
        self, message: str, *, state: str = "", by: str = "", at: datetime | None = None, did: str = "",
        own: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(message)
        self.state = state
        self.by = by
        self.at = at
        self.did = did  # "accepted"; empty where nobody answered, or who asks did, and another thing
        self.own = own


class Invalid(DomainError):
    """Wrong or missing values: field name -> reason."""

    status = 422
    code = "invalid"

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(
            "; ".join(f"{field}: {reason}" if field else reason for field, reason in errors.items())
        )
        self.errors = dict(errors)


def must_be_text(said: Mapping[str, str]) -> None:
    """Raises Invalid for values with a null character: no text in PostgreSQL holds or is compared with one."""
    wrong = [name for name, value in said.items() if "\x00" in value]
    if wrong:
        raise Invalid(dict.fromkeys(wrong, "This holds a null character, which no text does."))
