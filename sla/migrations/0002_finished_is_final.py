"""What is over stays as it was: finished clocks, clock logs and signed contract versions (R9, S33)."""

from django.db import migrations

CREATE = """
CREATE TRIGGER clock_log_is_append_only BEFORE UPDATE OR DELETE ON sla_clockevent
    FOR EACH ROW EXECUTE FUNCTION refuse_journal_change();

CREATE FUNCTION refuse_change_of_finished_clock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IN ('met', 'cancelled')
       OR (OLD.status = 'breached' AND (OLD.ended_at IS NOT NULL OR NEW.status <> 'breached'
           OR NEW.due_at IS DISTINCT FROM OLD.due_at OR NEW.target <> OLD.target)) THEN
        RAISE EXCEPTION 'clock % is finished', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER finished_clock_is_final BEFORE UPDATE ON sla_clock
    FOR EACH ROW WHEN (OLD.status IN ('met', 'cancelled', 'breached'))
    EXECUTE FUNCTION refuse_change_of_finished_clock();

CREATE FUNCTION refuse_change_of_signed_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.effective_until IS NULL
       AND (to_jsonb(NEW) - 'effective_until') = (to_jsonb(OLD) - 'effective_until') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'contract version % is signed', OLD.number USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER signed_version_is_final BEFORE UPDATE OR DELETE ON sla_contractversion
    FOR EACH ROW WHEN (OLD.status = 'signed') EXECUTE FUNCTION refuse_change_of_signed_version();

CREATE FUNCTION refuse_change_of_signed_commitment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.version_id ELSE OLD.version_id END;
BEGIN
    IF EXISTS (SELECT 1 FROM sla_contractversion v WHERE v.id = asked AND v.status = 'signed') THEN
        RAISE EXCEPTION 'the contract version of this commitment is signed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER signed_commitment_is_final BEFORE INSERT OR UPDATE OR DELETE ON sla_commitment
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_signed_commitment();
"""
DROP = """
DROP TRIGGER signed_commitment_is_final ON sla_commitment;
DROP FUNCTION refuse_change_of_signed_commitment();
DROP TRIGGER signed_version_is_final ON sla_contractversion;
DROP FUNCTION refuse_change_of_signed_version();
DROP TRIGGER finished_clock_is_final ON sla_clock;
DROP FUNCTION refuse_change_of_finished_clock();
DROP TRIGGER clock_log_is_append_only ON sla_clockevent;
"""


class Migration(migrations.Migration):
    dependencies = [("sla", "0001_initial"), ("leads", "0002_journal_is_append_only")]
    operations = [migrations.RunSQL(CREATE, DROP)]
