"""What a value was before it changed, of leads and of companies: periods are judged by the facts of then."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0009_meetings"),
    ]

    operations = [
        migrations.AddField(
            model_name="attributechange",
            name="was",
            field=models.JSONField(help_text="The value before; empty where there was none.", null=True),
        ),
        migrations.CreateModel(
            name="CompanyChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "fact",
                    models.CharField(
                        help_text="company.industry, company.employees or company.domain.", max_length=40
                    ),
                ),
                ("value", models.JSONField(null=True)),
                ("was", models.JSONField(help_text="The value before.", null=True)),
                ("at", models.DateTimeField(help_text="Recorded at this moment, and known from then on.")),
                (
                    "source",
                    models.CharField(
                        blank=True, help_text="form, import, api or a person's edit.", max_length=40
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="leads.company",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "indexes": [
                    models.Index(fields=["company", "fact", "at"], name="change_by_company_and_fact")
                ],
            },
        ),
    ]
