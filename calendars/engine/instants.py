"""Moments as whole microseconds since the year 1 in UTC, so that all arithmetic is exact integers."""

from datetime import UTC, datetime, timedelta

SECOND = 1_000_000
DAY = 86_400 * SECOND
TEN_YEARS = 3653 * DAY

_ORIGIN = datetime.min.replace(tzinfo=UTC)


def micros(at: datetime) -> int:
    """Refuses naive moments: without a zone nobody knows which instant is meant."""
    if at.utcoffset() is None:
        raise ValueError(f"A moment needs a time zone, {at.isoformat()} has none.")
    return span_micros(at.astimezone(UTC) - _ORIGIN)


def span_micros(span: timedelta) -> int:
    return span.days * DAY + span.seconds * SECOND + span.microseconds


def moment(at: int) -> datetime:
    return _ORIGIN + timedelta(microseconds=at)


LAST = micros(datetime.max.replace(tzinfo=UTC))
