"""The week's timetable as an XLSX file, under the heads that the import knows."""

from collections import defaultdict

from accounts import exports
from accounts.models import SchoolCard
from eios.lib import russian
from journal.models import Timetable, TimetableLine, Weekday
from journal.timetable_pages import Day, Shown, Week
from journal.timetable_plan import LAYOUT

WEEKS = {"every": "", "odd": "нечётная", "even": "чётная"}
WIDTHS = (8, 14, 8, 34, 18, 40, 14, 14)


def week(table: Timetable, lines: list[TimetableLine], school: SchoolCard) -> bytes:
    """A line a lesson, and where days are known the table of the wall too."""
    head = [(one.title, width) for one, width in zip(LAYOUT.headings, WIDTHS, strict=True)]
    sheets = [exports.Sheet("Список", f"{table}", head, map(_line, lines))]
    if any(line.weekday is not None for line in lines):
        sheets.append(_wall(table, lines))
    return exports.workbook_of(sheets, exports.source_line(school))


def _wall(table: Timetable, lines: list[TimetableLine]) -> exports.Sheet:
    """Days and lessons down, classes across; the import reads it as well."""
    cells = defaultdict(list)
    for line in lines:
        cells[line.weekday, line.number, line.gradebook.school_class].append(_words(line))
    classes = sorted({key[2] for key in cells}, key=lambda one: (one.grade, one.letter))
    hours = sorted({key[:2] for key in cells})
    head = [("День", 14), ("Урок", 8), *((f"{one.grade}{one.letter}", 40) for one in classes)]
    rows = (
        [Weekday(day).label, number, *(" / ".join(cells[day, number, one]) for one in classes)] for day, number in hours
    )
    return exports.Sheet("На стену", f"{table}", head, rows)


def _words(line: TimetableLine) -> str:
    book = line.gradebook
    parts = [
        f"{book.subject.name}, {book.subgroup.name}" if book.subgroup_id else book.subject.name,
        f"({line.teacher.initials})" if line.teacher_id else "", f"каб. {line.room.name}" if line.room_id else "",
        WEEKS[line.week],
    ]  # fmt: skip
    return " ".join(filter(None, parts))


def _line(line: TimetableLine) -> list[str | int]:
    book = line.gradebook
    return [
        f"{book.school_class.grade}{book.school_class.letter}", *_hour(line),
        book.subject.name, book.subgroup.name if book.subgroup_id else "",
        line.teacher.get_full_name() if line.teacher_id else "", line.room.name if line.room_id else "",
        WEEKS[line.week],
    ]  # fmt: skip


def _hour(line: TimetableLine) -> tuple[str, str | int]:
    """Empty where the lesson is not placed yet."""
    return ("", "") if line.weekday is None else (line.get_weekday_display(), line.number)


def days(week: Week, title: str, school: SchoolCard) -> bytes:
    """A week as it is held, changes and all: a line a lesson."""
    head = [("День", 14), ("Дата", 12), ("Урок", 8), ("Начало", 10), ("Конец", 10), ("Класс", 10), ("Предмет", 34),
            ("Учитель", 40), ("Кабинет", 14), ("Изменение", 24)]  # fmt: skip
    rows = (_held(day, one) for day in week.days for one in day.lessons)
    return exports.workbook(f"Расписание: {title}", head, rows, exports.source_line(school))


def _held(day: Day, one: Shown) -> list[str | int]:
    times = [f"{at:%H:%M}" for at in one.time] if one.time else ["", ""]
    book = one.gradebook
    subject = f"{book.subject.name}, {book.subgroup.name}" if book.subgroup_id else book.subject.name
    return [
        russian.weekday(day.date), russian.short_date(day.date), one.number, *times, book.school_class.name, subject,
        one.teacher.get_full_name() if one.teacher else "", one.room.name if one.room else "", one.change_words,
    ]  # fmt: skip
