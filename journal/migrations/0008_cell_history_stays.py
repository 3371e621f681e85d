"""The history of cells stays as it was written: the database refuses to change or remove a row of it (7.2).

As the audit trail's triggers (accounts 0004): they stop mistakes and injected statements. A later migration that makes
SQLite rebuild the table loses them and must add them again. The index is for the list of late changes.
"""

from django.db import migrations, models

TABLE = "journal_cellchange"
MESSAGE = "История клеток журнала только дополняется"

SQLITE = """
CREATE TRIGGER {table}_no_{name} BEFORE {event} ON {table}
{when} BEGIN SELECT RAISE(ABORT, '{message}'); END
"""
# REPLACE removes the old row without asking the DELETE trigger, so an insert over a row is refused as well.
OVER_A_ROW = f"WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id)"
EVENTS = (("update", "UPDATE", ""), ("delete", "DELETE", ""), ("replace", "INSERT", OVER_A_ROW))

POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION journal_history_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
POSTGRESQL = f"""
CREATE TRIGGER {TABLE}_stays BEFORE UPDATE OR DELETE ON {TABLE}
FOR EACH ROW EXECUTE FUNCTION journal_history_stays()
"""


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_FUNCTION)
        schema_editor.execute(POSTGRESQL)
        return
    for name, event, when in EVENTS:
        schema_editor.execute(SQLITE.format(table=TABLE, name=name, event=event, when=when, message=MESSAGE))


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_stays ON {TABLE}")
        schema_editor.execute("DROP FUNCTION journal_history_stays()")
        return
    for name, _, _ in EVENTS:
        schema_editor.execute(f"DROP TRIGGER {TABLE}_no_{name}")


class Migration(migrations.Migration):
    dependencies = [("journal", "0007_work_kinds")]
    operations = [
        migrations.AddIndex(
            model_name="cellchange",
            index=models.Index(condition=models.Q(("reason", ""), _negated=True), fields=["at"], name="cell_change_late"),
        ),
        migrations.RunPython(add, drop),
    ]
