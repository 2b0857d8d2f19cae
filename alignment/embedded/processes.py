"""Child processes that never outlive their parent, and those that somebody left behind."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Account:
    """The system account that a server runs as: never root."""

    uid: int
    gid: int

    @property
    def differs_from_ours(self) -> bool:
        return self.uid != os.geteuid()


def server_account() -> Account:
    """Ourselves, or `nobody` when we are root: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return Account(65534, 65534)
    return Account(entry.pw_uid, entry.pw_gid)


def dies_with_parent(death_signal: signal.Signals) -> Callable[[], None]:
    """For `preexec_fn`: asks the kernel for a signal when our parent ends.

    It must run after the change of user, which clears the request. The parent is the *thread* that
    starts the child, so only main threads may start one.
    """
    parent = os.getpid()

    def ask() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return ask


def start(
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    log: BinaryIO,
    death_signal: signal.Signals,
    account: Account | None = None,
) -> subprocess.Popen[bytes]:
    """Start a foreground child in a session of its own, so that the terminal's Ctrl-C does not reach it."""
    drop = account is not None and account.differs_from_ours
    return subprocess.Popen(
        [str(word) for word in argv],
        env=dict(env),
        cwd="/" if drop else None,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        user=account.uid if account and drop else None,
        group=account.gid if account and drop else None,
        extra_groups=[] if drop else None,
        preexec_fn=dies_with_parent(death_signal),  # noqa: PLW1509 - one system call, no locks
    )


def wait(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Whether the process ended within so many seconds."""
    try:
        process.wait(max(seconds, 0))
    except subprocess.TimeoutExpired:
        return False
    return True


def living_in(folder: Path) -> list[int]:
    """Processes whose working directory is the folder: servers change into their data."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if (entry / "cwd").readlink() == folder:
                found.append(int(entry.name))
        except OSError:  # ended meanwhile, or not ours to look at
            continue
    return found


def evict(folder: Path, ask: signal.Signals) -> None:
    """End the servers that a killed owner left behind in the folder. Only the holder of its lock may ask."""
    folder = folder.resolve()
    if _empty(folder, within=2):  # they were told to stop when their parent died
        return
    for sign in (ask, signal.SIGKILL):
        for pid in living_in(folder):
            _signal(pid, sign)
        if _empty(folder, within=20):
            return


def _empty(folder: Path, within: float) -> bool:
    until = time.monotonic() + within
    while living_in(folder):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _signal(pid: int, sign: signal.Signals) -> None:
    try:
        os.kill(pid, sign)
    except ProcessLookupError:
        pass
