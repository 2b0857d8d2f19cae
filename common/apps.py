"""Registers the common app."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "common"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from common.web.form_words import speak  # noqa: PLC0415 - validators are there once the apps are

        speak()
