"""The ladder after a miss: which rung is next, what each did, and how messages about clocks are sent."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_idempotent_answers_are_whole"),
        ("sla", "0008_find_parked_clocks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Escalation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "rung",
                    models.PositiveSmallIntegerField(help_text="From 1, as the commitment orders them."),
                ),
                (
                    "do",
                    models.CharField(
                        choices=[
                            ("notify", "Tell"),
                            ("takeover", "Open to the team"),
                            ("reassign", "Reassign"),
                            ("pool", "Return to the pool"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "to",
                    models.CharField(
                        blank=True, help_text="The role that is told; empty: as the step says.", max_length=20
                    ),
                ),
                ("at", models.DateTimeField(help_text="Its own instant, in the clock's business time.")),
                ("detected_at", models.DateTimeField()),
                ("silent", models.BooleanField(default=False)),
                ("done", models.BooleanField(default=True, help_text="False: the step could not be done.")),
                ("why", models.CharField(blank=True, help_text="Why it was not done.", max_length=200)),
            ],
            options={
                "ordering": ["breach_id", "rung"],
            },
        ),
        migrations.AddField(
            model_name="breach",
            name="ladder_error",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Why its ladder is parked (R20).",
                max_length=200,
            ),
        ),
        migrations.AddField(
            model_name="breach",
            name="rung_at",
            field=models.DateTimeField(
                blank=True, help_text="When the ladder goes on; empty: it does not.", null=True
            ),
        ),
        migrations.AddField(
            model_name="breach",
            name="rungs",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="Rungs of its ladder recorded."
            ),
        ),
        migrations.AddField(
            model_name="contractversion",
            name="alerts",
            field=models.JSONField(
                blank=True,
                db_default=models.Value({}, models.JSONField()),
                default=dict,
                help_text="How messages about clocks are sent: cool-down, cap, quiet hours.",
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
                    ("explained", "Cause confirmed"),
                    ("escalated", "Escalated"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="breach",
            index=models.Index(
                condition=models.Q(("rung_at__isnull", False)), fields=["rung_at"], name="breach_rung_due"
            ),
        ),
        migrations.AddField(
            model_name="escalation",
            name="breach",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="escalations",
                to="sla.breach",
            ),
        ),
        migrations.AddField(
            model_name="escalation",
            name="person",
            field=models.ForeignKey(
                blank=True,
                help_text="Who got the lead.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.UniqueConstraint(
                fields=("breach", "rung"), name="one_escalation_per_breach_and_rung"
            ),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.CheckConstraint(
                condition=models.Q(("detected_at__gte", models.F("at"))),
                name="escalation_detected_after_its_time",
            ),
        ),
    ]
