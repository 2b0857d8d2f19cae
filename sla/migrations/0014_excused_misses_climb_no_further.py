"""Misses that are excused already climb their ladder no further."""

from django.db import migrations

END = """
UPDATE sla_breach b SET rung_at = NULL, ladder_error = ''
WHERE b.rung_at IS NOT NULL
AND EXISTS (SELECT FROM sla_excuse x WHERE x.breach_id = b.id AND x.decision = 'granted')
"""


class Migration(migrations.Migration):
    dependencies = [("sla", "0013_reminders")]

    operations = [migrations.RunSQL(END, migrations.RunSQL.noop)]
