"""Documents that stand already are found by words too."""

from django.db import migrations

from eios.lib import search

KINDS = {
    "regulation": "положение",
    "policy": "политика безопасности",
    "rules": "правила или порядок",
    "instruction": "инструкция",
    "other": "иной документ",
}


def fill(apps, schema_editor):
    document = apps.get_model("resources", "Document")
    for row in document.objects.filter(search="").iterator():
        row.search = search.index(row.title, row.short_name, KINDS.get(row.kind, ""), "школьный")
        row.save(update_fields=["search"])


class Migration(migrations.Migration):
    dependencies = [("resources", "0016_documents")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
