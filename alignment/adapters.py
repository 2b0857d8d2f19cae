"""How sign-in differs from allauth's default: people are invited, nobody signs up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

WRONG_CODE = "This code is wrong or was used before. Enter the one that the app shows now."


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": WRONG_CODE}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "enter_current_password": "This is not your current password.",
        "incorrect_password": "This is not your password.",
        "incorrect_code": WRONG_CODE,
        "rate_limited": "Too many tries. Wait some minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """By the configured address, as in all mail: the Host header is told by whoever asks (S23)."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "0", "key": "0"})
        return f"{settings.SITE_URL}{path.replace('0-0', key)}"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Where it shows that this session is the only one left."""
        return reverse("accounts:sessions")

    def is_reauthentication_required(self, *, app: str, **others: Any) -> bool:
        """People of the demo come in by one click and have no password to say again."""
        asked: bool = super().is_reauthentication_required(app=app, **others)
        return asked and not settings.DEMO
