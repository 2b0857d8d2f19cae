"""PgBouncer in transaction mode between the app and its database, where it is installed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from alignment.embedded import processes
from alignment.embedded.places import places_for

PROGRAM = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
needs_pgbouncer = pytest.mark.skipif(
    not PROGRAM,
    reason="PgBouncer is not installed (apt-get install pgbouncer): only direct connections are tested",
)
INI = """
[databases]
* = host={sockets}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users.txt
pool_mode = transaction
default_pool_size = 10
ignore_startup_parameters = options, extra_float_digits
logfile = {folder}/pgbouncer.log
"""


@contextmanager
def pooled() -> Generator[str, None, None]:
    """The address of the app's database behind a pool of ten connections."""
    places, port = places_for(settings.DATA_DIR), _free_port()
    with TemporaryDirectory(prefix="baton-pooler-") as name:
        folder = Path(name)
        if places.account.differs_from_ours:
            os.chown(folder, places.account.uid, places.account.gid)
        (folder / "users.txt").write_text('"baton" ""\n')
        ini = folder / "pgbouncer.ini"
        ini.write_text(INI.format(sockets=places.sockets, port=port, folder=folder))
        with (folder / "out.log").open("ab") as log:
            process = processes.start(
                [str(PROGRAM), ini], env={}, log=log, death_signal=signal.SIGTERM, account=places.account
            )
        try:
            yield f"postgresql://baton@127.0.0.1:{port}/{connection.settings_dict['NAME']}"
        finally:
            process.terminate()
            process.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    try:
        psycopg2.connect(url).close()
    except psycopg2.OperationalError:
        return False
    return True
