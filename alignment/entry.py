"""How every `manage.py` command begins: environment, servers, an up-to-date database."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line

from alignment import environment
from alignment.embedded.errors import EmbeddedError
from alignment.embedded.places import Places, places_for
from alignment.embedded.servers import Servers

# They need no database (the first), or start what they need themselves (the second).
WITHOUT_SERVERS = {"", "help", "version", "check", "collectstatic", "diffsettings", "startapp", "spectacular"}
BY_THEMSELVES = {"up"}
# They change or inspect the schema: as its owner, and without migrating first.
OF_THE_SCHEMA = {"migrate", "makemigrations", "showmigrations", "sqlmigrate", "optimizemigration", "dbshell"}


def run(argv: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alignment.settings")
    command = argv[1] if len(argv) > 1 and not {"--help", "-h", "--version"} & set(argv) else ""
    try:
        places = prepare()
        if places is None or command in WITHOUT_SERVERS | BY_THEMSELVES:
            return _execute(argv)
        servers = Servers(places)
        try:
            servers.ensure()
            return _execute(argv)
        finally:
            servers.stop()
    except EmbeddedError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def prepare() -> Places | None:
    """Fill the environment for the embedded servers; None when others are named."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]  # they would lead the client library elsewhere
    if environment.text("DATABASE_URL") and environment.text("REDIS_URL"):
        return None
    places = places_for(environment.data_dir())
    if not environment.text("SECRET_KEY"):
        os.environ["SECRET_KEY"] = environment.stored_secret_key(places.data_dir)
    if not environment.text("DATABASE_URL"):
        os.environ["DEMO"] = environment.text("DEMO", "1")
        os.environ["DATABASE_URL"] = places.database_url("baton")
        os.environ["MIGRATION_DATABASE_URL"] = places.database_url("baton_owner")
    if not environment.text("REDIS_URL"):
        os.environ["REDIS_URL"] = places.redis_url
    return places


def _execute(argv: list[str]) -> int:
    execute_from_command_line(argv)
    return 0
