"""Notices know their clock, and a storm of them goes out as one mail (R17)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0001_initial"),
        ("sla", "0009_steps_after_the_breach"),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="carried_by",
            field=models.ForeignKey(
                blank=True,
                help_text="The digest's delivery.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="carries",
                to="notifications.delivery",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="clock",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="sla.clock",
            ),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("carried", "In a digest"),
                    ("sent", "Sent"),
                    ("cancelled", "Cancelled"),
                    ("failed", "Failed"),
                ],
                default="waiting",
                max_length=9,
            ),
        ),
    ]
