"""A lead that its holder does not answer may be opened to the whole team."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0006_drop_doubled_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="handoff",
            name="takeover_at",
            field=models.DateTimeField(
                blank=True, help_text="Since when anyone of the team may claim it from its holder.", null=True
            ),
        ),
        migrations.AlterField(
            model_name="leadevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("created", "Created"),
                    ("mql", "Qualified as MQL"),
                    ("offered", "Offered"),
                    ("claimed", "Claimed"),
                    ("accepted", "Accepted"),
                    ("rejected", "Rejected"),
                    ("redirected", "Redirected"),
                    ("returned", "Returned for info"),
                    ("resupplied", "Resupplied"),
                    ("withdrawn", "Withdrawn"),
                    ("attempted", "Attempted"),
                    ("contacted", "Contact made"),
                    ("qualified", "Qualified"),
                    ("passed", "Passed"),
                    ("taken", "Taken"),
                    ("sent_back", "Sent back"),
                    ("disqualified", "Disqualified"),
                    ("recycled", "Recycled"),
                    ("won", "Won"),
                    ("lost", "Lost"),
                    ("reassigned", "Reassigned"),
                    ("reopened", "Reopened"),
                    ("raised_again", "Raised a hand again"),
                    ("takeover", "Open to the team"),
                    ("paused", "Paused"),
                    ("resumed", "Resumed"),
                    ("set_aside", "Set aside"),
                    ("woken", "Woken"),
                    ("merged", "Merged"),
                    ("anonymised", "Anonymised"),
                ],
                max_length=12,
            ),
        ),
    ]
