"""What both sides say about a version before it is signed, and the journal of what became of it (S33)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


KEEP = """
CREATE TRIGGER contract_journal_is_append_only BEFORE UPDATE OR DELETE ON sla_contractstep
    FOR EACH ROW EXECUTE FUNCTION refuse_journal_change();
"""
LOSE = "DROP TRIGGER contract_journal_is_append_only ON sla_contractstep;"
# On the way back there is nowhere to keep them (R25).
FORGET = "DELETE FROM sla_remark WHERE version_id IS NOT NULL"


class Migration(migrations.Migration):

    dependencies = [
        ('leads', '0002_journal_is_append_only'),
        ('sla', '0011_amendments_for_running_clocks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ContractStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('proposed', 'Proposed'), ('signed', 'Signed'), ('sent_back', 'Sent back')], max_length=9)),
                ('side', models.CharField(blank=True, choices=[('marketing', 'Marketing'), ('sales', 'Sales')], help_text='Of whoever did it; empty: neither.', max_length=9)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='remark',
            name='remark_has_one_subject',
        ),
        migrations.AddField(
            model_name='remark',
            name='about',
            field=models.CharField(blank=True, db_default='', default='', help_text='The promise, as it was called then.', max_length=120),
        ),
        migrations.AddField(
            model_name='remark',
            name='side',
            field=models.CharField(blank=True, choices=[('marketing', 'Marketing'), ('sales', 'Sales')], db_default='', default='', help_text='Of the author, then.', max_length=9),
        ),
        migrations.AddField(
            model_name='remark',
            name='version',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='sla.contractversion'),
        ),
        migrations.AddField(
            model_name='contractstep',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='contractstep',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='sla.contractversion'),
        ),
        migrations.AddField(
            model_name='remark',
            name='step',
            field=models.OneToOneField(blank=True, help_text='What was done with these words.', null=True, on_delete=django.db.models.deletion.PROTECT, to='sla.contractstep'),
        ),
        migrations.AddConstraint(
            model_name='remark',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('contest__isnull', True), ('excuse__isnull', False), ('version__isnull', True)), models.Q(('contest__isnull', False), ('excuse__isnull', True), ('version__isnull', True)), models.Q(('contest__isnull', True), ('excuse__isnull', True), ('version__isnull', False)), _connector='OR'), name='remark_has_one_subject'),
        ),
        migrations.AddConstraint(
            model_name='remark',
            constraint=models.CheckConstraint(condition=models.Q(('version__isnull', False), models.Q(('about', ''), ('step__isnull', True)), _connector='OR'), name='only_a_contract_remark_names_a_promise'),
        ),
        migrations.AddConstraint(
            model_name='contractstep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'signed'), _negated=True), models.Q(('side', ''), _negated=True), _connector='OR'), name='contract_is_signed_for_a_side'),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, FORGET),
        migrations.RunSQL(KEEP, LOSE),
    ]
