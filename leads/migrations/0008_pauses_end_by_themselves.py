"""A pause by hand knows when it ends by itself."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0007_open_to_the_team"),
    ]

    operations = [
        migrations.AddField(
            model_name="handoff",
            name="pause_ends_at",
            field=models.DateTimeField(
                blank=True, help_text="When the pause ends by itself; empty: nothing limits it.", null=True
            ),
        ),
        migrations.AddIndex(
            model_name="handoff",
            index=models.Index(
                condition=models.Q(("pause_ends_at__isnull", False)),
                fields=["pause_ends_at"],
                name="handoff_pause_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoff",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("pause_ends_at", None),
                    models.Q(("pause_ends_at__gt", models.F("paused_at")), ("paused_at__isnull", False)),
                    _connector="OR",
                ),
                name="pause_ends_after_it_began",
            ),
        ),
    ]
