"""The database itself refuses to change or remove what stands in the audit trail.

Whoever may alter the tables can also remove the triggers: they stop mistakes and injected statements, the seal shows
the rest. On PostgreSQL row triggers let TRUNCATE through, which takes the owner of the table. A later migration that
makes SQLite rebuild one of these tables loses its triggers and must add them again.
"""

from django.db import migrations

TABLES = ("accounts_auditentry", "accounts_auditblock", "accounts_auditseal")
MESSAGE = "Журнал аудита только дополняется"

SQLITE = """
CREATE TRIGGER {table}_no_{name} BEFORE {event} ON {table}
{when} BEGIN SELECT RAISE(ABORT, '{message}'); END
"""
# REPLACE removes the old row without asking the DELETE trigger, so an insert over a row is refused as well.
OVER_A_ROW = "WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"
EVENTS = (("update", "UPDATE", ""), ("delete", "DELETE", ""), ("replace", "INSERT", OVER_A_ROW))

POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION accounts_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
POSTGRESQL = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION accounts_append_only()
"""


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_FUNCTION)
        for table in TABLES:
            schema_editor.execute(POSTGRESQL.format(table=table))
        return
    for table in TABLES:
        for name, event, when in EVENTS:
            when = when.format(table=table)
            schema_editor.execute(SQLITE.format(table=table, name=name, event=event, when=when, message=MESSAGE))


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        schema_editor.execute("DROP FUNCTION accounts_append_only()")
        return
    for table in TABLES:
        for name, _, _ in EVENTS:
            schema_editor.execute(f"DROP TRIGGER {table}_no_{name}")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_no_overlaps")]
    operations = [migrations.RunPython(add, drop)]
