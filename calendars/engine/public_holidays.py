"""Public holidays of a country or region, from the `holidays` library: a list to copy, never asked by a clock."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import holidays
from holidays.registry import COUNTRIES

from calendars.engine.closures import ClosedDay

LONGEST = 120
SMALL_WORDS = {"and", "of", "the"}


@cache
def countries() -> tuple[tuple[str, str], ...]:
    """Codes and names, by name."""
    named = ((codes[1], _title(module)) for module, codes in COUNTRIES.items())
    return tuple(sorted(named, key=lambda one: one[1]))


def regions(country: str) -> tuple[tuple[str, str], ...]:
    """Codes and names of the parts of a country that have holidays of their own, by name; () for what is none."""
    return _regions(country) if country in dict(countries()) else ()


@cache  # of the countries there are
def _regions(country: str) -> tuple[tuple[str, str], ...]:
    codes = holidays.list_supported_countries(include_aliases=False).get(country, [])
    names = {code: name for name, code in holidays.country_holidays(country).subdivisions_aliases.items()}
    return tuple(sorted(((code, names.get(code, code)) for code in codes), key=lambda one: one[1]))


def country_of_zone(tz: str) -> str:
    """The country whose clocks show this zone, where the zone table names one."""
    return _zones().get(tz, "")


@cache
def _zones() -> dict[str, str]:
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {zone: country for country, _, zone, *_ in rows}


def source_of(country: str, region: str = "") -> str:
    return f"{country}-{region}" if region else country


def public_holidays(country: str, region: str, years: range) -> list[ClosedDay]:
    """By date, named in English where the library can. Raises ValueError for an unknown country or region."""
    if region and region not in dict(regions(country)):
        raise ValueError("This region is not known.")
    try:
        found = holidays.country_holidays(country, subdiv=region or None, years=years, language="en_US")
    except NotImplementedError as error:
        raise ValueError("This country is not known.") from error
    source = source_of(country, region)
    return [ClosedDay(on, name[:LONGEST], source) for on, name in sorted(found.items()) if on.year in years]


def _title(module: str) -> str:
    words = module.split("_")
    return " ".join(word if word in SMALL_WORDS and at else word.title() for at, word in enumerate(words))
