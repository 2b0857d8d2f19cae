"""Children start again when they die, and end together."""

import sys
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from alignment.supervisor import Child, Supervisor

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)",
]


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(said: list[str]) -> Generator[Supervisor, None, None]:
    made = Supervisor(said.append)
    yield made
    made.stop(seconds=0)


def test_what_ends_is_said_once_and_starts_again_after_a_pause(
    supervisor: Supervisor, said: list[str], tmp_path: Path
) -> None:
    child = Child("web", [sys.executable, "-c", "raise SystemExit(3)"], tmp_path / "web.log")
    supervisor.start(child)
    assert child.process is not None
    child.process.wait()

    supervisor.look_after()
    supervisor.look_after()

    assert said == [f"web ended (exit code 3), it starts again; see {tmp_path / 'web.log'}"]
    assert child.due_at is not None
    assert 0 < child.due_at - time.monotonic() <= 1


def test_a_child_that_keeps_dying_waits_longer_each_time(tmp_path: Path) -> None:
    child = Child("web", [], tmp_path / "web.log", started_at=time.monotonic())
    pauses = []

    for _ in range(7):
        child.plan_restart()
        pauses.append(child.pause)

    assert pauses == [1, 2, 4, 8, 16, 30, 30]


def test_a_child_that_lived_long_starts_again_at_once(tmp_path: Path) -> None:
    child = Child("web", [], tmp_path / "web.log", started_at=time.monotonic() - 61, pause=8)

    child.plan_restart()

    assert child.pause == 0


def test_everything_ends_in_time_even_what_does_not_listen(supervisor: Supervisor, tmp_path: Path) -> None:
    children = [Child("a", SLEEPER, tmp_path / "a.log"), Child("b", STUBBORN, tmp_path / "b.log")]
    for child in children:
        supervisor.start(child)
    while "deaf" not in (tmp_path / "b.log").read_text():
        time.sleep(0.02)

    supervisor.stop(seconds=0.5)

    assert [child.process.returncode for child in children if child.process] == [-15, -9]


def test_a_log_that_grew_too_big_is_put_aside(supervisor: Supervisor, tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_bytes(b"x" * 5_000_001)

    supervisor.start(Child("a", SLEEPER, log))

    assert (log.stat().st_size, (tmp_path / "a.old").stat().st_size) == (0, 5_000_001)
