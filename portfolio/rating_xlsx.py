"""Points and rating as XLSX files, under the heads of the screen."""

from collections.abc import Iterable

from accounts import exports
from accounts.models import SchoolCard
from portfolio import points
from portfolio.models import Outcome, PointsTable


def of_points(table: PointsTable, school: SchoolCard) -> bytes:
    head = [("Сфера", 28), ("Уровень", 20), ("Как проходило", 16), *((label, 24) for label in Outcome.labels)]
    rows = [
        [part.sphere.label, line.level.label, line.mode.label, *map(_number, line.values)]
        for part in points.laid_out(points.values_of(table))
        for line in part.lines
    ]
    return exports.workbook(str(table), head, rows, exports.source_line(school))


def of_rating(lines: Iterable, title: str, school: SchoolCard) -> bytes:
    head = [("Место", 8), ("Фамилия, имя, отчество", 40), ("Класс", 10), ("Достижений", 12), ("Баллы", 10)]
    rows = [[one.sum.place, one.name, one.school_class, one.sum.achievements, _number(one.sum.points)] for one in lines]
    return exports.workbook(title, head, rows, exports.source_line(school))


def _number(value) -> int | float | str:
    if value == "":
        return ""
    return int(value) if value == int(value) else float(value)
