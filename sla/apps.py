"""Registers the sla app and lets clocks follow the journal of leads."""

from django.apps import AppConfig


class SlaConfig(AppConfig):
    name = "sla"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from sla import receivers  # noqa: PLC0415 - models exist only now

        receivers.connect()
