"""How every `manage.py` command begins: environment, servers, an up-to-date database."""

from __future__ import annotations

import os
import sys
from functools import cache

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from alignment import environment, schema
from alignment.embedded.errors import EmbeddedError
from alignment.embedded.places import places_for
from alignment.embedded.postgres import Postgres
from alignment.embedded.servers import Servers
from alignment.embedded.valkey import Valkey

SETTINGS = "alignment.settings"
WITHOUT_DATABASE = {"", "help", "version", "check", "collectstatic", "diffsettings", "spectacular"}
# They change or inspect the schema: as its owner, and without migrating first.
OF_THE_SCHEMA = {"migrate", "makemigrations", "showmigrations", "sqlmigrate", "optimizemigration"}
BY_ITSELF = "up"  # starts and watches the servers on its own


def run(argv: list[str]) -> int:
    """Do what was typed; a sentence and 1 when the servers cannot be had or a variable says what cannot be."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    asks_only = {"--help", "-h", "--version"} & set(argv)
    command = argv[1] if len(argv) > 1 and not asks_only else ""
    try:
        servers = prepare()
        if command in WITHOUT_DATABASE or command == BY_ITSELF:
            execute_from_command_line(argv)
        elif servers is None:
            _execute(argv, command)
        else:
            _execute_with(servers, argv, command)
    except (EmbeddedError, ImproperlyConfigured) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


@cache
def prepare() -> Servers | None:
    """Once: fill the environment; the embedded servers it speaks of, or None when others are named."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]  # they would lead the client library elsewhere
    if os.environ["DJANGO_SETTINGS_MODULE"] != SETTINGS:
        return None  # production names everything itself
    own_database = not environment.text("DATABASE_URL")
    own_broker = not environment.text("REDIS_URL")
    if not (own_database or own_broker) and environment.text("SECRET_KEY"):
        return None
    places = places_for(environment.data_dir())
    _default("SECRET_KEY", environment.stored_secret_key(places.data_dir))
    parts: list[Postgres | Valkey] = []
    if own_database:
        _default("DEMO", "1")
        _default("DATABASE_URL", places.database_url("baton"))
        os.environ["MIGRATION_DATABASE_URL"] = places.database_url("baton_owner")
        parts.append(Postgres(places))
    if own_broker:
        _default("REDIS_URL", places.redis_url)
        parts.append(Valkey(places))
    return Servers(places, parts) if parts else None


def on_embedded_database() -> bool:
    """Whether the database is that of DATA_DIR, not one that DATABASE_URL or production settings name."""
    servers = prepare()
    return servers is not None and any(isinstance(part, Postgres) for part in servers.parts)


def _default(name: str, value: str) -> None:
    if not environment.text(name):
        os.environ[name] = value


def _execute_with(servers: Servers, argv: list[str], command: str) -> None:
    try:
        servers.ensure()
        _execute(argv, command)
    finally:
        servers.stop()


def _execute(argv: list[str], command: str) -> None:
    if command in OF_THE_SCHEMA:
        schema.become_owner()
    else:
        django.setup()
        schema.bring_up_to_date()
    execute_from_command_line(argv)
