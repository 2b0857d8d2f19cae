"""All refused rows of an import, not only those that its page shows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_an_import_is_checked_before_it_runs")]

    operations = [
        migrations.AddField(
            model_name="importrun",
            name="refusals",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="Every refused row; the report has the first of them, to show.",
            ),
        ),
    ]
