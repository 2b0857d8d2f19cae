"""Keeps the processes of one installation running, and ends them together."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from alignment.embedded import processes

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
HEALTHY_AFTER = 60.0  # a child that lived so long starts again without a pause
BIGGEST_LOG = 5_000_000


@dataclass
class Child:
    """One program that is meant to run for as long as we do."""

    name: str
    argv: Sequence[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = 0.0
    due_at: float | None = field(default=None)

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        if self.log.exists() and self.log.stat().st_size > BIGGEST_LOG:
            self.log.replace(self.log.with_suffix(".old"))
        with self.log.open("ab") as log:
            self.process = processes.start(self.argv, env=os.environ, log=log, death_signal=signal.SIGTERM)
        self.started_at = time.monotonic()
        self.due_at = None

    def plan_restart(self) -> None:
        """At once after a long life, else after a pause that doubles."""
        now = time.monotonic()
        lived = now - self.started_at
        self.pause = 0.0 if lived > HEALTHY_AFTER else min(max(self.pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
        self.due_at = now + self.pause


class Supervisor:
    """Starts children, starts them again when they die, stops them all."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.children: list[Child] = []

    def start(self, child: Child) -> None:
        self.children.append(child)
        child.start()

    def look_after(self) -> None:
        """Restart what died. Call it a few times a second."""
        for child in self.children:
            if child.running:
                continue
            if child.due_at is None:
                child.plan_restart()
                self.say(f"{child.name} ended ({_cause(child)}), it starts again; see {child.log}")
            elif time.monotonic() >= child.due_at:
                child.start()

    def stop(self, seconds: float) -> None:
        """Ask all at once, newest first; whoever is not gone in time is killed with its own children."""
        until = time.monotonic() + seconds
        running = [child.process for child in reversed(self.children) if child.process and child.running]
        for process in running:
            process.terminate()
        for process in running:
            if not processes.wait(process, until - time.monotonic()):
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.children.clear()


def _cause(child: Child) -> str:
    code = child.process.returncode if child.process else None
    return f"signal {-code}" if code and code < 0 else f"exit code {code}"


def run_to_the_end(argv: Sequence[str]) -> int:
    """Run one command with our terminal, ended with us; the exit code."""
    with subprocess.Popen(
        argv,
        start_new_session=True,
        preexec_fn=processes.dies_with_parent(signal.SIGTERM),  # noqa: PLW1509 - one system call, no locks
    ) as process:
        try:
            return process.wait()
        except BaseException:
            process.terminate()
            raise
