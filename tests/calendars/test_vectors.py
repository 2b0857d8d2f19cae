"""Every checked answer, also in another zone of the process and with wrong zone data on the machine."""

import os
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from tests.calendars.vectors import Implementation, load, wrong

ROOT = Path(__file__).parents[2]
ALL_RIGHT = "2295 vectors, 0 wrong []\n"


def run_vectors(**environment: str) -> str:
    command = [sys.executable, "-m", "tests.calendars.vectors"]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, check=True, capture_output=True, text=True
    ).stdout


@pytest.mark.parametrize(
    ("op", "count"),
    [("add", 902), ("elapsed", 767), ("sub", 169), ("open", 238), ("clock", 190), ("switch", 29)],
)
def test_every_vector_is_answered_to_the_second(op, count):
    vectors = [vector for vector in load() if vector["op"] == op]

    failures = wrong(Implementation(), vectors)

    assert len(vectors) == count
    assert failures == []


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Australia/Lord_Howe"])
def test_answers_do_not_depend_on_the_zone_of_the_process(zone):
    """A27"""
    assert run_vectors(TZ=zone) == ALL_RIGHT


def test_answers_do_not_depend_on_the_zone_data_of_the_machine(tmp_path):
    zone_of_the_machine = tmp_path / "America" / "Asuncion"
    zone_of_the_machine.parent.mkdir()
    with (
        files("tzdata").joinpath("zoneinfo", "UTC").open("rb") as utc,
        zone_of_the_machine.open("wb") as false,
    ):
        shutil.copyfileobj(utc, false)

    assert run_vectors(PYTHONTZPATH=str(tmp_path)) == ALL_RIGHT
