"""An import of leads is written in portions, each with its account, and goes on after the last (R31)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0003_every_refused_row_is_kept"),
    ]

    operations = [
        migrations.AddField(
            model_name="importrun",
            name="claimed_until",
            field=models.DateTimeField(
                blank=True, help_text="A worker writes it until then, unless it says so anew.", null=True
            ),
        ),
        migrations.CreateModel(
            name="ImportPortion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(help_text="Counted from 0, as the file is cut.")),
                ("counts", models.JSONField()),
                ("refusals", models.JSONField()),
                ("leads", models.JSONField(help_text="Keys of the leads that it made or changed.")),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="portions",
                        to="intake.importrun",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run", "number"), name="one_account_per_portion_of_an_import"
                    )
                ],
            },
        ),
    ]
