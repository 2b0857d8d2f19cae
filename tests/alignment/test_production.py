"""Start-up refuses what would not be safe in production (S30)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
SAFE = {
    "DJANGO_SETTINGS_MODULE": "alignment.settings.production",
    "SECRET_KEY": "k7f9Vt2mQx8Lr4Zp6Nw1Bc3Hs5Jd0Gy-aE_uRiOoTtYyPpLlKkMm",
    "ALLOWED_HOSTS": "baton.example",
    "DATABASE_URL": "postgresql://baton@localhost/baton",
    "REDIS_URL": "redis://localhost:6379/0",
    "DEMO": "0",
}


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "manage.py", *arguments]
    inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    known = {**inherited, **SAFE, **environment}
    return subprocess.run(argv, cwd=PROJECT, env=known, capture_output=True, text=True, check=False)


def check(**environment: str) -> subprocess.CompletedProcess[str]:
    return manage("check", "--deploy", "--fail-level", "WARNING", **environment)


def test_safe_settings_have_nothing_to_complain_about() -> None:
    answer = check()

    assert (answer.returncode, answer.stdout) == (0, "System check identified no issues (0 silenced).\n")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        pytest.param(
            {"DEMO": "1"}, "DEMO=1 lets anyone sign in as anyone; production settings refuse it.", id="demo"
        ),
        pytest.param({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name the hosts; production", id="any host"),
        pytest.param({"ALLOWED_HOSTS": ""}, "Production settings need ALLOWED_HOSTS.", id="no host"),
        pytest.param({"REDIS_URL": "", "DATABASE_URL": ""}, "need DATABASE_URL, REDIS_URL.", id="no servers"),
        pytest.param({"SECRET_KEY": ""}, "Production settings need SECRET_KEY.", id="no key"),
    ],
)
def test_unsafe_settings_do_not_start(changed: dict[str, str], sentence: str) -> None:
    answer = check(**changed)

    assert answer.returncode == 1
    assert sentence in answer.stderr


def test_the_demo_is_not_written_into_a_database_of_somebody_elses() -> None:
    answer = manage("seed_demo")

    assert answer.returncode == 1
    assert answer.stderr == (
        "CommandError: The demo is written into the embedded database alone, or where DEMO=1 is set.\n"
    )


@pytest.mark.parametrize(
    ("said", "begins"),
    [("", "https://baton.example"), ("https://handoff.example/", "https://handoff.example")],
    ids=["by the first host", "as told"],
)
def test_links_in_mail_lead_to_where_people_reach_it(said: str, begins: str) -> None:
    argv = [sys.executable, "-c", "from alignment.settings import production; print(production.SITE_URL)"]
    known = {**os.environ, **SAFE, "SITE_URL": said}

    answer = subprocess.run(argv, cwd=PROJECT, env=known, capture_output=True, text=True, check=True)

    assert answer.stdout == f"{begins}\n"
