"""PostgreSQL itself refuses two enrolments of one pupil on one day; SQLite leaves it to the actions."""

from django.db import migrations

ADD = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE accounts_enrolment ADD CONSTRAINT enrolment_no_overlap
    EXCLUDE USING gist (pupil_id WITH =, daterange(starts, ends, '[]') WITH &&);
ALTER TABLE accounts_relation ADD CONSTRAINT relation_no_overlap
    EXCLUDE USING gist (parent_id WITH =, pupil_id WITH =, daterange(starts, ends, '[]') WITH &&);
"""
DROP = """
ALTER TABLE accounts_enrolment DROP CONSTRAINT enrolment_no_overlap;
ALTER TABLE accounts_relation DROP CONSTRAINT relation_no_overlap;
"""


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(ADD)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(DROP)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_school_card")]
    operations = [migrations.RunPython(add, drop)]
