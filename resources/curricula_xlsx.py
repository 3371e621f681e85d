"""A curriculum and a calendar as XLSX files, with the line of the source (6.2, 12.1)."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from accounts.exports import Sheet, source_line, workbook, workbook_of
from accounts.models import SchoolCard
from eios.lib import russian
from resources import curricula
from resources.curricula import PartTable, Table
from resources.models import AcademicCalendar, CalendarEntry, Curriculum, YearPlan

AREA, SUBJECT, GRADE = 40, 44, 12
DAYS_HEAD = [("Что это", 30), ("Название", 40), ("С", 12), ("По", 12), ("Для кого", 16)]


def curriculum(plan: Curriculum, table: Table, school: SchoolCard) -> bytes:
    """The table as on the page; forms of attestation on a second sheet, where any is named."""
    columns = [(f"{grade} класс", GRADE) for grade in table.grades]
    head = [("Предметная область", AREA), ("Учебный предмет", SUBJECT), *columns, ("Всего", GRADE)]
    sheets = [Sheet("Учебный план", _title(plan), head, _lines(table))]
    forms = curricula.attestations(table)
    if forms:
        head = [("Учебный предмет", SUBJECT), *((f"{grade} класс", 30) for grade in table.grades)]
        rows = ([name, *(cell.attestation for cell in cells)] for name, cells in forms)
        title = f"Формы промежуточной аттестации. {_title(plan)}"
        sheets.append(Sheet("Промежуточная аттестация", title, head, rows))
    return workbook_of(sheets, source_line(school))


def _title(plan: YearPlan) -> str:
    """«Учебный план: …. Утверждён: Приказ № 12 от 30.08.2026», or that it is a draft."""
    return f"{plan}. {f'Утверждён: {plan.order.reference}' if plan.order_id else 'Проект, не утверждён'}"


def _lines(table: Table) -> Iterator[list]:
    for part in table.lessons:
        yield from _part_lines(part)
    yield ["", "Всего часов в неделю", *(_number(load.hours) for load in table.loads), _sum(table)]
    yield ["", "Предельная нагрузка в неделю", *(load.limit for load in table.loads)]
    yield ["", "Учебных недель", *(load.weeks for load in table.loads)]
    yield ["", "Часов в год", *(_number(load.hours * load.weeks) for load in table.loads)]
    if table.extra:
        yield from _part_lines(table.extra)


def _part_lines(part: PartTable) -> Iterator[list]:
    yield [part.part.label.capitalize()]
    for area in part.areas:
        for line in area.lines:
            hours = [cell.hours for cell in line.cells]
            yield [area.name, line.row.name, *map(_number, hours), _number(sum(hours, curricula.NONE))]
    yield ["", f"Итого: {part.part.label}", *map(_number, part.sums), _number(sum(part.sums, curricula.NONE))]


def _sum(table: Table) -> int | float | str:
    return _number(sum((load.hours for load in table.loads), curricula.NONE))


def _number(hours: Decimal) -> int | float | str:
    """A number that can be summed up; nothing where there are no hours."""
    if not hours:
        return ""
    return int(hours) if hours == int(hours) else float(hours)


def calendar(plan: AcademicCalendar, entries: Iterable[CalendarEntry], school: SchoolCard) -> bytes:
    rows = (
        [
            one.get_kind_display(), one.name, russian.short_date(one.starts), russian.short_date(one.ends),
            f"{one.grade} класс" if one.grade else "все классы",
        ]
        for one in entries
    )  # fmt: skip
    return workbook(_title(plan), DAYS_HEAD, rows, source_line(school))
