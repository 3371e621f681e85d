"""The week's timetable as an XLSX file, under the heads that the import knows."""

from accounts import exports
from accounts.models import SchoolCard
from eios.lib import russian
from journal.models import Timetable, TimetableLine
from journal.timetable_pages import Day, Shown, Week
from journal.timetable_plan import LAYOUT

WIDTHS = (8, 14, 8, 34, 18, 40, 14, 14)


def week(table: Timetable, lines: list[TimetableLine], school: SchoolCard) -> bytes:
    head = [(one.title, width) for one, width in zip(LAYOUT.headings, WIDTHS, strict=True)]
    return exports.workbook(f"{table}", head, map(_line, lines), exports.source_line(school))


def _line(line: TimetableLine) -> list[str | int]:
    book = line.gradebook
    return [
        f"{book.school_class.grade}{book.school_class.letter}", line.get_weekday_display(), line.number,
        book.subject.name, book.subgroup.name if book.subgroup_id else "",
        line.teacher.get_full_name() if line.teacher_id else "", line.room.name if line.room_id else "",
        "" if line.week == TimetableLine.Week.EVERY else {"odd": "нечётная", "even": "чётная"}[line.week],
    ]  # fmt: skip


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
