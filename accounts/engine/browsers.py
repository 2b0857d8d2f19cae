"""What a browser calls itself, in words a person knows again: pure, and never surprised by what it is told."""

from __future__ import annotations

# The first that is found names it: nearly every browser also says that it is Chrome or Safari, to be let in.
BROWSERS = (
    ("Edg/", "Edge"), ("EdgA/", "Edge"), ("EdgiOS/", "Edge"), ("Edge/", "Edge"),
    ("OPR/", "Opera"), ("OPT/", "Opera"), ("OPiOS/", "Opera"), ("Vivaldi/", "Vivaldi"),
    ("YaBrowser/", "Yandex Browser"), ("SamsungBrowser/", "Samsung Internet"),
    ("DuckDuckGo/", "DuckDuckGo"), ("Ddg/", "DuckDuckGo"),
    ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"), ("Chromium/", "Chromium"), ("Chrome/", "Chrome"),
    ("Trident/", "Internet Explorer"), ("MSIE ", "Internet Explorer"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"), ("Linux", "Linux"), ("X11", "Linux"),
)  # fmt: skip
UNKNOWN = "Another browser"


def browser_of(user_agent: str) -> str:
    """ "Firefox on Windows"; what is not known is left out. An iPad that asks for the pages of a desktop says macOS."""
    browser = _first(BROWSERS, user_agent) or UNKNOWN
    system = _first(SYSTEMS, user_agent)
    return f"{browser} on {system}" if system else browser


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in names if mark in user_agent), "")
