"""The hours that clocks count by: each change is noted (R19)."""

from django.db import migrations

from common.database.watching import watched


class Migration(migrations.Migration):
    dependencies = [("calendars", "0001_initial"), ("common", "0004_changes_are_noted")]

    operations = [
        watched("calendars_calendarversion", "calendar_id", "rules", "is_current"),
    ]
