"""`make run` on a machine that cannot run it: one clear sentence, before anything is made."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
LINUX = 'case "$1" in -s) echo Linux;; -m) echo x86_64;; esac'


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A copy of the project with nothing set up, on a machine whose programs are told what to say."""
    shutil.copy(PROJECT / "Makefile", tmp_path)
    (tmp_path / "requirements.txt").touch()
    (tmp_path / "bin").mkdir()
    program(tmp_path, "uname", LINUX)
    program(tmp_path, "python3", "exit 0")
    return tmp_path


def program(machine: Path, name: str, does: str) -> None:
    path = machine / "bin" / name
    path.write_text(f"#!/bin/sh\n{does}\n")
    path.chmod(0o755)


def run(machine: Path) -> subprocess.CompletedProcess[str]:
    known = {**os.environ, "PATH": f"{machine / 'bin'}:{os.environ['PATH']}"}
    for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTHON3"):
        known.pop(name, None)
    return subprocess.run(
        ["make", "run"], cwd=machine, env=known, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("name", "does", "sentence"),
    [
        pytest.param(
            "uname", "echo Darwin", "The embedded servers need Linux on x86-64 or arm64; elsewhere use docker compose.",
            id="platform",
        ),
        pytest.param(
            "python3", "exit 1", "Baton needs Python 3.11 or newer as python3 (or name one: make PYTHON3=...).",
            id="old python",
        ),
        pytest.param(
            "python3", 'case "$2" in *ensurepip*) exit 1;; esac',
            "Python's venv module is missing: apt-get install python3-venv", id="no venv",
        ),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_in_one_sentence(machine: Path, name: str, does: str, sentence: str) -> None:
    program(machine, name, does)

    answer = run(machine)

    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.splitlines()[0] == sentence
    assert not (machine / ".venv").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_to_is_named(machine: Path) -> None:
    machine.chmod(0o555)

    answer = run(machine)

    machine.chmod(0o755)
    assert answer.stderr.splitlines()[0] == f"The folder {machine} cannot be written to."
