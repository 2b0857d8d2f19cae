"""Choices that several forms offer."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones


@cache
def zones() -> tuple[tuple[str, str], ...]:
    """Zones that people live in, by name, and UTC."""
    named = (
        zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/"))
    )
    return (("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in sorted(named)))
