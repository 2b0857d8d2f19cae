"""What calls may send: named fields of named types. Anything else is refused, nothing is guessed (S14)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date
from typing import Any

from rest_framework import serializers


class Strict(serializers.Serializer[Any]):
    """Refuses fields it does not name, all at once; null says nothing, like a field left out."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return super().to_internal_value(data)
        errors: dict[str, Any] = {
            str(name): ["There is no such field here."] for name in data if name not in self.fields
        }
        said = {name: value for name, value in data.items() if value is not None}
        try:
            value = super().to_internal_value(said)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**errors, **self._by_field(error)}) from None
        if errors:
            raise serializers.ValidationError(errors)
        return value

    @staticmethod
    def _by_field(error: serializers.ValidationError) -> dict[str, Any]:
        return dict(error.detail) if isinstance(error.detail, dict) else {"": error.detail}


class Text(serializers.CharField):
    """Text and nothing that could be read as text."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"allow_blank": True, "required": False, "max_length": 254} | options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError("Enter text.")
        return str(super().to_internal_value(data))


def note() -> Text:
    """Free words that go with an act."""
    return Text(max_length=5_000, help_text="Free words that both teams can read.")


def reason(verb: str, *, required: bool = True) -> Text:
    return Text(required=required, allow_blank=not required, help_text=f"Key of a reason of `{verb}`.")


def day(words: str) -> serializers.DateField:
    return serializers.DateField(required=False, help_text=words)


def moment(words: str, *, required: bool = False) -> serializers.DateTimeField:
    return serializers.DateTimeField(required=required, default_timezone=UTC, help_text=words)


class _Timed(serializers.DateTimeField):
    """A moment of which a day alone does not tell: read as its midnight, nobody would come."""

    def to_internal_value(self, value: Any) -> Any:
        if _is_day(value):
            raise serializers.ValidationError("Say the time, too: 2026-06-05T10:00:00Z.")
        return super().to_internal_value(value)


def _is_day(value: Any) -> bool:
    try:
        return bool(date.fromisoformat(value))
    except (TypeError, ValueError):
        return False


def meeting_time(words: str, *, required: bool = False) -> serializers.DateTimeField:
    return _Timed(required=required, default_timezone=UTC, help_text=words)


def amount() -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=14, decimal_places=2, min_value=0, required=False, coerce_to_string=False
    )
