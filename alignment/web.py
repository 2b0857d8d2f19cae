"""What gunicorn does under `up`: it loads the app early and once, and opens its port when the data is whole."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings

from alignment.embedded.lock import Lock

preload_app = True  # read by gunicorn, whose configuration this module is


def gate() -> Lock:
    """Held by `up` for as long as it migrates and writes the demo."""
    return Lock(settings.DATA_DIR / "web.lock")


def on_starting(server: object) -> None:
    """Gunicorn calls it between loading the app and opening the port."""
    import_module(settings.ROOT_URLCONF)
    with gate().briefly():
        pass
