"""Custom attributes of one lead: checked against their fields; a new name makes a new field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from common.refusals import Invalid
from definitions.engine.text import text_key
from leads.models import CustomField

NAME = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
MOST_CHOICES = 50
TRUTHS = {"true": True, "yes": True, "false": False, "no": False}


def typed(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The values as their fields store them, and the keys of the text ones. Raises Invalid per `attributes.<name>`."""
    known = {
        custom.name: custom
        for custom in CustomField.objects.filter(name__in=[name for name in values if NAME.fullmatch(name)])
    }
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


def _new_field(name: str, value: Any) -> CustomField:
    if not NAME.fullmatch(name) or len(name) > 80:
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
    readers = {
        CustomField.Type.NUMBER: _number,
        CustomField.Type.DATE: _date,
        CustomField.Type.BOOLEAN: _truth,
    }
    reader = readers.get(CustomField.Type(custom.type))
    if reader is not None:
        return reader(value)
    text = _text(value)
    if custom.type == CustomField.Type.CHOICE:
        _join_choices(custom, text)
    return text


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
    try:
        datetime.fromisoformat(str(value))
    except ValueError:
        raise ValueError("Enter a date such as 2026-11-24.") from None
    return str(value)


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
    text = str(value).strip()
    if "\x00" in text or len(text) > 2_000:
        raise ValueError("Enter at most 2000 characters and no null character.")
    return text


def _join_choices(custom: CustomField, text: str) -> None:
    """A new value joins the choices; past fifty the field becomes text (surfaces section 4)."""
    if text in custom.choices:
        return
    custom.choices = [*custom.choices, text]
    if len(custom.choices) > MOST_CHOICES:
        custom.type, custom.choices = CustomField.Type.TEXT, []
    custom.save(update_fields=["choices", "type"])
