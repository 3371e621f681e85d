"""Places of the elements that are there already; PostgreSQL itself refuses overlapping terms of one grantee."""

from django.db import migrations

STOPS_PRIVILEGES = 5
ADD = """
ALTER TABLE resources_privilege ADD CONSTRAINT privilege_no_overlap_{name} EXCLUDE USING gist
    (element_id WITH =, {column} WITH =, daterange(starts, ends, '[]') WITH &&) WHERE (revoked_at IS NULL AND {given});
"""
GRANTEES = [
    ("person", "person_id", "person_id IS NOT NULL"),
    ("position", "position_id", "position_id IS NOT NULL"),
    ("class", "school_class_id", "school_class_id IS NOT NULL"),
    ("status", "status", "status <> ''"),
]


def fill(apps, schema_editor):
    Element, Reach = apps.get_model("resources", "Element"), apps.get_model("resources", "Reach")
    elements = {element.pk: element for element in Element.objects.all()}
    rows = []
    for element in elements.values():
        passes, above = True, element
        while above is not None:
            rows.append(Reach(element=element, above=above, by_privilege=passes))
            passes = passes and above.own_closure != STOPS_PRIVILEGES
            above = elements.get(above.parent_id)
    Reach.objects.bulk_create(rows, batch_size=1000)


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, column, given in GRANTEES:
            schema_editor.execute(ADD.format(name=name, column=column, given=given))


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, *_ in GRANTEES:
            schema_editor.execute(f"ALTER TABLE resources_privilege DROP CONSTRAINT privilege_no_overlap_{name}")


class Migration(migrations.Migration):
    dependencies = [("resources", "0003_access"), ("accounts", "0003_no_overlaps")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop), migrations.RunPython(add, drop)]
