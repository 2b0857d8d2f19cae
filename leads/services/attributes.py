"""Custom attributes of one lead: checked against their fields; a new name makes a new field."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from common.refusals import Invalid
from definitions.engine.text import text_key
from leads.engine import identity
from leads.models import CustomField

# The normal form of headers (surfaces section 4), which names attributes in files and calls alike.
NAME = re.compile(r"[^\W_]+(?:_[^\W_]+)*")
MOST_CHOICES = 50
TRUTHS = {"true": True, "yes": True, "false": False, "no": False}
BARE = len("2026-11-24")


def settle(values: Mapping[str, Any]) -> None:
    """Make the fields that are new and let new values join their choices; what is wrong is left to `typed`.

    Fields are held in the order of their names, and before any lead is: then nobody waits in a circle (D13).
    """
    known = _fields(values)
    for name, value in sorted(values.items()):
        with suppress(ValueError):
            custom = known.get(name) or _new_field(name, value)
            if custom.type == CustomField.Type.CHOICE:
                join_choices(custom, [_text(value)])


def typed(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The values as their fields store them, and the keys of the text ones. Raises Invalid per `attributes.<name>`."""
    known = _fields(values)
    stored: dict[str, Any] = {}
    keys: dict[str, str] = {}
    errors: dict[str, str] = {}
    for name, value in values.items():
        try:
            custom = known.get(name) or _new_field(name, value)
            stored[name] = _typed(custom, value)
        except ValueError as error:
            errors[f"attributes.{name}"] = str(error)
            continue
        if custom.type in (CustomField.Type.TEXT, CustomField.Type.CHOICE):
            keys[name] = text_key(str(stored[name]))
    if errors:
        raise Invalid(errors)
    return stored, keys


def join_choices(custom: CustomField, values: Collection[str]) -> CustomField:
    """New values join the choices; past fifty the field becomes text (surfaces section 4).

    Choices are read again once the row is held: two values that come at once both stay.
    """
    if not _news(custom, values):
        return custom
    held = CustomField.objects.select_for_update(no_key=True).get(pk=custom.pk)
    if held.type == CustomField.Type.CHOICE and (news := _news(held, values)):
        held.choices = [*held.choices, *news]
        if len(held.choices) > MOST_CHOICES:
            held.type, held.choices = CustomField.Type.TEXT, []
        held.save(update_fields=["choices", "type"])
    return held


def _news(custom: CustomField, values: Collection[str]) -> list[str]:
    """Values that are no spelling of a known choice."""
    known = {text_key(str(choice)) for choice in custom.choices}
    return [value for value in values if text_key(value) not in known]


def _fields(values: Mapping[str, Any]) -> dict[str, CustomField]:
    named = [name for name in values if NAME.fullmatch(name)]
    return {custom.name: custom for custom in CustomField.objects.filter(name__in=named)}


def _new_field(name: str, value: Any) -> CustomField:
    if not NAME.fullmatch(name) or name != name.lower() or len(name) > 80:
        raise ValueError("Name it with small letters, digits and single underscores.")
    if isinstance(value, dict | list):
        raise ValueError("Enter text, a number, a date, or true or false.")
    label = name.replace("_", " ").capitalize()
    return CustomField.objects.get_or_create(name=name, defaults={"label": label, "type": _type_of(value)})[0]


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return CustomField.Type.BOOLEAN
    return CustomField.Type.NUMBER if isinstance(value, int | float) else CustomField.Type.TEXT


def _typed(custom: CustomField, value: Any) -> Any:
    readers: dict[str, Callable[[Any], Any]] = {
        CustomField.Type.NUMBER: _number,
        CustomField.Type.DATE: _date,
        CustomField.Type.BOOLEAN: _truth,
    }
    reader: Callable[[Any], Any] = readers.get(custom.type, _text)
    return reader(value)


def _number(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("Enter a number.")
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise ValueError("Enter a number.") from None
    if not abs(number) < 1e15:  # also refuses what is no number at all
        raise ValueError("Enter a number below 1,000,000,000,000,000.")
    return int(number) if number.is_integer() else number


def _date(value: Any) -> str:
    """A bare date stays that day; a moment is kept in UTC, for SQL reads what is stored without its zone."""
    text = str(value).strip()
    try:
        moment = datetime.fromisoformat(text)
        if len(text) <= BARE:
            return moment.date().isoformat()
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("Enter a date such as 2026-11-24.") from None
    return moment.isoformat().replace("+00:00", "Z")


def _truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    said = TRUTHS.get(str(value).strip().lower())
    if said is None:
        raise ValueError("Enter true or false.")
    return said


def _text(value: Any) -> str:
    if isinstance(value, dict | list | bool):
        raise ValueError("Enter text.")
    text = identity.clean(str(value))
    if "\x00" in str(value) or len(text) > 2_000:
        raise ValueError("Enter at most 2000 characters and no null character.")
    return text
