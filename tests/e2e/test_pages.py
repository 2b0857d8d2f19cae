"""Every page in a real browser: accessible, no wider than the window, and nothing broken behind it.

`make test` walks them in light at 1440 pixels; `make pages` (PAGES=full) in both themes and two widths.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

from accounts.models import User
from tests.e2e.pages import CAREFUL, STRANGERS, make_pages
from tests.e2e.world import Story, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FULL = os.environ.get("PAGES") == "full"
LOOKS = [("light", 1440), *([("dark", 1440), ("light", 390), ("dark", 390)] if FULL else [])]
MISSING = "/nowhere/"  # its page is the error page itself
VIOLATIONS = 'axe.run({resultTypes: ["violations"]}).then((results) => results.violations)'
SIDEWAYS = """() => {
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  if (wide <= 0) return "";
  const cut = (one) => /auto|scroll|hidden|clip/.test(getComputedStyle(one).overflowX);
  const inside = (one) => one && one !== document.body && (cut(one) || inside(one.parentElement));
  const over = (one) => one.getBoundingClientRect().right > window.innerWidth + 1 && !inside(one.parentElement);
  const found = [...document.querySelectorAll("body *")].filter(over).slice(0, 3);
  return `${wide} px too wide: ${found.map((one) => one.outerHTML.slice(0, 80)).join(", ")}`;
}"""


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_every_page_is_accessible_and_whole(
    at_desk: Callable[..., Page], world: World, story: Story, theme: str, width: int
) -> None:
    pages = make_pages(world, story)
    look = {"color_scheme": theme, "viewport": {"width": width, "height": 900}}

    found = Walk(at_desk(pages.reader, **look)).of(pages.addresses())
    found |= Walk(at_desk(with_second_factor(world.elise), **look)).of(CAREFUL)
    found |= Walk(at_desk(**look)).of(STRANGERS)

    assert found == {}


def with_second_factor(person: User) -> User:
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    return person


class Walk:
    """One browser that visits pages and writes down what is wrong with each."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.broken: list[str] = []
        self.seen: set[str] = set()
        page.on("response", self._note)
        page.add_init_script(Axe().axe_script)

    def of(self, addresses: Iterable[str]) -> dict[str, list[str]]:
        return {address: wrong for address in addresses if (wrong := self._wrong_with(address))}

    def _wrong_with(self, address: str) -> list[str]:
        self.broken.clear()
        answer = self.page.goto(address)
        arrived = urlsplit(self.page.url)._replace(scheme="", netloc="").geturl()
        if arrived in self.seen:
            return []  # it leads to a page that was visited
        self.seen.add(arrived)
        return [*self._refusal(address, answer), *self.broken, *self._sideways(), *self._violations()]

    def _refusal(self, address: str, answer: Response | None) -> list[str]:
        wanted = 404 if address == MISSING else 200
        return [] if answer and answer.status == wanted else [f"answers {answer and answer.status}"]

    def _sideways(self) -> list[str]:
        said = self.page.evaluate(SIDEWAYS)
        return [said] if said else []

    def _violations(self) -> list[str]:
        found: list[dict[str, Any]] = self.page.evaluate(VIOLATIONS)
        return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]

    def _note(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.broken.append(f"{response.url} answers {response.status}")
