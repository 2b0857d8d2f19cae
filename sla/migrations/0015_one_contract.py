"""There is one contract. A second that holds no version, as two first drafts at once might have left, goes."""

from django.db import migrations, models

SPARE = """
SET CONSTRAINTS ALL IMMEDIATE;
DELETE FROM sla_contract WHERE id NOT IN (SELECT contract_id FROM sla_contractversion)
AND id <> (SELECT coalesce((SELECT min(contract_id) FROM sla_contractversion), (SELECT min(id) FROM sla_contract)));
"""


class Migration(migrations.Migration):
    dependencies = [("sla", "0014_excused_misses_climb_no_further")]

    operations = [
        migrations.RunSQL(SPARE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.UniqueConstraint(models.Value(1), name="one_contract"),
        ),
    ]
