"""A GET reads: what a page answers from may be asked once, because nothing on the way changes it (`once_a_page`)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from tests.architecture.world import make_world, signed_in, walk
from tests.factories import make_touch_kind

pytestmark = pytest.mark.django_db
WRITE = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM|COPY)\s+"?(\w+)', re.IGNORECASE)


class Written:
    """Wraps the statements of a connection and keeps the tables that they write."""

    def __init__(self) -> None:
        self._tables: set[str] = set()

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if found := WRITE.match(sql):
            self._tables.add(found[1])
        return execute(sql, *rest)

    def since(self) -> set[str]:
        """What was written since this was asked last."""
        tables, self._tables = self._tables, set()
        return tables


@pytest.mark.parametrize("who", ["admin", "rep"])
def test_no_get_writes_any_table_but_the_session_s13(who: str) -> None:
    world, written, found = make_world(), Written(), set[tuple[str, str]]()
    client = signed_in(world["people"][who])
    written.since()

    with connection.execute_wrapper(written):
        for route, _, _ in walk(client, world, ("get",)):
            found |= {(route.name, table) for table in written.since()}

    assert {one for one in found if one[1] != "django_session"} == set()


def test_a_write_is_noticed() -> None:
    written = Written()
    with connection.execute_wrapper(written):
        make_touch_kind()

    assert written.since() == {"leads_touchkind"}
