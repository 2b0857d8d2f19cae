"""The excuse of a corrected calendar lapses once the right due moment passes unanswered."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sla", "0017_nobody_is_blamed_for_the_last_minutes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="excuse",
            name="one_standing_excuse_per_breach",
        ),
        # Taken back, an excuse that lapsed stands as one that was refused: the miss counts either way.
        migrations.RunSQL(
            migrations.RunSQL.noop, "UPDATE sla_excuse SET decision = 'refused' WHERE decision = 'lapsed'"
        ),
        migrations.AddField(
            model_name="breach",
            name="late_since",
            field=models.DateTimeField(
                blank=True,
                help_text="Due by the right hours, once an excuse lapsed: its ladder counts from here.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="excuse",
            name="lapses_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Of a corrected calendar: due by the right hours. It lapses if nobody answers by then.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="clockevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("chosen", "Chosen"),
                    ("started", "Started"),
                    ("paused", "Paused"),
                    ("resumed", "Resumed"),
                    ("counted", "Attempt counted"),
                    ("stopped", "Stopped"),
                    ("cancelled", "Cancelled"),
                    ("warned", "Warned"),
                    ("breached", "Breached"),
                    ("recomputed", "Recomputed"),
                    ("excused", "Excused"),
                    ("lapsed", "Excuse lapsed"),
                    ("explained", "Cause confirmed"),
                    ("escalated", "Escalated"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="excuse",
            name="decision",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Waiting"),
                    ("granted", "Granted"),
                    ("refused", "Refused"),
                    ("lapsed", "Lapsed"),
                ],
                default="",
                max_length=7,
            ),
        ),
        migrations.AddIndex(
            model_name="excuse",
            index=models.Index(
                condition=models.Q(("decision", "granted"), ("lapses_at__isnull", False)),
                fields=["lapses_at"],
                name="excuse_lapses",
            ),
        ),
        migrations.AddConstraint(
            model_name="excuse",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decision__in", ["refused", "lapsed"]), _negated=True),
                fields=("breach",),
                name="one_standing_excuse_per_breach",
            ),
        ),
    ]
