"""The registry of outside e-resources as an XLSX file."""

from collections.abc import Iterable

from accounts.exports import source_line, workbook
from accounts.models import SchoolCard
from eios.lib import russian
from resources.models import OutsideResource

HEAD = [
    ("Название", 50), ("Вид", 34), ("Издатель", 34), ("Адрес", 40), ("Предметы", 40), ("Классы", 14),
    ("Приказ о федеральном перечне", 44), ("№ в перечне", 14), ("Дата включения", 16), ("Состояние", 24),
    ("Аннотация", 60),
]  # fmt: skip


def resources(rows: Iterable[OutsideResource], school: SchoolCard) -> bytes:
    return workbook("Внешние электронные ресурсы", HEAD, map(_line, rows), source_line(school))


def _line(row: OutsideResource) -> list[str]:
    return [
        row.title, row.get_kind_display(), row.publisher, row.address,
        ", ".join(subject.name for subject in row.subjects.all()), row.grades or "любые", row.federal_act,
        row.federal_number, russian.short_date(row.federal_date) if row.federal_date else "", row.get_state_display(),
        row.annotation,
    ]  # fmt: skip
