"""What every benchmark stands on: servers of its own, what machine this is, a stopwatch."""
# ruff: noqa: PLC0415 - settings are read when Django is imported, so the servers come first

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


@contextmanager
def own_servers() -> Iterator[None]:
    """An empty database with the schema of today, and a broker, in a folder that goes away afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="baton-bench-"))
    folder.chmod(0o711)  # the servers may run as another user
    os.environ |= {"DATA_DIR": str(folder), "DEMO": "0", "DJANGO_SETTINGS_MODULE": "alignment.settings"}
    for name in ("DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    from alignment.entry import prepare

    servers = prepare()
    assert servers is not None
    try:
        servers.ensure()
        _set_up()
        yield
    finally:
        servers.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _set_up() -> None:
    import django

    django.setup()
    from alignment import schema

    schema.bring_up_to_date()


def machine() -> str:
    """What every table says first: a figure without its machine says nothing."""
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores, {platform.machine()}, Python {platform.python_version()}"


def postgres() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0]}"


def seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start
