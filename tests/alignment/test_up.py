"""The one-command run, as a person at a terminal meets it: one installation through its whole life."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

import pytest

PROJECT = Path(__file__).resolve().parents[2]
OURS = (
    "DATABASE_URL",
    "MIGRATION_DATABASE_URL",
    "APP_DATABASE_ROLE",
    "REDIS_URL",
    "SECRET_KEY",
    "TEST_TEMPLATE",
)

pytestmark = pytest.mark.slow


@dataclass
class Installation:
    """A data folder of its own and the `up` processes on it."""

    data_dir: Path
    ups: list[subprocess.Popen[str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def environment(self, **more: str) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name not in OURS}
        return {**inherited, "DATA_DIR": str(self.data_dir), "DEMO": "0", **more}

    def manage(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        argv = [sys.executable, str(PROJECT / "manage.py"), *arguments]
        return subprocess.run(
            argv, env=self.environment(**environment), capture_output=True, text=True, timeout=90, check=False
        )

    def up(self, port: int) -> subprocess.Popen[str]:
        argv = [sys.executable, str(PROJECT / "manage.py"), "up"]
        process = subprocess.Popen(
            argv, env=self.environment(PORT=str(port)), stdout=subprocess.PIPE, text=True
        )
        self.ups.append(process)
        assert process.stdout is not None
        for line in process.stdout:
            self.said.append(line.strip())
            if "Ctrl-C" in line:
                return process
        raise AssertionError(f"up ended with {process.wait()}")

    def processes(self) -> dict[int, str]:
        """Everything that has this data folder in its environment or its command, with the command."""
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and (command := _mentions(entry, str(self.data_dir))):
                found[int(entry.name)] = command
        return found

    def children_of(self, parent: int, word: str) -> list[int]:
        mine = [pid for pid in self.processes() if _parent_of(pid) == parent]
        return [pid for pid in mine if word in self.processes().get(pid, "")]


def _parent_of(pid: int) -> int:
    """0 for one that has ended since it was seen."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(status.rpartition(")")[2].split()[1])


def _mentions(entry: Path, text: str) -> str:
    try:
        command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        environment = (entry / "environ").read_bytes().decode(errors="replace")
    except OSError:
        return ""
    return command if text in command or f"DATA_DIR={text}" in environment else ""


def ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=10) as answer:
            return bool(json.load(answer) == {"status": "ok", "database": True, "broker": True})
    except OSError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def installation() -> Generator[Installation, None, None]:
    with tempfile.TemporaryDirectory(prefix="baton-up-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        made = Installation(Path(folder))
        yield made
        for process in made.ups:
            if process.poll() is None:
                process.terminate()
                process.wait(30)


@pytest.fixture(scope="module")
def port(installation: Installation) -> int:
    number = free_port()
    installation.up(number)
    return number


def test_it_serves_and_its_workers_hear_its_beat(
    installation: Installation, port: int, eventually: Callable[..., None]
) -> None:
    ask = "from django.core.cache import cache; print(cache.get('heartbeat'))"

    eventually(lambda: installation.manage("shell", "-v0", "-c", ask).stdout.startswith("20"), seconds=40)

    assert ready(port)


def test_it_says_where_the_first_admin_begins(installation: Installation, port: int) -> None:
    (line,) = [line for line in installation.said if line.startswith("First run")]

    assert f" http://127.0.0.1:{port}/start/?token=" in line


def test_a_port_in_use_is_said_in_one_sentence(installation: Installation, port: int) -> None:
    second = installation.manage("up", PORT=str(port))

    assert second.returncode == 1
    assert second.stderr == (
        f"CommandError: Port {port} on 127.0.0.1 is in use; stop what runs there or set PORT to another.\n"
    )


def test_commands_beside_it_use_its_database_as_the_app(installation: Installation, port: int) -> None:
    ask = (
        "from django.db import connection as c; u = c.cursor(); u.execute('SELECT user'); print(u.fetchone())"
    )

    answer = installation.manage("shell", "-v0", "-c", ask)

    assert (answer.stdout, answer.stderr) == ("('baton',)\n", "")


def test_the_secret_key_is_kept_for_its_owner_alone(installation: Installation, port: int) -> None:
    key = installation.data_dir / "secret_key"

    assert key.stat().st_mode & 0o777 == 0o600
    assert len(key.read_text()) >= 50


@pytest.mark.parametrize("word", ["gunicorn", "postgres", "valkey-server"])
def test_what_dies_starts_again(
    installation: Installation, port: int, word: str, eventually: Callable[..., None]
) -> None:
    parent = installation.ups[0].pid
    (victim,) = installation.children_of(parent, word)

    os.kill(victim, signal.SIGKILL)

    eventually(lambda: installation.children_of(parent, word) not in ([], [victim]), seconds=90)
    eventually(lambda: ready(port), seconds=90)


def test_a_second_one_takes_over_when_the_first_is_killed(
    installation: Installation, port: int, eventually: Callable[..., None]
) -> None:
    first = installation.ups[0]
    other = free_port()
    second = installation.up(other)
    assert installation.children_of(second.pid, "postgres") == []

    first.kill()
    first.wait()

    eventually(lambda: installation.children_of(second.pid, "postgres"), seconds=30)
    eventually(lambda: ready(other), seconds=30)
    eventually(lambda: not ready(port), seconds=30)


def test_ctrl_c_leaves_nothing_running(installation: Installation, port: int) -> None:
    second = installation.ups[-1]
    asked_at = time.monotonic()

    second.send_signal(signal.SIGINT)

    assert second.wait(25) == 0
    assert time.monotonic() - asked_at < 25
    assert installation.processes() == {}


def test_a_command_alone_brings_its_servers_and_takes_them_away(
    installation: Installation, port: int
) -> None:
    count = "from accounts.models import User; print(User.objects.count())"

    answer = installation.manage("shell", "-v0", "-c", count)

    assert (answer.stdout, answer.stderr) == ("0\n", "")
    assert installation.processes() == {}


def test_an_unwritable_folder_is_said_in_one_sentence(installation: Installation) -> None:
    answer = installation.manage("migrate", DATA_DIR="/proc/baton")

    assert answer.returncode == 1
    assert answer.stderr == "DATA_DIR /proc/baton cannot be written to: No such file or directory.\n"
