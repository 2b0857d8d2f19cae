"""What templates of signing in know: the company and, in the demo, whom one can look around as."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.queries import organisation, personas
from accounts.services import first_run


def demo_personas(request: HttpRequest) -> dict[str, Callable[[], Any]]:
    """Functions, so that only the pages that show them ask the database."""
    return {
        "demo_personas": lambda: personas() if settings.DEMO else [],
        "organisation_name": lambda: organisation().name,
        "first_run_open": lambda: not settings.DEMO and first_run.is_open(),
    }
