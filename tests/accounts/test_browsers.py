"""Browsers in words, from what real ones say of themselves."""

from __future__ import annotations

import pytest

from accounts.engine.browsers import browser_of

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
MOBILE_SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
WINDOWS, MAC = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X)"
GALAXY = "Mozilla/5.0 (Linux; Android 13; SM-S918B)"
IPAD = "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X)"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox on Windows"),
        ("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox on Linux"),
        (f"{IPHONE} {MOBILE_SAFARI} FxiOS/127.0 Mobile/15E148 Safari/605.1.15", "Firefox on iPhone"),
        (f"{WINDOWS} {WEBKIT} Chrome/131.0.0.0 Safari/537.36", "Chrome on Windows"),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {WEBKIT} Chrome/131.0.0.0 Safari/537.36", "Chrome on ChromeOS"),
        (f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} Chrome/131.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        (f"{IPAD} {MOBILE_SAFARI} CriOS/126.0.6478.153 Mobile/15E148 Safari/604.1", "Chrome on iPad"),
        (f"{WINDOWS} {WEBKIT} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.2903.86", "Edge on Windows"),
        (f"{MAC} {WEBKIT} Chrome/131.0.0.0 Safari/537.36 OPR/116.0.0.0", "Opera on macOS"),
        (f"{GALAXY} {WEBKIT} SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile", "Samsung Internet on Android"),
        (f"{MAC} {MOBILE_SAFARI} Version/17.6 Safari/605.1.15", "Safari on macOS"),
        (f"{IPHONE} {MOBILE_SAFARI} Version/17.5 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko", "Internet Explorer on Windows"),
        ("Mozilla/5.0 (Macintosh)", "Another browser on macOS"),
        ("curl/8.5.0", "Another browser"),
        ("", "Another browser"),
    ],
)  # fmt: skip
def test_a_browser_and_its_system_are_named(user_agent: str, words: str) -> None:
    assert browser_of(user_agent) == words
