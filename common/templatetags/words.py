"""Filters that say moments, spans, money and rates the way every page says them."""

from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

MINUTE, HOUR, DAY = 60, 3600, 86_400
MIDNIGHT = time.min
SECONDS_SHOWN_BELOW = 5 * MINUTE
NO_DATA = "no data"
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}

Seconds = float | timedelta | None
Number = int | float | Decimal | None


def _seconds(value: float | timedelta) -> int:
    return int(value.total_seconds() if isinstance(value, timedelta) else value)


def _days(seconds: int, hours_a_day: float) -> str:
    """From 24 hours on time is said in days; a business day is as long as its calendar makes it."""
    days, rest = divmod(seconds, round(hours_a_day * HOUR))
    hours = rest // HOUR
    return f"{days} d {hours} h" if hours else f"{days} d"


@register.filter
def span(value: Seconds, hours_a_day: float = 24) -> str:
    """A length of time: "3 h 22 m", "26 m", "40 s", "3 d 6 h"."""
    if value is None:
        return NO_DATA
    seconds = abs(_seconds(value))
    if seconds >= DAY:
        return _days(seconds, hours_a_day)
    if seconds >= HOUR:
        return f"{seconds // HOUR} h {seconds % HOUR // MINUTE:02} m"
    return f"{seconds // MINUTE} m" if seconds >= MINUTE else f"{seconds} s"


@register.filter
def time_left(value: Seconds, hours_a_day: float = 24) -> str:
    """Seconds left as "38 m left", "4 m 10 s left" or, below zero, "26 m late"; app.js says the same."""
    if value is None:
        return NO_DATA
    seconds = _seconds(value)
    size = abs(seconds)
    words = span(size, hours_a_day)
    if MINUTE <= size < SECONDS_SHOWN_BELOW:
        words = f"{size // MINUTE} m {size % MINUTE:02} s"
    return f"{words} late" if seconds < 0 else f"{words} left"


def _day(at: datetime, today: datetime) -> str:
    """The day of a moment as said today; both in the zone of the reader.

    A weekday alone is one gone by: the same name stands ahead within the week, so what is to come has its date.
    """
    away = (at.date() - today.date()).days
    if abs(away) <= 1:
        return {-1: "Yesterday", 0: "Today", 1: "Tomorrow"}[away]
    if abs(away) < 7:
        return f"{at:%a}" if away < 0 else f"{at:%a} {at.day} {at:%b}"
    return f"{at.day} {at:%b}" if at.year == today.year else f"{at.day} {at:%b %Y}"


@register.filter
def moment(at: datetime | None, now: datetime | None = None) -> str:
    """A moment in words: "Yesterday 15:20", "Mon 15:20" under a week ago, "Mon 23 Nov 15:20" ahead, else "6 Nov"."""
    if at is None:
        return ""
    local, today = timezone.localtime(at), timezone.localtime(now)
    near = abs((local.date() - today.date()).days) < 7
    return f"{_day(local, today)} {local:%H:%M}" if near else _day(local, today)


def full_moment(at: datetime) -> str:
    """A moment with everything: weekday, date, time to the second, and zone."""
    local = timezone.localtime(at)
    zone = timezone.get_current_timezone_name()
    return f"{local:%a} {local.day} {local:%b %Y %H:%M:%S} {zone}"


def _time(at: datetime, words: str) -> SafeString:
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), full_moment(at), words)


@register.filter
def when(at: datetime | None, now: datetime | None = None) -> str:
    """A moment in words, with the full time and zone on hover."""
    return _time(at, moment(at, now)) if at else ""


@register.filter
def when_to_the_minute(at: datetime | None, now: datetime | None = None) -> str:
    """The same with the hour, however long ago: "6 Nov 15:20", where a length of time is checked against it."""
    if at is None:
        return ""
    words, hour = moment(at, now), f"{timezone.localtime(at):%H:%M}"
    return _time(at, words if words.endswith(hour) else f"{words} {hour}")


@register.filter
def when_inline(at: datetime | None, now: datetime | None = None) -> str:
    """The same inside a sentence: "Due today 10:20"."""
    return _time(at, moment_inline(at, now)) if at else ""


def moment_inline(at: datetime, now: datetime | None = None) -> str:
    """A moment as plain text inside a sentence."""
    words = moment(at, now)
    first, _, rest = words.partition(" ")
    return f"{first.lower()} {rest}" if first in ("Yesterday", "Today", "Tomorrow") else words


@register.filter
def last_moment(at: datetime) -> str:
    """Until when, in the reader's zone: "Fri 4 Dec, 14:00"; at midnight "the end of Fri 4 Dec", the day before."""
    local = timezone.localtime(at)
    if local.time() == MIDNIGHT:
        day = local.date() - timedelta(days=1)
        return _time(at, f"the end of {day:%a} {day.day} {day:%b}")
    return _time(at, f"{local:%a} {local.day} {local:%b}, {local:%H:%M}")


@register.filter
def breakable(address: str) -> SafeString:
    """An e-mail address that breaks behind its @ where it does not fit, not within a word."""
    local, at, domain = str(address).rpartition("@")
    return format_html("{}{}<wbr>{}", local, at, domain)


def _rounded(value: Decimal, places: str) -> Decimal:
    return value.quantize(Decimal(places), ROUND_HALF_UP)


def _plain(value: Decimal) -> str:
    """Without trailing zeros: 2.10 is "2.1", 300 stays "300"."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _with_currency(amount: Decimal, words: str, currency: str) -> str:
    sign = "−" if amount < 0 else ""
    symbol = SYMBOLS.get(currency) or f"{currency} "
    return f"{sign}{symbol}{words}"


@register.filter
def money(value: Number, currency: str = "USD") -> str:
    """A sum at a glance: "$82k", "$2.14m", "$950"."""
    if value is None:
        return NO_DATA
    amount = Decimal(str(value))
    size = abs(amount)
    if _rounded(size, "1") < 1000:
        words = f"{_rounded(size, '1')}"
    elif _rounded(size / 1000, "1") < 1000:
        words = f"{_plain(_rounded(size / 1000, '0.1' if size < 10_000 else '1'))}k"
    else:
        words = f"{_plain(_rounded(size / 1_000_000, '0.01'))}m"
    return _with_currency(amount, words, currency)


@register.filter
def money_full(value: Number, currency: str = "USD") -> str:
    """A sum to the unit, cents only where there are some: "$82,000", "$12.50"."""
    if value is None:
        return NO_DATA
    amount = Decimal(str(value))
    size = _rounded(abs(amount), "0.01")
    words = f"{size:,.0f}" if size == size.to_integral_value() else f"{size:,.2f}"
    return _with_currency(amount, words, currency)


@register.filter
def pct(value: Number, places: int = 1) -> str:
    """A fraction as a percentage: 0.845 is "84.5%". Nothing measured is "no data", never 0%."""
    if value is None:
        return NO_DATA
    step = "1" if places == 0 else f"0.{'0' * (places - 1)}1"
    return f"{_rounded(Decimal(str(value)) * 100, step)}%"


def agreed_pct(value: float | Decimal) -> str:
    """A share that was agreed, never rounded: 0.9 is "90%", 0.925 is "92.5%"."""
    return f"{(Decimal(str(value)) * 100).normalize():f}%"


@register.filter
def count(value: int | None) -> str:
    """A number of things: "9,412"."""
    return NO_DATA if value is None else f"{value:,}"
