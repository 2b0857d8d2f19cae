"""Results of period promises; what is published stays as it was, by trigger."""

import django.db.models.deletion
from django.db import migrations, models


CREATE = """
CREATE FUNCTION refuse_change_of_published_result() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published result is frozen; what is known later is a restatement'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER period_result_is_frozen BEFORE UPDATE OR DELETE ON dashboards_periodresult
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_published_result();
CREATE TRIGGER restatement_is_frozen BEFORE UPDATE OR DELETE ON dashboards_restatement
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_published_result();
"""
DROP = """
DROP TRIGGER restatement_is_frozen ON dashboards_restatement;
DROP TRIGGER period_result_is_frozen ON dashboards_periodresult;
DROP FUNCTION refuse_change_of_published_result();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('sla', '0010_recomputes'),
    ]

    operations = [
        migrations.CreateModel(
            name='PeriodResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('numerator', models.DecimalField(decimal_places=2, max_digits=16)),
                ('denominator', models.PositiveIntegerField(blank=True, help_text='Rates only.', null=True)),
                ('net_numerator', models.PositiveIntegerField(blank=True, null=True)),
                ('net_denominator', models.PositiveIntegerField(blank=True, null=True)),
                ('young', models.PositiveIntegerField(default=0, help_text='Rows that could still change the figure.')),
                ('verdict', models.CharField(max_length=8)),
                ('period', models.CharField(help_text='2026-11 or 2026-Q4.', max_length=7)),
                ('first', models.DateField()),
                ('until', models.DateField(help_text='The day after the last, in the reporting zone.')),
                ('time_zone', models.CharField(max_length=64)),
                ('currency', models.CharField(blank=True, help_text='Of money.', max_length=3)),
                ('promised', models.DecimalField(decimal_places=4, max_digits=14)),
                ('judged_at', models.DateTimeField(help_text='What was known at this moment counts.')),
                ('commitment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='sla.commitment')),
            ],
            options={
                'ordering': ['first', 'commitment_id'],
            },
        ),
        migrations.CreateModel(
            name='Restatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('numerator', models.DecimalField(decimal_places=2, max_digits=16)),
                ('denominator', models.PositiveIntegerField(blank=True, help_text='Rates only.', null=True)),
                ('net_numerator', models.PositiveIntegerField(blank=True, null=True)),
                ('net_denominator', models.PositiveIntegerField(blank=True, null=True)),
                ('young', models.PositiveIntegerField(default=0, help_text='Rows that could still change the figure.')),
                ('verdict', models.CharField(max_length=8)),
                ('at', models.DateTimeField()),
                ('why', models.CharField(blank=True, help_text='Where it is known.', max_length=200)),
                ('result', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='restatements', to='dashboards.periodresult')),
            ],
            options={
                'ordering': ['result_id', 'at', 'id'],
            },
        ),
        migrations.AddConstraint(
            model_name='periodresult',
            constraint=models.UniqueConstraint(fields=('commitment', 'period'), name='one_result_per_promise_and_period'),
        ),
        migrations.AddConstraint(
            model_name='periodresult',
            constraint=models.CheckConstraint(condition=models.Q(('first__lt', models.F('until'))), name='result_period_has_days'),
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
