"""Whom a reason counts against, and what raises a hand: each change is noted (R19)."""

from django.db import migrations

from common.database.watching import watched


class Migration(migrations.Migration):
    dependencies = [("leads", "0010_what_was_before"), ("common", "0004_changes_are_noted")]

    operations = [
        watched(
            "leads_reason",
            "verb", "key", "label", "note_required", "next_step", "counts_against", "minimum_attempts", "is_active",
        ),
        watched("leads_touchkind", "key", "label", "hand_raise", "is_active"),
    ]
