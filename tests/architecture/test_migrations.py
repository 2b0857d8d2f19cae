"""The models and the migrations say the same."""

from io import StringIO

from django.core.management import call_command


def test_no_migration_is_missing(db: None) -> None:
    said = StringIO()

    call_command("makemigrations", check=True, dry_run=True, stdout=said)

    assert said.getvalue() == "No changes detected\n"
