"""Forms about one's own password, said the way every form says its fields."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as given

LABELS = {
    "email": "Email",
    "oldpassword": "Current password",
    "password1": "New password",
    "password2": "New password, again",
}


class InOurWords:
    """Mixed into a form of allauth: its labels in sentence case, and no placeholder that repeats them."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.label = LABELS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)


class ResetPasswordForm(InOurWords, given.ResetPasswordForm):
    """Asks for a link."""


class ResetPasswordKeyForm(InOurWords, given.ResetPasswordKeyForm):
    """Sets the password that the link is for."""


class ChangePasswordForm(InOurWords, given.ChangePasswordForm):
    """Sets another one, knowing the old."""
