"""What makes an MQL and an SQL, and since when: each change is noted, of drafts too (R19)."""

from django.db import migrations

from common.database.watching import watched


class Migration(migrations.Migration):
    dependencies = [("definitions", "0002_proposed_at"), ("common", "0004_changes_are_noted")]

    operations = [
        watched(
            "definitions_definitionversion",
            "status", "effective_from", "effective_until", "criteria", "scoring", "grades",
        ),
    ]
