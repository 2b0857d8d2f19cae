"""A recompute ends with a last look at what has not gone over, once all that was open when it began has ended."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sla", "0015_one_contract")]

    operations = [
        migrations.RemoveField(model_name="recompute", name="newest"),
        migrations.AddField(
            model_name="recompute",
            name="stage",
            field=models.TextField(
                choices=[
                    ("visiting", "visiting"),
                    ("waiting", "waiting for transactions that were open when it began"),
                    ("last look", "looking once more at what has not gone over"),
                ],
                default="visiting",
            ),
        ),
        migrations.AddField(
            model_name="recompute",
            name="writers",
            field=ArrayField(
                models.BigIntegerField(),
                blank=True,
                default=list,
                help_text="Transactions that were open when it began, and may start clocks by what held before.",
            ),
        ),
        # What is under way begins anew: it did not note who was writing when it began.
        migrations.RunSQL(
            "UPDATE sla_recompute SET total = NULL, cursor = 0 WHERE done_at IS NULL", migrations.RunSQL.noop
        ),
        migrations.AlterField(
            model_name="recompute",
            name="cursor",
            field=models.BigIntegerField(
                default=0, help_text="Leads up to this one were visited in this stage."
            ),
        ),
    ]
