"""Kinds of work that a new installation begins with; a school changes them as it likes."""

from django.db import migrations

KINDS = [
    ("О", "Ответ на уроке", 1),
    ("Р", "Работа на уроке", 1),
    ("С", "Самостоятельная работа", 1),
    ("Т", "Тест, проверочная работа", 2),
    ("П", "Практическая, лабораторная работа", 2),
    ("К", "Контрольная работа", 3),
    ("Д", "Домашняя работа", 1),
    ("Пр", "Проект", 2),
    ("Дкл", "Доклад, сообщение", 1),
    ("Диа", "Диагностическая работа", 2),
]


def fill(apps, schema_editor):
    """Those that are not there yet, by code and name."""
    kinds = apps.get_model("journal", "WorkKind").objects
    for order, (code, name, weight) in enumerate(KINDS, 1):
        if not kinds.filter(code=code).exists() and not kinds.filter(name=name).exists():
            kinds.create(code=code, name=name, weight=weight, order=order * 10)


class Migration(migrations.Migration):
    dependencies = [("journal", "0006_lessons")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
