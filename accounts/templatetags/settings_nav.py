"""The tabs on top of every settings page, whichever app the page belongs to."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse

register = template.Library()

PAGES = (
    ("you", "You", "accounts:settings-you"),
    ("people", "People", "accounts:settings-people"),
    ("teams", "Teams", "accounts:settings-teams"),
    ("calendars", "Calendars", "sla:settings-calendars"),
    ("reasons", "Reasons", "desk:settings-reasons"),
    ("touch-kinds", "Touch kinds", "desk:settings-touch-kinds"),
    ("campaigns", "Campaigns", "desk:settings-campaigns"),
    ("fields", "Fields", "desk:settings-fields"),
    ("keys", "API keys", "accounts:settings-keys"),
    ("organisation", "Organisation", "accounts:settings-organisation"),
)


@register.inclusion_tag("components/settings_tabs.html")
def settings_tabs(current: str) -> dict[str, Any]:
    """The tabs of the pages that exist; `current` is the key of the open one."""
    return {"settings_tabs": [tab for page in PAGES if (tab := _tab(*page))], "tab": current}


def _tab(key: str, label: str, name: str) -> dict[str, str] | None:
    try:
        return {"key": key, "label": label, "url": reverse(name)}
    except NoReverseMatch:
        return None
