"""The journal is only inserted into and read, whoever asks (S33)."""

from django.db import migrations

CREATE = """
CREATE FUNCTION refuse_journal_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER lead_journal_is_append_only BEFORE UPDATE OR DELETE ON leads_leadevent
    FOR EACH ROW EXECUTE FUNCTION refuse_journal_change();
"""
DROP = """
DROP TRIGGER lead_journal_is_append_only ON leads_leadevent;
DROP FUNCTION refuse_journal_change();
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
