"""A signed version takes no promise, signature or reason more and loses none (S33)."""

from django.db import migrations

CREATE = """
CREATE FUNCTION refuse_change_of_signed_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked bigint[];
BEGIN
    IF TG_OP IN ('UPDATE', 'DELETE') THEN
        asked := asked || (to_jsonb(OLD) ->> TG_ARGV[0])::bigint;
    END IF;
    IF TG_OP IN ('INSERT', 'UPDATE') THEN
        asked := asked || (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    END IF;
    IF EXISTS (SELECT 1 FROM sla_contractversion v WHERE v.id = ANY (asked) AND v.status = 'signed') THEN
        RAISE EXCEPTION 'the contract version of this row is signed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER signed_version_keeps_its_signatures BEFORE INSERT OR UPDATE OR DELETE ON sla_contractsignature
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_signed_part('version_id');
CREATE TRIGGER signed_version_keeps_its_reasons BEFORE INSERT OR UPDATE OR DELETE ON sla_contractversion_reasons
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_signed_part('contractversion_id');
DROP TRIGGER signed_commitment_is_final ON sla_commitment;
CREATE TRIGGER signed_commitment_is_final BEFORE INSERT OR UPDATE OR DELETE ON sla_commitment
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_signed_part('version_id');
"""
DROP = """
DROP TRIGGER signed_commitment_is_final ON sla_commitment;
CREATE TRIGGER signed_commitment_is_final BEFORE INSERT OR UPDATE OR DELETE ON sla_commitment
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_signed_commitment();
DROP TRIGGER signed_version_keeps_its_reasons ON sla_contractversion_reasons;
DROP TRIGGER signed_version_keeps_its_signatures ON sla_contractsignature;
DROP FUNCTION refuse_change_of_signed_part();
"""


class Migration(migrations.Migration):
    dependencies = [("sla", "0006_remarks_on_excuses_and_contests")]
    operations = [migrations.RunSQL(CREATE, DROP)]
