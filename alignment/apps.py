"""The project as an app, so that its commands are found."""

from django.apps import AppConfig


class AlignmentConfig(AppConfig):
    name = "alignment"

    def ready(self) -> None:
        from alignment import celery  # noqa: F401, PLC0415 - makes ours the app that shared tasks bind to
