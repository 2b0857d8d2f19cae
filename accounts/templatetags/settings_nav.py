"""The tabs on top of every settings page, whichever app the page belongs to."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from accounts.queries import standing_of

register = template.Library()

SETUP = "setup"
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
    (SETUP, "Set up", "desk:settings-setup"),
)


@register.inclusion_tag("components/settings_tabs.html", takes_context=True)
def settings_tabs(context: Context, current: str) -> dict[str, Any]:
    """The tabs of the pages that exist; `current` is the key of the open one. Setting up is for who configures."""
    user = context.get("user")
    sets_up = current == SETUP or (isinstance(user, User) and standing_of(user).may_configure)
    pages = [page for page in PAGES if page[0] != SETUP or sets_up]
    return {"settings_tabs": [tab for page in pages if (tab := _tab(*page))], "tab": current}


def _tab(key: str, label: str, name: str) -> dict[str, str] | None:
    try:
        return {"key": key, "label": label, "url": reverse(name)}
    except NoReverseMatch:
        return None
