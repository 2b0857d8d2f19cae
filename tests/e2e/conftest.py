"""The company at noon on a Wednesday, and people at their own browsers."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.clock import DatabaseClock
from tests.e2e.world import Story, World, make_story, make_world
from tests.factories import NOON

# A refusal that the page shows is also a line in the console of the browser.
EXPECTED = "Failed to load resource: the server responded with a status of 4"


@pytest.fixture
def world(transactional_db: None, database_clock: DatabaseClock) -> World:
    database_clock.set(NOON)
    return make_world()


@pytest.fixture
def story(world: World) -> Story:
    return make_story(world)


@pytest.fixture
def at_desk(browser: Browser, live_web: str) -> Generator[Callable[..., Page], None, None]:
    """`at_desk(user)` is that person's own browser, `at_desk()` a stranger's. What breaks in it fails the test."""
    contexts, complaints = [], []

    def open_for(user: Any = None, **options: Any) -> Page:
        context = browser.new_context(
            base_url=live_web, **{"viewport": {"width": 1440, "height": 900}} | options
        )
        contexts.append(context)
        if user is not None:
            context.add_cookies([session_of(user, live_web)])
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.extend(complaint(message)))
        return page

    yield open_for
    for context in contexts:
        context.close()
    assert complaints == []


def session_of(user: Any, address: str) -> Any:
    client = Client()
    client.force_login(user)
    session = client.session  # as signing in by hand leaves it: settings of safety do not ask again
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": address}


def complaint(message: ConsoleMessage) -> list[str]:
    """What the browser reports as an error, the content security policy's reports among it."""
    is_error = message.type == "error" and not message.text.startswith(EXPECTED)
    return [f"{message.location.get('url')}: {message.text}"] if is_error else []
