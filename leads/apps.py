"""Registers the leads app and the facts that leads can be asked."""

from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "leads"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from leads import facts  # noqa: PLC0415 - models exist only now

        facts.register()
