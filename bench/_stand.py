"""What every benchmark stands on: servers of its own, data built once, what machine this is, a stopwatch."""
# ruff: noqa: PLC0415 - settings are read when Django is imported, so the servers come first

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from time import perf_counter, time
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


KEPT = ROOT / ".bench"


class Stand:
    """Running servers, whose database can be changed for one that was built before."""

    def __init__(self, servers: Any) -> None:
        self._servers = servers

    def use(self, name: str, build: Callable[[], object], *, good_for: timedelta) -> None:
        """A copy of the data that `build` makes in an empty database, built at most once in `good_for`.

        Their moments are told from the hour of building. Built anew too when a migration or a benchmark changed.
        """
        kept = KEPT / f"{name}-{_fingerprint()}"
        self._stop()
        if not _is_young(kept, good_for):
            self._begin_anew()
            took = seconds(build)
            self._stop()
            for old in KEPT.glob(f"{name}-*"):
                shutil.rmtree(old)
            _copy(self._data, kept)
            print(f"built {name} in {took:.0f} s and kept it", flush=True)
        shutil.rmtree(self._data)
        _copy(kept, self._data)
        self._servers.ensure()

    @property
    def _data(self) -> Path:
        home: Path = self._servers.places.postgres_data
        return home

    def _begin_anew(self) -> None:
        from alignment import schema

        shutil.rmtree(self._data)
        self._servers.ensure()
        schema.bring_up_to_date()

    def _stop(self) -> None:
        from django.db import connections

        connections.close_all()
        self._servers.stop()


@contextmanager
def own_servers() -> Iterator[Stand]:
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
        yield Stand(servers)
    finally:
        servers.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _set_up() -> None:
    import django

    django.setup()
    from alignment import schema

    schema.bring_up_to_date()


def _fingerprint() -> str:
    """Of all that decides what is built: the schema, and the benchmarks themselves."""
    read = hashlib.sha256()
    for path in sorted((*ROOT.glob("*/migrations/*.py"), *ROOT.glob("bench/*.py"))):
        read.update(path.name.encode() + path.read_bytes())
    return read.hexdigest()[:12]


def _is_young(kept: Path, good_for: timedelta) -> bool:
    return kept.exists() and time() - (kept / "PG_VERSION").stat().st_ctime < good_for.total_seconds()


def _copy(source: Path, target: Path) -> None:
    """Owners and rights too, which Python's own copying leaves behind; whole, or not at all."""
    draft = target.with_name(f"{target.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.parent.mkdir(exist_ok=True)
    subprocess.run(["cp", "--archive", "--reflink=auto", source, draft], check=True)
    draft.rename(target)


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
