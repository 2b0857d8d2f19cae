"""Zones come from the pinned package; the years are cut where the offset changes, and nowhere else."""

import struct
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from itertools import pairwise, takewhile

import pytest

from calendars.engine.instants import SECOND, micros, moment
from calendars.engine.zones import SAMPLING_STEP, load_zone, stretches_back_from, stretches_from, zone_names

FROM = datetime(1950, 1, 1, tzinfo=UTC)


def changes_in_file(name: str) -> list[int]:
    """The seconds at which the offset changes, read from the second block of the TZif file (RFC 8536)."""
    data = files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes()
    ut, std, leaps, times, types, letters = struct.unpack(">6l", data[20:44])
    block = 44 + times * 5 + types * 6 + letters + leaps * 8 + std + ut
    times, types = struct.unpack(">2l", data[block + 32 : block + 40])
    start = block + 44
    moments = struct.unpack(f">{times}q", data[start : start + times * 8])
    kinds = (0, *data[start + times * 8 : start + times * 9])
    records = start + times * 9
    offsets = [struct.unpack(">l", data[records + 6 * kind : records + 6 * kind + 4])[0] for kind in kinds]
    return [at for at, (old, new) in zip(moments, pairwise(offsets), strict=True) if old != new]


def test_no_zone_changes_twice_within_the_sampling_step():
    """What the search for changes relies on; a newer tzdata that breaks it must be noticed here."""
    gaps = [after - before for name in zone_names() for before, after in pairwise(changes_in_file(name))]

    assert len(gaps) > 20_000
    assert min(gaps) * SECOND > SAMPLING_STEP


@pytest.mark.parametrize(
    "name",
    [
        "Europe/Berlin",
        "Africa/Casablanca",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "America/St_Johns",
        "Asia/Gaza",
    ],
)
def test_stretches_change_exactly_where_the_zone_does(name):
    expected = [at for at in changes_in_file(name) if at > FROM.timestamp()]
    until = micros(datetime.fromtimestamp(expected[-1], tz=UTC))

    stretches = takewhile(lambda stretch: stretch.start <= until, stretches_from(name, micros(FROM)))
    found = [
        int(moment(after.start).timestamp())
        for before, after in pairwise(stretches)
        if before.offset != after.offset
    ]

    assert found == expected


def test_stretches_backwards_are_those_forwards():
    start, end = (micros(datetime(year, 5, 6, 7, tzinfo=UTC)) for year in (2019, 2026))
    zone = "Europe/Berlin"
    forwards = list(takewhile(lambda stretch: stretch.start < end, stretches_from(zone, start)))
    backwards = list(takewhile(lambda stretch: stretch.end > start, stretches_back_from(zone, end)))

    forwards[-1] = forwards[-1]._replace(end=end)
    backwards[-1] = backwards[-1]._replace(start=start)

    assert backwards[::-1] == forwards


def test_a_zone_is_what_the_package_says():
    summer = datetime(2025, 7, 1, tzinfo=UTC).astimezone(load_zone("America/Asuncion"))

    assert summer.utcoffset() == timedelta(hours=-3)


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../tzdata/zones", "/etc/localtime", "Europe"])
def test_an_unknown_zone_is_refused(name):
    with pytest.raises(ValueError, match="no time zone called"):
        load_zone(name)
