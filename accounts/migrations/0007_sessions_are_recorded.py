"""Every session has a record of where it was begun; those from before have none, so everyone signs in once more."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def end_unrecorded(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    """A session that no list shows could not be ended by anybody."""
    records = apps.get_model("usersessions", "UserSession").objects.values("session_key")
    apps.get_model("sessions", "Session").objects.exclude(session_key__in=records).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_people_see_themselves"),
        ("sessions", "0001_initial"),
        ("usersessions", "0001_initial"),
    ]

    operations = [migrations.RunPython(end_unrecorded, migrations.RunPython.noop)]
