"""A call and its answer are one transaction, so a record without an answer cannot be."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_setup_token")]

    operations = [
        migrations.AlterField(
            model_name="idempotencyrecord", name="status", field=models.PositiveSmallIntegerField()
        ),
        migrations.AlterField(
            model_name="idempotencyrecord", name="answer", field=models.JSONField()
        ),
        migrations.AlterField(
            model_name="idempotencyrecord", name="created_at", field=models.DateTimeField()
        ),
    ]
