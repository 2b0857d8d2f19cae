"""A file is tried first, and says what happens to leads that are known."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="importrun",
            name="known",
            field=models.CharField(
                choices=[
                    ("fill", "Fill empty fields, keep the rest"),
                    ("replace", "Replace what the file says otherwise"),
                ],
                default="fill",
                help_text="What happens to leads that are known.",
                max_length=7,
            ),
        ),
        migrations.AddField(
            model_name="importrun",
            name="tries",
            field=models.PositiveSmallIntegerField(
                default=0, help_text="How often a worker began the present step."
            ),
        ),
        migrations.AlterField(
            model_name="importrun",
            name="status",
            field=models.CharField(
                choices=[
                    ("uploaded", "Uploaded"),
                    ("checking", "Being checked"),
                    ("checked", "Checked"),
                    ("running", "Running"),
                    ("done", "Done"),
                    ("failed", "Failed"),
                ],
                default="uploaded",
                max_length=8,
            ),
        ),
    ]
