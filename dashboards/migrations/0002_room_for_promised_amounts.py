from django.db import migrations, models


class Migration(migrations.Migration):
    """An amount of a promise has twelve digits before the point; its frozen copy had room for ten."""

    dependencies = [("dashboards", "0001_period_results")]

    operations = [
        migrations.AlterField(
            model_name="periodresult",
            name="promised",
            field=models.DecimalField(decimal_places=4, max_digits=18),
        ),
    ]
