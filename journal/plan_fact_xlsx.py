"""Plan against fact as XLSX files, under the heads of the screen."""

from collections.abc import Iterable
from decimal import Decimal

from accounts import exports
from accounts.models import AcademicYear, SchoolCard
from journal.plan_fact import Line, Sums


def of_gradebook(sums: Sums, lines: Iterable[Line], school: SchoolCard) -> bytes:
    head = [("№", 6), ("Раздел", 30), ("Тема", 60), ("По плану, ч", 12), ("К сегодняшнему дню, ч", 20),
            ("Проведено", 12), ("Намечено", 12), ("Отставание, ч", 14)]  # fmt: skip
    rows = [
        [one.topic.position, one.topic.section, one.topic.name, _number(one.topic.hours), _number(one.due), one.given,
         one.ahead, _number(one.behind)]
        for one in lines
    ]  # fmt: skip
    rows.append(["", "", "Всего", _number(sums.hours), _number(sums.due), sums.given, "", _number(sums.lag)])
    title = f"План и факт: {sums.gradebook}, {sums.gradebook.school_class.year} учебный год"
    return exports.workbook(title, head, rows, exports.source_line(school))


def of_gradebooks(lines: Iterable[Sums], year: AcademicYear, school: SchoolCard) -> bytes:
    head = [("Журнал", 50), ("Учитель", 30), ("По плану, ч", 12), ("К сегодняшнему дню, ч", 20), ("Проведено", 12),
            ("Без темы", 12), ("Отставание, ч", 14), ("Состояние", 24)]  # fmt: skip
    rows = [
        [str(one.gradebook), ", ".join(load.teacher.initials for load in one.gradebook.taught_by), _number(one.hours),
         _number(one.due), one.given, one.untold, _number(one.lag), one.words]
        for one in lines
    ]  # fmt: skip
    return exports.workbook(f"План и факт, {year} учебный год", head, rows, exports.source_line(school))


def _number(value: Decimal) -> int | float:
    return int(value) if value == int(value) else float(value)
