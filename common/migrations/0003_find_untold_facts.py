"""The index that finds parked facts finds all that were not told, or told late: causes of misses ask for them.

Built in one go: while containers wait for their turn to migrate, building it concurrently would wait for them.
"""

from datetime import timedelta

from django.db import migrations, models
from django.db.models.lookups import GreaterThan


class Migration(migrations.Migration):
    dependencies = [
        ("common", "0002_find_parked_facts"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="outbox",
            index=models.Index(
                condition=models.Q(
                    ("done_at__isnull", True),
                    ("outcome__startswith", "parked"),
                    GreaterThan(models.F("done_at") - models.F("at"), models.Value(timedelta(seconds=60))),
                    _connector="OR",
                ),
                fields=["subject"],
                name="outbox_untold",
            ),
        ),
        migrations.RemoveIndex(
            model_name="outbox",
            name="outbox_parked",
        ),
    ]
