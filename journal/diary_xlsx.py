"""A diary and a class at a glance as XLSX files: what the screen shows, under the same heads."""

from accounts import exports
from accounts.models import SchoolCard
from journal.class_glance import Glance
from journal.diary import Diary
from journal.summary import Lesson, short


def table(diary: Diary, school: SchoolCard) -> bytes:
    """By subjects: marks with their days, average, results."""
    head = [("Предмет", 34), ("Отметки и пропуски", 80), ("Средняя", 10), *((title, 16) for title in diary.heads)]
    title = f"Дневник: {diary.pupil}, {diary.school_class}. {diary.period.name}, {diary.year} учебный год"
    rows = [
        [row.name, ", ".join(map(_lesson, row.lessons)), _float(row.average), *map(_number, row.results)]
        for row in diary.rows
    ]
    return exports.workbook(title, head, rows, exports.source_line(school))


def glance(found: Glance, school: SchoolCard) -> bytes:
    """Pupils × subjects with averages or results, then missed lessons."""
    head = [("Обучающийся", 38), *((name, 14) for name in found.heads), ("Средняя", 10), ("Пропущено уроков", 16)]
    title = f"{found.school_class}: {found.period.name}, {found.school_class.year} учебный год"
    rows = [
        [row.name, *(cell.value for cell in row.cells), _float(row.average), row.missed.total] for row in found.rows
    ]
    return exports.workbook(title, head, rows, exports.source_line(school))


def _lesson(lesson: Lesson) -> str:
    things = [*(one.value for one in lesson.marks), *(short(code) for code in lesson.codes)]
    about = "; ".join(filter(None, (one.about for one in lesson.marks)))
    return f"{' '.join(things)} ({lesson.date:%d.%m}{f', {about}' if about else ''})"


def _float(value) -> float | str:
    return "" if value is None else float(value)


def _number(value: str) -> str | int:
    return int(value) if value.isascii() and value.isdigit() else value
