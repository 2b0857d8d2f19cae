"""When a version was put before both sides. Of those that were before this, when they were written."""

from django.db import migrations, models


FILL = "UPDATE definitions_definitionversion SET proposed_at = created_at WHERE status = 'proposed'"


class Migration(migrations.Migration):

    dependencies = [
        ('definitions', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='definitionversion',
            name='proposed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
