"""Where the embedded servers live, who owns them, and what becomes of left-over ones."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from alignment.embedded import places, processes
from alignment.embedded.lock import Lock
from alignment.embedded.places import places_for

SLEEP = [sys.executable, "-c", "import time; print(flush=True); time.sleep(60)"]


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pytest's own folders are closed to other accounts, so this one stands for root's."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The places are ours in this test; everybody may enter only what is made in them."""
    monkeypatch.setattr(places, "ELSEWHERE", (tmp_path / "lib",))
    return tmp_path / "lib"


def test_a_second_holder_is_refused_and_a_released_lock_is_free(tmp_path: Path) -> None:
    first, second = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")

    assert (first.acquire(), second.acquire()) == (True, False)
    first.release()
    assert second.acquire() is True


@pytest.mark.parametrize("name", ["d" * 90, "with a space"])
def test_a_long_or_odd_path_gets_a_short_and_plain_socket(name: str) -> None:
    with tempfile.TemporaryDirectory() as open_folder:
        Path(open_folder).chmod(0o711)
        data_dir = Path(open_folder) / name
        socket = places_for(data_dir).valkey_socket

        assert socket == places_for(data_dir).valkey_socket
        assert socket.parent.parent == Path(tempfile.gettempdir())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers run as somebody else")
def test_the_data_of_root_moves_where_its_account_can_reach_it(folder: Path, elsewhere: Path) -> None:
    found = places_for(folder)

    assert found.home.parent == elsewhere
    assert places_for(folder) == found


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers run as somebody else")
def test_a_copied_data_folder_does_not_share_the_servers_of_its_original(
    folder: Path, elsewhere: Path
) -> None:
    original = places_for(folder)
    copy = folder.with_name("copy")
    copy.mkdir(mode=0o700)
    (copy / "servers.path").write_text((folder / "servers.path").read_text())

    assert places_for(copy).home != original.home


def test_a_child_ends_with_its_parent(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from alignment.embedded import processes; "
        f"child = processes.start({SLEEP!r}, env=os.environ, log=sys.stdout.buffer, death_signal=signal.SIGTERM); "
        "print(child.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    parent = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    child = int(parent.stdout.split()[0])

    assert parent.returncode == -signal.SIGKILL
    assert gone(child)


def test_an_owner_ends_what_a_killed_one_left_behind(tmp_path: Path) -> None:
    orphan = subprocess.Popen(SLEEP, cwd=tmp_path, stdout=subprocess.PIPE)
    assert orphan.stdout is not None
    orphan.stdout.readline()

    processes.evict(tmp_path, ask=signal.SIGTERM)

    assert orphan.wait(5) == -signal.SIGTERM


def gone(pid: int, seconds: float = 5) -> bool:
    """Ended, or a zombie that nobody collects in a container without an init."""
    for _ in range(int(seconds / 0.05)):
        stat = Path(f"/proc/{pid}/stat")
        if not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False
