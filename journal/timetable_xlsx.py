"""The week's timetable as an XLSX file, under the heads that the import knows."""

from accounts import exports
from accounts.models import SchoolCard
from journal.models import Timetable, TimetableLine
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
