"""How sign-in differs from allauth's default: people are invited, nobody signs up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **others: Any) -> bool:
        """People of the demo come in by one click and have no password to say again."""
        asked: bool = super().is_reauthentication_required(app=app, **others)
        return asked and not settings.DEMO
