"""What everyone decides for themselves: name, zone, theme, shortcuts."""

from __future__ import annotations

from zoneinfo import available_timezones

from accounts.models import User
from common.refusals import Invalid


def update(person: User, *, name: str, time_zone: str, theme: str, shortcuts: bool) -> None:
    """Everybody may, read-only people too. Raises Invalid with one reason per field."""
    errors = {}
    if not name.strip():
        errors["name"] = "Enter your name."
    if time_zone and not is_zone(time_zone):
        errors["time_zone"] = f"“{time_zone}” is no time zone. Europe/Oslo is one."
    if theme not in User.Theme.values:
        errors["theme"] = "Choose light, dark or match system."
    if errors:
        raise Invalid(errors)
    person.name, person.time_zone = name.strip(), time_zone
    person.theme, person.shortcuts = theme, shortcuts
    person.save(update_fields=["name", "time_zone", "theme", "shortcuts"])


def choose_theme(person: User, theme: str) -> None:
    if theme not in User.Theme.values:
        raise Invalid({"theme": "Choose light, dark or match system."})
    person.theme = theme
    person.save(update_fields=["theme"])


def is_zone(name: str) -> bool:
    return name in available_timezones()
