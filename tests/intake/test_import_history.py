"""The command: exit codes, reports, and that a killed import has done nothing (surfaces section 4, R31)."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from intake.encodings import UnreadableError
from intake.history import Request, import_file
from leads.models import CustomField, Lead
from tests.intake.files import lines, load


def write(folder: Path, *rows: str, name: str = "file.csv") -> str:
    path = folder / name
    path.write_bytes(lines(*rows))
    return str(path)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("import_history", *arguments, stdout=out, stderr=out)
    return out.getvalue()


@pytest.mark.django_db
def test_the_report_accounts_for_every_row(tmp_path: Path) -> None:
    file = write(tmp_path, "external_id,email", "1,a@x.example", "2,nope")
    report = tmp_path / "report.json"

    said = run(file, "--kind", "leads", "--report", str(report))

    assert json.loads(report.read_text()) == {
        "file": file, "kind": "leads", "dry_run": False, "read": 2, "created": 1, "updated": 0, "unchanged": 0,
        "refused": 1,
        "refusals": [
            {"line": 3, "column": "email", "value": "nope",
             "reason": "An e-mail has an @-sign, as in lena.vogt@example.com."}
        ],
    }  # fmt: skip
    assert said == (
        "2 rows read: 1 created, 0 updated, 0 unchanged, 1 refused.\n"
        "  line 3: email “nope”: An e-mail has an @-sign, as in lena.vogt@example.com.\n"
    )


@pytest.mark.django_db
def test_a_dry_run_says_so(tmp_path: Path) -> None:
    said = run(write(tmp_path, "email", "a@x.example"), "--kind", "leads", "--dry-run")

    assert said.endswith("0 refused (nothing was written).\n")
    assert Lead.objects.count() == 0


@pytest.mark.django_db
def test_a_mapping_file_is_followed_and_may_begin_with_a_mark(tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.json"
    mapping.write_text(
        "\ufeff" + json.dumps({"columns": {"Prospect": "external_id"}, "types": {"size": "text"}})
    )

    run(write(tmp_path, "Prospect,Size", "7,10"), "--kind", "leads", "--mapping", str(mapping))

    assert CustomField.objects.get().type == "text"
    assert Lead.objects.get().attributes == {"size": "10"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "mapping", "sentence"),
    [
        pytest.param(["a,a", "1,2"], None, "Two columns are called “a” and “a”.", id="duplicate headers"),
        pytest.param(["title", "x"], None, "The file needs a column external_id or email.", id="no identity"),
        pytest.param(["email"], "{nope", "is not JSON", id="broken mapping"),
        pytest.param(["email"], '{"time_zone": "Mars"}', "There is no time zone “Mars”.", id="unknown zone"),
    ],
)
def test_what_cannot_be_read_ends_with_a_sentence(
    tmp_path: Path, rows: list[str], mapping: str | None, sentence: str
) -> None:
    arguments = [write(tmp_path, *rows), "--kind", "leads"]
    if mapping:
        (tmp_path / "mapping.json").write_text(mapping)
        arguments += ["--mapping", str(tmp_path / "mapping.json")]

    with pytest.raises(CommandError) as refused:
        run(*arguments)

    assert sentence in str(refused.value)
    assert refused.value.returncode == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_file_that_is_not_there_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(CommandError) as refused:
        run(str(tmp_path / name), "--kind", "leads")

    assert str(tmp_path / name).rstrip("/.") in str(refused.value)


@pytest.mark.django_db
def test_only_what_exists_may_be_created(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="colours cannot be created"):
        run(write(tmp_path, "email"), "--kind", "leads", "--create-missing", "people,colours")


@pytest.mark.django_db(transaction=True)
def test_the_same_file_at_once_makes_each_lead_once() -> None:
    """R33: whoever comes second finds what the first one wrote."""
    content = lines("email", *(f"lead{n}@x.example" for n in range(50)))
    barrier = Barrier(3)
    created: list[int] = []

    def bring() -> None:
        barrier.wait()
        created.append(import_file(content, Request(kind="leads")).counts["created"])
        connection.close()

    threads = [Thread(target=bring) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(created) == [0, 0, 50]
    assert Lead.objects.count() == 50


@pytest.mark.django_db
def test_a_file_with_more_rows_than_allowed_is_refused_before_anything_is_written() -> None:
    with pytest.raises(UnreadableError, match="more than 3 rows"):
        load("leads", "email", *(f"lead{n}@x.example" for n in range(4)), most_rows=3)

    assert Lead.objects.count() == 0


@pytest.mark.parametrize("place", ["nowhere/report.json", "."])
@pytest.mark.django_db
def test_an_import_whose_report_has_no_place_is_not_begun(tmp_path: Path, place: str) -> None:
    file = write(tmp_path, "email", "ada@acme.example")

    with pytest.raises(CommandError, match="directory"):
        run(file, "--kind", "leads", "--report", str(tmp_path / place))

    assert Lead.objects.count() == 0


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_leaves_the_place_of_its_report_alone(tmp_path: Path) -> None:
    file, report = write(tmp_path, "nothing", "x"), tmp_path / "report.json"

    for earlier in (None, "the last report"):
        if earlier:
            report.write_text(earlier)
        with pytest.raises(CommandError):
            run(file, "--kind", "events", "--report", str(report))

        assert (report.read_text() if report.exists() else None) == earlier
