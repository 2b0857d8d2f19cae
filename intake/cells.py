"""Reading one cell: cleaned, as a moment, an amount, a yes or no. Each raises ValueError with a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
EXAMPLE = datetime(2026, 3, 31, 14, 30, tzinfo=UTC)
TRUTHS = {"true": True, "yes": True, "false": False, "no": False}
# Digits as people write numbers. A leading zero or plus makes it a code or a phone, an exponent a damaged one.
NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?", re.ASCII)
PADDED = re.compile(r"-?0\d+(?:\.\d+)?", re.ASCII)
_DIGITS = 15  # more than a JSON number keeps exactly
_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Dates:
    """How the dates of a file are written: ISO 8601 unless there is a format; in UTC unless there is a zone."""

    format: str = ""
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))

    def read(self, text: str) -> datetime:
        """The moment in UTC; a bare date is midnight in the zone of the file."""
        try:
            moment = self._parsed(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=self.zone)).astimezone(UTC)
        except (ValueError, OverflowError):
            raise ValueError(f"This is no date in the form {self._example}.") from None

    def read_attribute(self, text: str) -> str:
        """As a custom attribute keeps it: a bare date stays that day, whatever the zone."""
        moment = self.read(text)
        if self._is_bare(text):
            return self._parsed(text).date().isoformat()
        return moment.isoformat().replace("+00:00", "Z")

    def read_past(self, text: str, now: datetime) -> datetime:
        """A moment at which something happened."""
        moment = self.read(text)
        if moment > now:
            raise ValueError("This lies in the future.")
        if moment < EARLIEST:
            raise ValueError("This lies before 1970.")
        return moment

    @property
    def _example(self) -> str:
        return EXAMPLE.strftime(self.format) if self.format else "2026-03-31 or 2026-03-31T14:30:00Z"

    def _is_bare(self, text: str) -> bool:
        if self.format:
            return not any(clock in self.format for clock in ("%H", "%I", "%X", "%c", "%p"))
        return len(text) <= len("2026-03-31")

    def _parsed(self, text: str) -> datetime:
        if self.format:
            return datetime.strptime(text, self.format)  # noqa: DTZ007 - read() adds the zone
        return datetime.fromisoformat(text)


def read_number(text: str) -> int | float:
    digits = text.strip("-").replace(".", "")
    if not NUMBER.fullmatch(text) or len(digits) > _DIGITS:
        raise ValueError("This is no number such as 1250 or 12.5.")
    return float(text) if "." in text else int(text)


def read_truth(text: str) -> bool:
    truth = TRUTHS.get(text.lower())
    if truth is None:
        raise ValueError("This is none of true, false, yes and no.")
    return truth


def read_count(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise ValueError("This is no whole number such as 250.")
    return int(text)


def read_amount(text: str) -> Decimal:
    try:
        amount = Decimal(text)
        cents = amount.quantize(Decimal("0.01")) if amount.is_finite() else None
    except InvalidOperation:
        amount, cents = Decimal(0), None
    if cents is None or cents != amount or not Decimal(0) <= amount < Decimal(10) ** 12:
        raise ValueError("This is no amount such as 1250 or 1250.50.")
    return cents


def read_currency(text: str) -> str:
    if not _CURRENCY.fullmatch(text.upper()):
        raise ValueError("This is no currency of three letters such as USD.")
    return text.upper()
