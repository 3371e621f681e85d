"""The overview of reviews as XLSX."""

from collections.abc import Iterable

from accounts import exports
from accounts.models import SchoolCard
from eios.lib import russian
from resources.reviews import Row

HEAD = [
    ("№", 6), ("Элемент", 50), ("Вид", 20), ("Проверка", 30), ("Дата", 12), ("Основание", 50), ("Замечания", 60),
    ("Кто проверил", 24), ("Следующая не позднее", 20), ("Подключение службы", 24),
]  # fmt: skip


def as_xlsx(rows: Iterable[Row], school: SchoolCard) -> bytes:
    return exports.workbook("Ежегодная проверка элементов ЭИОС", HEAD, map(_line, rows), exports.source_line(school))


def _line(row: Row) -> list[str | int]:
    element, review = row.element, row.review
    line = [element.number or "", element.name, element.get_kind_display(), row.state[1]]
    if review is None:
        return [*line, "", "", "", "", "", row.connected[1]]
    days = [russian.short_date(day) for day in (review.on, review.next_due)]
    return [*line, days[0], review.ground, review.note, review.by.initials, days[1], row.connected[1]]
