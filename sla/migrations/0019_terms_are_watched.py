"""What was promised, and since when: each change is noted, of drafts too (R19)."""

from django.db import migrations

from common.database.watching import watched


class Migration(migrations.Migration):
    dependencies = [("sla", "0018_excuses_lapse"), ("common", "0004_changes_are_noted")]

    operations = [
        watched(
            "sla_contractversion",
            "status", "effective_from", "effective_until", "mql_version_id", "sql_version_id", "agreed_fields",
            "counting_rules", "pause_rules", "alerts", "also_running", "review_on",
        ),
        watched(
            "sla_commitment",
            "version_id", "side", "kind", "position", "name", "segment", "target", "target_days", "calendar_choice",
            "calendar_id", "out_of_hours", "warnings", "goal", "attempts", "attempt_days", "attempt_calls",
            "attempt_channels", "binds_up_to", "amount", "period", "restart_on_reassign", "ladder",
        ),
    ]
