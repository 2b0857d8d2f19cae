"""Reminders, and a first step for versions that are proposed already, so that they are reminded of too."""

from django.db import migrations, models


FILL = """
INSERT INTO sla_contractstep (version_id, kind, by_id, side, at)
SELECT v.id, 'proposed', v.created_by_id, '', v.created_at FROM sla_contractversion v
WHERE v.status = 'proposed' AND v.created_by_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM sla_contractstep s WHERE s.version_id = v.id)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('sla', '0012_contracts_are_talked_about'),
    ]

    operations = [
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('about', models.CharField(choices=[('excuse', 'An excuse to decide'), ('contest', 'A contest to decide'), ('contract', 'A proposed contract'), ('definition', 'A proposed definition'), ('review', 'A review of the contract')], max_length=10)),
                ('subject', models.BigIntegerField(help_text='Primary key of the row that waits.')),
                ('number', models.PositiveSmallIntegerField(help_text='From 1.')),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('about', 'subject', 'number'), name='one_reminder_per_number')],
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
