"""Registers the accounts app and lets it listen to signing in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import receivers  # noqa: PLC0415 - models exist only now

        receivers.connect()
