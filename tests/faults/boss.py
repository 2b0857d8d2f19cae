"""What only the database's superuser may do, and the address that the app uses."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing, contextmanager

import psycopg2
from django.conf import settings
from django.db import connection

from alignment.embedded.places import places_for


def url(role: str) -> str:
    return places_for(settings.DATA_DIR).database_url(role, str(connection.settings_dict["NAME"]))


def app_url() -> str:
    return url("baton")


@contextmanager
def as_boss(first: str, afterwards: str) -> Generator[None, None, None]:
    """Change something of the whole server, and change it back."""
    _run(first)
    try:
        yield
    finally:
        _run(afterwards)


def _run(statement: str) -> None:
    with closing(psycopg2.connect(url("postgres"))) as boss:
        boss.autocommit = True
        boss.cursor().execute(statement)
