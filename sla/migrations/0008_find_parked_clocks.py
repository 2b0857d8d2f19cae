from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sla', '0007_signed_versions_are_whole'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='clock',
            index=models.Index(condition=models.Q(('status', 'running'), models.Q(('parked_reason', ''), _negated=True)), fields=['parked_until'], name='clock_parked'),
        ),
    ]
