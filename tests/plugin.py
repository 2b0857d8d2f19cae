"""Pytest plugin: a private PostgreSQL and Valkey, there before Django reads its settings."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path

import pytest

from alignment.embedded.lock import Lock
from alignment.embedded.places import places_for
from alignment.embedded.postgres import Postgres
from alignment.embedded.servers import Servers
from alignment.embedded.valkey import Valkey
from tests import template

RUNNING: list[Servers] = []
WOVEN = 0.7  # of the files: the last ones are short, and all workers end at the same time


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """A wrapper runs before pytest-django's own hook, which sets Django up; a conftest would be too late."""
    asks_only = {"--help", "-h", "--version"} & set(early_config.invocation_params.args)
    if not asks_only and not _hands_out(early_config):
        servers = _start_servers()
        early_config.add_cleanup(lambda: _end(servers))
    yield


def _hands_out(config: pytest.Config) -> bool:
    """Whether this process runs no test itself: its workers, each with servers of its own, do."""
    workers = getattr(config.known_args_namespace, "numprocesses", None)
    return bool(workers) and "PYTEST_XDIST_WORKER" not in os.environ


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, so that no worker is left alone with one at the end; and those that wait for other processes
    woven between those that compute, so that the workers do not all wait at the same time.
    """
    marks: defaultdict[Path, set[str]] = defaultdict(set)
    for item in items:
        marks[item.path] |= {mark.name for mark in item.iter_markers()}
    waiting = [path for path in marks if "faults" in marks[path]]
    computing = [path for path in marks if path not in waiting]
    computing.sort(key=lambda path: not marks[path] & {"browser", "slow"})
    step = WOVEN * len(computing) / max(len(waiting), 1)
    place = {path: float(number) for number, path in enumerate(computing)}
    place |= {path: number * step + 0.5 for number, path in enumerate(waiting)}
    items.sort(key=lambda item: place[item.path])


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking through it again and again for garbage is a twentieth of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def postgres() -> Postgres:
    """The server of this run, for tests that restart it."""
    return next(part for part in RUNNING[0].parts if isinstance(part, Postgres))


def _start_servers() -> Servers:
    _remove_left_overs()
    folder = Path(tempfile.mkdtemp(prefix="baton-test-"))
    folder.chmod(0o711)
    places = places_for(folder)
    servers = Servers(places, [Postgres(places, durable=False), Valkey(places, durable=False)])
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]
    os.environ |= {
        "DATA_DIR": str(folder),
        "DATABASE_URL": places.database_url("baton_owner"),
        "MIGRATION_DATABASE_URL": places.database_url("baton_owner"),
        "APP_DATABASE_ROLE": "baton",
        "REDIS_URL": places.redis_url,
        "SECRET_KEY": "only-for-tests-only-for-tests-only-for-tests-only",
        "DEMO": "0",
        "TEST_TEMPLATE": "baton",
    }
    places.prepare()
    with template.one_at_a_time():
        if not template.restore(places):
            servers.ensure()
            template.migrate_and_keep(places, stopped=servers.stop)
    servers.ensure()
    RUNNING.append(servers)
    return servers


def _remove_left_overs() -> None:
    """Folders of runs that were killed: old, and nobody holds their lock."""
    for lock in Path(tempfile.gettempdir()).glob("baton-test-*/owner.lock"):
        if time.time() - lock.stat().st_mtime > 6 * 3600 and Lock(lock).acquire():
            shutil.rmtree(lock.parent, ignore_errors=True)


def _end(servers: Servers) -> None:
    servers.stop()
    shutil.rmtree(servers.places.data_dir, ignore_errors=True)
