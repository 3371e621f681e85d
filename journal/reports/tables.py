"""The reports as XLSX workbooks; every one names its source (12.1)."""

from dataclasses import dataclass
from decimal import Decimal

from accounts import exports
from accounts.exports import Sheet
from accounts.models import AcademicYear, SchoolCard, SchoolClass, User
from eios.lib.russian import short_date
from journal.reports import attendance, quality
from journal.reports.findings import Finding, people_of
from journal.reports.groups import Group, Groups
from journal.reports.progress import Progress
from journal.reports.scope import Scope
from journal.reports.terms import Chosen

NOTHING = "—"
COUNTS = [
    ("Результатов", 13), ("«5»", 8), ("«4»", 8), ("«3»", 8), ("«2»", 8), ("н/а", 8), ("осв", 8),
    ("Успеваемость, %", 17), ("Качество, %", 14), ("СОУ, %", 10), ("Средний балл", 14),
]  # fmt: skip
BY = {"class": "Класс", "subject": "Предмет", "teacher": "Учитель"}
MISSED = [("Уроков пропущено", 18), ("Дней с пропусками", 18), ("Опозданий", 12)]
WHOLE_DAYS = ("Дней целиком", 14)
ANOMALIES = [("Что", 34), ("Класс", 10), ("Предмет", 34), ("Обучающийся", 38), ("Подробности", 50), ("Учитель", 34)]


def _number(value: Decimal | None) -> float | str:
    """N = 0 has no rate."""
    return NOTHING if value is None else float(value)


def _counts(counts) -> list:
    numbers = [
        counts.total, counts.fives, counts.fours, counts.threes, counts.twos, counts.not_attested, counts.exempt,
    ]  # fmt: skip
    return [*numbers, *map(_number, (counts.pass_rate, counts.quality_rate, counts.mastery_rate, counts.mean))]


def quality_table(
    scope: Scope, chosen: Chosen, by: str, report: quality.Report, groups: list[tuple[SchoolClass, Groups]],
    school: SchoolCard,
) -> bytes:  # fmt: skip
    """Lines with the total, and groups of pupils by class where they are seen."""
    title = f"Итоги успеваемости и качества знаний: {chosen.title}, {scope.year} учебный год"
    beside = [(f"Качество: {report.compared}", 24), ("Изменение", 12)] if report.compared else []
    lines = [_quality_line(one, bool(beside)) for one in [*report.lines, report.whole]]
    sheets = [Sheet("Качество", title, [(BY[by], 38), *COUNTS, *beside], lines)]
    if groups:
        head = [("Класс", 12), *((one.value.capitalize(), 18) for one in Group), ("Качество, %", 14)]
        whole = sum((one for _, one in groups), Groups.of([]))
        rows = [[one.name, *own.numbers, _number(own.quality_rate)] for one, own in groups]
        rows.append(["Всего", *whole.numbers, _number(whole.quality_rate)])
        sheets.append(Sheet("Группы", f"Обучающиеся по группам: {chosen.title}, {scope.year}", head, rows))
    return exports.workbook_of(sheets, exports.source_line(school))


def _quality_line(line: quality.Line, is_compared: bool) -> list:
    former = _number(line.before.quality_rate if line.before else None)
    beside = [former, _number(line.change)] if is_compared else []
    return [line.title, *_counts(line.counts), *beside]


def class_table(
    school_class: SchoolClass, chosen: Chosen, named: list, subjects: quality.Report, school: SchoolCard
) -> bytes:
    """Pupils under their groups, and the class's subjects."""
    title = f"{school_class.name}, {chosen.title}, {school_class.year} учебный год"
    pupils = [[group.value, one.get_full_name()] for group, people in named for one in people]
    lines = [_quality_line(one, is_compared=False) for one in [*subjects.lines, subjects.whole]]
    sheets = [
        Sheet("Группы", f"Обучающиеся по группам: {title}", [("Группа", 24), ("Обучающийся", 44)], pupils),
        Sheet("Предметы", f"Качество по предметам: {title}", [("Предмет", 38), *COUNTS], lines),
    ]
    return exports.workbook_of(sheets, exports.source_line(school))


def pupil_table(report: Progress, year: AcademicYear, is_whole: bool, school: SchoolCard) -> bytes:
    """Results by subject, means of terms, missed lessons."""
    name = f"{report.pupil.get_full_name()}, {year} учебный год"
    head = [("Предмет", 40), *((title, 14) for title in report.columns)]
    rows = [[str(one.subject), *one.values] for one in report.rows]
    rows.append(["Средний балл", *map(_number, report.means)])
    reasons = [(title, 14) for _, title in attendance.REASONS] if is_whole else []
    days = [WHOLE_DAYS] if report.has_whole_days else []
    missed = [
        [title, one.lessons, one.days, one.late, *([one.whole] if days else []), *(one.reasons if is_whole else [])]
        for title, one in report.missed
    ]
    sheets = [
        Sheet("Результаты", f"Успеваемость: {name}", head, rows),
        Sheet("Пропуски", f"Пропуски: {name}", [("Когда", 20), *MISSED, *days, *reasons], missed),
    ]
    return exports.workbook_of(sheets, exports.source_line(school))


def attendance_table(report: attendance.Report, of: str, school: SchoolCard) -> bytes:
    """Classes or pupils; reasons only where they are shown."""
    title = f"Посещаемость {of}: {short_date(report.starts)} — {short_date(report.ends)}"
    reasons = [(f"Уроков: {word}", 24) for _, word in attendance.REASONS] if report.shows_reasons else []
    days = [WHOLE_DAYS] if report.has_whole_days else []
    rows = [_attendance_line(one, bool(reasons), bool(days)) for one in report.lines]
    whole = report.whole
    total = [
        "Всего",
        whole.lessons,
        whole.days,
        whole.late,
        *([whole.whole] if days else []),
        *(report.reasons_whole if reasons else []),
    ]
    sheet = Sheet("Посещаемость", title, [("Кто", 40), *MISSED, *days, *reasons], [*rows, total])
    return exports.workbook_of([sheet], exports.source_line(school))


def _attendance_line(line: attendance.Line, with_reasons: bool, with_days: bool) -> list:
    own = line.tally.reasons if line.shows_reasons else [NOTHING] * len(attendance.REASONS)
    counts = [line.tally.lessons, line.tally.days, line.tally.late, *([line.tally.whole] if with_days else [])]
    return [line.title, *counts, *(own if with_reasons else [])]


@dataclass(frozen=True)
class AnomalyRow:
    """A finding with the people it names."""

    finding: Finding
    pupil: User | None
    teachers: list[User]


def anomaly_rows(scope: Scope, found: list[Finding]) -> list[AnomalyRow]:
    """Two queries."""
    people, teachers = people_of(found), quality.teachers_of(scope)
    return [AnomalyRow(one, people.get(one.pupil_id), teachers.get(one.book.pk, [])) for one in found]


def anomaly_table(scope: Scope, term: str, found: list[Finding], school: SchoolCard) -> bytes:
    title = f"Что проверить в журналах: {term}, {scope.year} учебный год"
    rows = [_anomaly_line(one) for one in anomaly_rows(scope, found)]
    return exports.workbook_of([Sheet("Проверить", title, ANOMALIES, rows)], exports.source_line(school))


def _anomaly_line(row: AnomalyRow) -> list[str]:
    book = row.finding.book
    pupil = row.pupil.get_full_name() if row.pupil else ""
    teachers = ", ".join(one.initials for one in row.teachers)
    return [row.finding.kind.title, book.school_class.name, _subject(book), pupil, row.finding.text, teachers]


def _subject(book) -> str:
    return f"{book.subject}, {book.subgroup.name}" if book.subgroup_id else str(book.subject)
