"""Closed days from iCalendar files: whole days, exact to the day, and one sentence for what is no such file."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendars.engine.closures import ClosedDay
from calendars.engine.ics import FileDays, IgnoredEvent, UnreadableCalendar, read_ics
from calendars.engine.repeats import years_of

YEARS = range(2026, 2029)
CHRISTMAS = "DTSTART;VALUE=DATE:20261225"


def ics(*events: str, tail: str = "") -> bytes:
    """A file of events, each given as lines parted by `|`."""
    written = "".join(
        f"BEGIN:VEVENT|{event}|{'' if 'UID:' in event else f'UID:{number}|'}END:VEVENT|".replace("|", "\r\n")
        for number, event in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{written}{tail}END:VCALENDAR\r\n".encode()


def days(*events: str) -> list[str]:
    return [f"{day.on} {day.name}" for day in read_ics(ics(*events), YEARS).days]


def reasons(*events: str) -> list[str]:
    found = read_ics(ics(*events), YEARS)
    return [one.reason for one in found.ignored] if not found.days else ["it was read"]


@pytest.mark.parametrize(
    ("end", "closed"),
    [
        ("DTEND;VALUE=DATE:20261226", ["2026-12-25"]),
        ("DTEND;VALUE=DATE:20261227", ["2026-12-25", "2026-12-26"]),
        ("SUMMARY:Holiday", ["2026-12-25"]),
        ("DURATION:P1D", ["2026-12-25"]),
        ("DURATION:P3D", ["2026-12-25", "2026-12-26", "2026-12-27"]),
        ("DURATION:P1W", [f"2026-12-{day}" for day in range(25, 32)]),
        ("DTEND;VALUE=DATE:20261225", ["2026-12-25"]),
    ],
    ids=["one day", "two days", "no end", "P1D", "P3D", "P1W", "an end that is the start"],
)
def test_the_end_of_an_all_day_event_is_the_day_after_it_a12(end: str, closed: list[str]) -> None:
    assert days(f"{CHRISTMAS}|{end}") == [f"{day} Holiday" for day in closed]


@pytest.mark.parametrize(
    ("rule", "closed"),
    [
        ("RRULE:FREQ=YEARLY", ["2026-12-25", "2027-12-25", "2028-12-25"]),
        ("RRULE:FREQ=YEARLY;UNTIL=20271231", ["2026-12-25", "2027-12-25"]),
        ("RRULE:FREQ=YEARLY;UNTIL=20271224T235959Z", ["2026-12-25"]),
        ("RRULE:FREQ=YEARLY;COUNT=2;BYMONTHDAY=1,25;BYMONTH=12", ["2026-12-25", "2027-12-01"]),
        ("RRULE:FREQ=YEARLY;BYMONTH=11", ["2026-12-25", "2027-11-25", "2028-11-25"]),
        ("RRULE:FREQ=YEARLY;COUNT=2", ["2026-12-25", "2027-12-25"]),
        ("RRULE:FREQ=YEARLY;INTERVAL=2", ["2026-12-25", "2028-12-25"]),
        ("RRULE:FREQ=YEARLY|EXDATE;VALUE=DATE:20271225", ["2026-12-25", "2028-12-25"]),
        ("RDATE;VALUE=DATE:20270102", ["2026-12-25", "2027-01-02"]),
        ("RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", ["2026-12-25", "2027-11-25", "2028-11-23"]),
        ("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", ["2026-12-25"]),
    ],
)
def test_what_comes_back_each_year_is_followed_within_the_years_asked_for(
    rule: str, closed: list[str]
) -> None:
    assert days(f"{CHRISTMAS}|{rule}") == [f"{day} Holiday" for day in closed]


@pytest.mark.parametrize(
    ("rule", "closed"),
    [
        ("DTSTART;VALUE=DATE:20040229|RRULE:FREQ=YEARLY", ["2028-02-29"]),
        ("DTSTART;VALUE=DATE:20170501|RRULE:FREQ=YEARLY;INTERVAL=3;COUNT=4", ["2026-05-01"]),
        ("DTSTART;VALUE=DATE:20170501|RRULE:FREQ=YEARLY;COUNT=10", ["2026-05-01"]),
    ],
)
def test_what_began_earlier_is_counted_from_its_beginning(rule: str, closed: list[str]) -> None:
    assert days(rule) == [f"{day} Holiday" for day in closed]


def test_a_day_that_was_moved_in_one_year_is_not_closed_twice() -> None:
    moved = "UID:0|RECURRENCE-ID;VALUE=DATE:20271225|DTSTART;VALUE=DATE:20271227|SUMMARY:Moved"

    found = days(f"{CHRISTMAS}|RRULE:FREQ=YEARLY;COUNT=2", moved)

    assert found == ["2026-12-25 Holiday", "2027-12-27 Moved"]


def test_a_closure_over_new_year_is_cut_to_the_years_asked_for() -> None:
    event = "DTSTART;VALUE=DATE:20251230|DTEND;VALUE=DATE:20260103|RRULE:FREQ=YEARLY;COUNT=1|SUMMARY:Shutdown"

    assert days(event) == ["2026-01-01 Shutdown", "2026-01-02 Shutdown"]


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ("DTSTART:20261225T090000Z", "It has a time of day; only whole days are taken over."),
        ("DTSTART;TZID=Europe/Oslo:20261225T090000", "It has a time of day; only whole days are taken over."),
        ("SUMMARY:No day", "It has no date that can be read."),
        ("DTSTART;VALUE=DATE:20260230", "It has no date that can be read."),
        (f"{CHRISTMAS}|STATUS:CANCELLED", "It is cancelled."),
        (f"{CHRISTMAS}|RRULE:FREQ=WEEKLY", "It repeats weekly; write that as opening hours."),
        (f"{CHRISTMAS}|RRULE:FREQ=SECONDLY", "It repeats secondly; write that as opening hours."),
        (f"{CHRISTMAS}|RRULE:FREQ=YEARLY;BYSETPOS=1", "It repeats by BYSETPOS, which is not read."),
        (f"{CHRISTMAS}|RRULE:FREQ=YEARLY;INTERVAL=0", "Its repeat cannot be read."),
        (f"{CHRISTMAS}|RRULE:FREQ=YEARLY;COUNT=1001", "It repeats more than 1 000 times."),
        (f"{CHRISTMAS}|DTEND;VALUE=DATE:99991231", "It lasts longer than a year."),
        ("DTSTART;VALUE=DATE:00010101|RRULE:FREQ=YEARLY", "It repeats since before 1900."),
    ],
)
def test_what_is_no_closed_day_is_named_with_its_reason(event: str, reason: str) -> None:
    assert reasons(event) == [reason]


def test_days_outside_the_years_asked_for_are_counted() -> None:
    found = read_ics(ics("DTSTART;VALUE=DATE:20251225", f"{CHRISTMAS}|SUMMARY: Christmas \\n Day "), YEARS)

    assert found == FileDays((ClosedDay(date(2026, 12, 25), "Christmas Day", "ics"),), (), 1)


def test_an_ignored_event_is_known_by_its_name() -> None:
    found = read_ics(ics("DTSTART:20261225T090000Z|SUMMARY:Party"), YEARS)

    reason = "It has a time of day; only whole days are taken over."
    assert found.ignored == (IgnoredEvent("Party", reason),)


EVERY_DAY = "DTSTART;VALUE=DATE:19000101|RRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU"


class CountedYears:
    """How many days were asked about."""

    asked = 0

    def __getitem__(self, place: int) -> int:
        return YEARS[place]

    def __contains__(self, year: int) -> bool:
        self.asked += 1
        return year in YEARS


def test_reading_stops_at_the_day_that_is_too_many() -> None:
    years = CountedYears()

    with pytest.raises(UnreadableCalendar, match="more than 400 days"):
        read_ics(ics(*[EVERY_DAY] * 60), years)  # type: ignore[arg-type]

    assert years.asked == 402, "New Year's Eve of 2025, and one more than can be taken over"


def test_a_rule_is_followed_only_in_the_years_asked_for() -> None:
    """One that never holds would be followed until the year 9999."""
    first, last = date(2026, 1, 1), date(2028, 12, 31)

    assert list(years_of({}, date(1900, 1, 1), first, last)) == [2026, 2027, 2028]
    assert list(years_of({"INTERVAL": [5]}, date(1998, 1, 1), first, last)) == [2028]
    assert days("DTSTART;VALUE=DATE:19000101|RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30") == []


NESTED = "BEGIN:VEVENT\n" * 3000 + "END:VEVENT\n" * 3000


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no calendar file"),
        (b"%PDF-1.7\nBEGIN:VEVENT", "no calendar file"),
        ("BEGIN:VCALENDAR\nSUMMARY:Sømandag".encode("latin-1"), "not UTF-8"),
        (b"\xff\xfe" + "BEGIN:VCALENDAR".encode("utf-16-le"), "not UTF-8"),
        (b"BEGIN:VCALENDAR\n" + b"x" * 1_000_000, "larger than 1 MB"),
        (ics(*["DTSTART;VALUE=DATE:20260101"] * 2001), "more than 2 000 events"),
        (ics(*[f"{CHRISTMAS}|RRULE:FREQ=YEARLY"] * 61), "up to 60 repeating"),
        (ics("DTSTART;VALUE=DATE:20260101|DURATION:P300D", "DTSTART;VALUE=DATE:20270101|DURATION:P300D"),
         "closes more than 400 days"),
        (f"BEGIN:VCALENDAR\n{NESTED}END:VCALENDAR".encode(), "more than 2 000"),
        (f"BEGIN:VCALENDAR\n{NESTED.replace('VEVENT', 'X')}END:VCALENDAR".encode(), "do not match"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR\nEND:VCALENDAR", "do not match"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nnonsense\nEND:VCALENDAR", "do not match"),
        (b"BEGIN:VCALENDAR\nRDATE;VALUE=DATE:2026" + b",\r\n 2026" * 501 + b"\nEND:VCALENDAR", "500 extra dates"),
        (ics("DTSTART;VALUE=DATE:20260101|EXDATE;VALUE=DATE:" + ",".join(["20260101"] * 501)), "500 extra dates"),
        (ics("X:1|" * 40_000), "more than 40 000 lines"),
        (ics(*["DTSTART;VALUE=DATE:20260101|DURATION:P366D"] * 60), "last more than 20 000 days"),
        (ics(*["DTSTART;VALUE=DATE:20300101|DURATION:P366D"] * 60), "last more than 20 000 days"),
    ],
    ids=["empty", "pdf", "latin-1", "utf-16", "large", "events", "repeats", "days", "deep events", "deep",
         "ends", "nonsense", "dates", "left out", "lines", "the same year", "other years"],
)  # fmt: skip
def test_a_file_that_cannot_be_taken_over_gets_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableCalendar, match=words) as refused:
        read_ics(data, YEARS)

    assert str(refused.value).count("\n") == 0


LINES = st.sampled_from(
    ["BEGIN:VEVENT", "END:VEVENT", CHRISTMAS, "DTSTART:20261225T250000", "DTEND;VALUE=DATE:20261226", "DURATION:P",
     "RRULE:FREQ=YEARLY", "RRULE:FREQ=YEARLY;BYDAY=99MO", "RRULE:COUNT=0", "RRULE:", "EXDATE:x", "RDATE;VALUE=DATE:1",
     "RECURRENCE-ID;VALUE=DATE:20261225", "SUMMARY;LANGUAGE=de:a\\,b", "UID:1", "DURATION:-P3D", " folded",
     "DTSTART;TZID=Mars/Olympus:20261225T000000", "X-A;B", ":", "BEGIN:VALARM", "END:VALARM", "STATUS:x"]
)  # fmt: skip


@given(st.lists(LINES, max_size=12))
def test_whatever_lines_a_file_has_it_is_read_or_refused_in_words(lines: list[str]) -> None:
    text = "\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR"])

    with suppress(UnreadableCalendar):
        assert all(day.on.year in YEARS for day in read_ics(text.encode(), YEARS).days)
