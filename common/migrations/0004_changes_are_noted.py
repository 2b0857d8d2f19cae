"""Changes of what decides are noted by a trigger, whoever makes them, and then only read (R19).

Names are qualified: no search path of a session, and no temporary table in it, leads a row elsewhere. The function
has the rights of whoever changes the row, so a role that cannot note a change cannot make it either.
"""

import django.contrib.postgres.indexes
from django.db import migrations, models

NOTE = """
CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was jsonb := to_jsonb(OLD);
    became jsonb := to_jsonb(NEW);
    before jsonb;
    after jsonb;
BEGIN
    SELECT jsonb_object_agg(watched, was -> watched), jsonb_object_agg(watched, became -> watched)
      INTO before, after
      FROM unnest(TG_ARGV) AS watched
     WHERE TG_OP <> 'UPDATE' OR was -> watched IS DISTINCT FROM became -> watched;
    IF after IS NOT NULL THEN
        INSERT INTO public.common_change (at, table_name, row_id, operation, before, after, actor)
        VALUES (
            public.app_now(), TG_TABLE_NAME, (coalesce(was, became) ->> 'id')::bigint, lower(TG_OP),
            CASE WHEN was IS NOT NULL THEN before END, CASE WHEN became IS NOT NULL THEN after END,
            nullif(current_setting('baton.actor', true), '')::bigint
        );
    END IF;
    RETURN NULL;
END $$;
"""
KEEP = """
CREATE FUNCTION refuse_change_of_what_is_noted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER changes_are_append_only BEFORE UPDATE OR DELETE ON common_change
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_what_is_noted();
"""
LOSE = """
DROP TRIGGER changes_are_append_only ON common_change;
DROP FUNCTION refuse_change_of_what_is_noted();
"""


class Migration(migrations.Migration):
    dependencies = [("common", "0003_find_untold_facts")]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(help_text="By the clock of the database (UTC).")),
                ("table_name", models.CharField(max_length=63)),
                ("row_id", models.BigIntegerField(help_text="Primary key in that table.")),
                (
                    "operation",
                    models.CharField(
                        choices=[("insert", "Insert"), ("update", "Update"), ("delete", "Delete")], max_length=6
                    ),
                ),
                (
                    "before",
                    models.JSONField(help_text="Column -> value; of an update only what changed.", null=True),
                ),
                (
                    "after",
                    models.JSONField(
                        help_text="The same columns afterwards; empty once the row is gone.", null=True
                    ),
                ),
                (
                    "actor",
                    models.BigIntegerField(
                        help_text="Primary key of the person; empty: a program, or somebody at the database.",
                        null=True,
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["table_name", "row_id", "id"], name="change_of_row"),
                    django.contrib.postgres.indexes.BrinIndex(fields=["at"], name="change_at_brin"),
                ],
            },
        ),
        migrations.RunSQL(NOTE, "DROP FUNCTION note_change()"),
        migrations.RunSQL(KEEP, LOSE),
    ]
