"""A miss knows whether its person got the lead when most of the time was gone (rule 8)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sla", "0016_recomputes_look_once_more"),
    ]

    operations = [
        migrations.AddField(
            model_name="breach",
            name="got_late",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="The person had less than half of the clock's time (rule 8).",
            ),
        ),
    ]
