"""The one row of the school's card: an installation has it from its first hour."""

from django.db import migrations


def add_card(apps, schema_editor):
    apps.get_model("accounts", "SchoolCard").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(add_card, migrations.RunPython.noop)]
