"""The embedded PostgreSQL: initdb, a foreground server, and the two roles of the product."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg2

from alignment.embedded import processes
from alignment.embedded.errors import EmbeddedError
from alignment.embedded.places import Places, programs

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
INITDB = (
    "-U",
    "postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    # Parallel queries need more shared memory than containers give; two cores gain little from them.
    "max_parallel_workers_per_gather": "0",
    "dynamic_shared_memory_type": "mmap",
}
UNSAFE_BUT_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
PATIENCE = 60.0


class Postgres:
    """One server on one data folder. The caller holds the lock of that folder."""

    name = "PostgreSQL"

    def __init__(self, places: Places, *, durable: bool = True) -> None:
        self.places = places
        self.settings = SETTINGS if durable else SETTINGS | UNSAFE_BUT_FAST
        self.initdb_options = () if durable else ("--no-sync",)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def answers(self) -> bool:
        """Whether the product's database is there, roles and all."""
        return self._accepts(self.places.database_url("baton_owner"))

    def start(self) -> None:
        binaries, _ = programs(self.places.account, self.places.home.parent)
        data = self.places.postgres_data
        processes.evict(data, ask=signal.SIGINT)
        if not (data / "PG_VERSION").exists():
            self._initialise(binaries)
        _drop_reused_pid(data)
        self.process = self._spawn(binaries / "postgres", "-D", data, *self._options())
        self._wait_until_ready()
        self._ensure_roles()

    def stop(self, seconds: float = 6) -> None:
        if self.process is None:
            return
        for sign, patience in ((signal.SIGINT, seconds), (signal.SIGQUIT, 3.0)):
            self.process.send_signal(sign)
            if processes.wait(self.process, patience):
                return
        self.process.kill()
        self.process.wait()

    def _options(self) -> list[str]:
        options = ["-k", str(self.places.sockets)]
        for key, value in self.settings.items():
            options += ["-c", f"{key}={value}"]
        return options

    def _initialise(self, binaries: Path) -> None:
        """Into a draft folder first, so that an interrupted initdb is simply done again."""
        draft = self.places.home / "postgres.new"
        data = self.places.postgres_data
        if draft.exists():
            shutil.rmtree(draft)
        process = self._spawn(binaries / "initdb", "-D", draft, *INITDB, *self.initdb_options)
        if process.wait() != 0:
            raise EmbeddedError(f"PostgreSQL could not prepare its data; see {self._log_path}.")
        draft.rename(data)

    def _spawn(self, program: Path, *arguments: str | Path) -> subprocess.Popen[bytes]:
        with self._log_path.open("ab") as log:
            return processes.start(
                [program, *arguments],
                env=ENVIRONMENT,
                log=log,
                death_signal=signal.SIGINT,
                account=self.places.account,
            )

    @property
    def _log_path(self) -> Path:
        return self.places.logs / "postgres.log"

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.running:
            if self._accepts(self.places.database_url("postgres", "postgres")):
                return
            time.sleep(0.02)
        raise EmbeddedError(f"PostgreSQL does not start; see {self._log_path}.")

    def _accepts(self, url: str) -> bool:
        try:
            psycopg2.connect(url).close()
        except psycopg2.OperationalError:
            return False
        return True

    def _ensure_roles(self) -> None:
        """`baton_owner` owns the schema and migrates; `baton` is the app: no superuser, no owner."""
        connection = psycopg2.connect(self.places.database_url("postgres", "postgres"))
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolname FROM pg_roles")
            roles = {name for (name,) in cursor.fetchall()}
            if "baton_owner" not in roles:
                cursor.execute("CREATE ROLE baton_owner LOGIN CREATEDB")
            if "baton" not in roles:
                cursor.execute("CREATE ROLE baton LOGIN")
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'baton'")
            if cursor.fetchone() is None:
                cursor.execute("CREATE DATABASE baton OWNER baton_owner")
        connection.close()


def _drop_reused_pid(data: Path) -> None:
    """After a crash the old pid may belong to something else; PostgreSQL would then refuse to start.

    Nobody lives in the folder any more, so a process of that pid cannot be its server.
    """
    lock = data / "postmaster.pid"
    if lock.exists():
        pid = lock.read_text().split("\n", 1)[0].strip()
        if pid.isdigit() and Path(f"/proc/{pid}").exists() and not processes.living_in(data.resolve()):
            lock.unlink()
