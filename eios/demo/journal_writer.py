"""Gradebooks of the demonstration school: mirrored from outside, but for one subject that the school keeps here."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from django.utils import timezone

from accounts.models import AcademicYear, Appointment, Enrolment, ImportBatch, SchoolClass, User
from eios.demo import marks, staff, timetable_writer
from eios.demo.marks import YEAR_OF_WEEKS, Given
from eios.demo.school import Options
from eios.lib.dates import today
from journal.models import (
    Absence,
    Council,
    Gradebook,
    KeepingDecision,
    Kept,
    Mark,
    Result,
    ResultKind,
    Scale,
    ScaleRule,
    TeachingLoad,
)
from journal.periods import Period, periods_of
from resources.calendars import DAY, days_of
from resources.models import CurriculumHours, Subject

BATCH = 2000
SOURCE = "Сетевой город. Образование"
# Subjects that the school keeps here: of all grades, or of one.
KEPT_HERE = (("Информатика", None), ("Алгебра", 7))
CREDIT_SUBJECT = "Основы религиозных культур и светской этики"
# A gradebook that nobody has refreshed for weeks: the deputy head sees it on the desk.
STALE_SUBJECT, STALE_GRADE, STALE_DAYS = "Химия", 9, 28
SPORT = ("Физическая культура", "Труд (технология)", "Основы безопасности и защиты Родины")
OF_SPECIALISTS = ("Иностранный язык", "Музыка", "Физическая культура")
SCIENCES = ("Математика и информатика", "Естественно-научные предметы")
# Which teacher of the group takes a subject first.
FIRST = {"Алгебра": 0, "Геометрия": 0, "Вероятность и статистика": 0, "Математика": 1, "Информатика": 2, "Физика": 3}


@dataclass
class Rows:
    """What is saved in bulk, class by class."""

    marks: list = field(default_factory=list)
    absences: list = field(default_factory=list)
    results: list = field(default_factory=list)

    def save(self) -> None:
        for model, rows in ((Mark, self.marks), (Absence, self.absences), (Result, self.results)):
            model.objects.bulk_create(rows, batch_size=BATCH)
            rows.clear()


@dataclass(frozen=True)
class Year:
    """A year with its terms as far as they have come, and the batch that mirrors it."""

    row: AcademicYear
    back: int
    last: datetime.date
    batch: ImportBatch

    def days(self, grade: int, current: AcademicYear) -> tuple[list[datetime.date], list[Period]]:
        """School days so far, and terms; a past year has them on the same weekdays as this one."""
        shift = self.back * YEAR_OF_WEEKS
        calendar = days_of(current, grade)
        span = (self.last - self.row.starts).days + 1
        days = [self.row.starts + number * DAY for number in range(span)]
        terms = [
            Period(one.number, one.name, one.starts - shift, one.ends - shift) for one in periods_of(current, grade)
        ]
        return [day for day in days if calendar.is_school_day(day + shift)], terms


def write(options: Options) -> None:
    """Rules, gradebooks and loads of every year; marks, absences and results as far as the years have come."""
    rng = Random(f"{options.seed} marks")  # noqa: S311 (marks, not secrets)
    current = AcademicYear.objects.on(today()).get()
    admin = User.objects.get(username="deputy")
    level = {pk: rng.gauss(3.9, 0.45) for pk in Enrolment.objects.order_by("pk").values_list("pupil", flat=True)}
    for year in AcademicYear.objects.filter(classes__isnull=False).distinct().order_by("starts"):
        _write_year(rng, _year(year, current, admin), current, level, admin)


def _year(year: AcademicYear, current: AcademicYear, by: User) -> Year:
    """Files of this year came last Friday; of a past one, on its last day."""
    last = min(today() - DAY, year.ends)
    last -= (last.weekday() - 4) % 7 * DAY if year == current else 0 * DAY
    last = max(last, year.starts)
    taken = timezone.make_aware(datetime.datetime.combine(last, datetime.time(17, 40)))
    batch = ImportBatch.objects.create(
        purpose="journal", source=SOURCE, state="applied", as_of=taken, created_by=by, applied_by=by, applied_at=taken
    )
    return Year(year, current.starts.year - year.starts.year, last, batch)


def _write_year(rng: Random, year: Year, current: AcademicYear, level: dict, by: User) -> None:
    _rules(year, by)
    hours = _hours(current)
    books = _gradebooks(year, hours)
    _loads(year, books, hours)
    lines = (
        timetable_writer.write(year.row, [one for own in books.values() for one in own], by) if not year.back else ()
    )
    council = _council(year, current, books, by)
    pupils = defaultdict(list)
    for row in Enrolment.objects.filter(school_class__year=year.row).order_by("pk"):
        pupils[row.school_class_id].append(row)
    rows = Rows()
    for school_class, own in books.items():
        _write_class(rng, year, current, school_class, own, hours, pupils[school_class.pk], level, council, lines, rows)
        rows.save()


def _rules(year: Year, by: User) -> None:
    """ОРКСЭ is passed or failed; some subjects are kept at school this year."""
    subjects = Subject.objects.in_bulk([CREDIT_SUBJECT, *(name for name, _ in KEPT_HERE)], field_name="name")
    if CREDIT_SUBJECT in subjects:
        ScaleRule.objects.create(year=year.row, subject=subjects[CREDIT_SUBJECT], scale=Scale.PASS, decided_by=by)
    ScaleRule.objects.create(year=year.row, grade=1, scale=Scale.NONE, decided_by=by)
    for name, grade in KEPT_HERE:
        if year.back == 0 and name in subjects:
            KeepingDecision.objects.create(
                year=year.row, grade=grade, subject=subjects[name], kept=Kept.HERE, decided_by=by,
                basis="Решение педагогического совета: журнал ведётся на портале",
            )  # fmt: skip


def _hours(current: AcademicYear) -> dict[int, dict[Subject, int]]:
    """Lessons a week by grade and subject, of this year's curricula."""
    found: dict[int, dict[Subject, int]] = {}
    for grade in range(1, 10):
        rows = CurriculumHours.objects.taught(current, grade).select_related("row__subject__area")
        rows = rows.order_by("row__subject__area__order", "row__subject__order", "row__subject__name")
        found[grade] = {}
        for row in rows:
            found[grade][row.row.subject] = found[grade].get(row.row.subject, 0) + max(1, int(row.hours))
    return found


def _gradebooks(year: Year, hours: dict) -> dict[SchoolClass, list[Gradebook]]:
    books = {}
    for school_class in SchoolClass.objects.filter(year=year.row).order_by("grade", "letter"):
        books[school_class] = [
            Gradebook(
                school_class=school_class, subject=subject, kept=_kept(year, school_class, subject),
                scale=_scale(school_class, subject),
                mirrored_by=year.batch if _kept(year, school_class, subject) == Kept.ELSEWHERE else None,
                mirrored_at=_taken(year, school_class, subject),
            )
            for subject in hours.get(school_class.grade, ())
        ]  # fmt: skip
    Gradebook.objects.bulk_create([row for own in books.values() for row in own], batch_size=BATCH)
    return books


def _kept(year: Year, school_class: SchoolClass, subject: Subject) -> str:
    here = year.back == 0 and any((subject.name, one) in KEPT_HERE for one in (None, school_class.grade))
    return Kept.HERE if here else Kept.ELSEWHERE


def _scale(school_class: SchoolClass, subject: Subject) -> str:
    if school_class.grade == 1:
        return Scale.NONE
    return Scale.PASS if subject.name == CREDIT_SUBJECT else Scale.FIVE


def _is_stale(year: Year, school_class: SchoolClass, subject: Subject) -> bool:
    return year.back == 0 and subject.name == STALE_SUBJECT and school_class.grade == STALE_GRADE


def _taken(year: Year, school_class: SchoolClass, subject: Subject) -> datetime.datetime | None:
    if _kept(year, school_class, subject) == Kept.HERE:
        return None
    stale = _is_stale(year, school_class, subject)
    return year.batch.as_of - datetime.timedelta(days=STALE_DAYS) if stale else year.batch.as_of


def _loads(year: Year, books: dict[SchoolClass, list[Gradebook]], hours: dict) -> None:
    """Class teachers of the primary school teach nearly everything; other subjects have teachers of their group."""
    groups, leaders = defaultdict(list), {}
    posts = Appointment.objects.filter(position__code="teacher").select_related("person", "method_group")
    for post in posts.order_by("pk"):
        groups[post.method_group.name if post.method_group else ""].append(post.person)
    for people in groups.values():
        people.sort(key=lambda one: (not one.username.startswith("teacher"), one.pk))
    for post in Appointment.objects.filter(school_class__in=books, position__code="class_teacher"):
        leaders[post.school_class_id] = post.person_id
    rows = []
    for school_class, own in books.items():
        for book in own:
            teacher = _teacher(book, school_class, leaders, groups)
            if teacher is not None:
                rows.append(
                    TeachingLoad(
                        gradebook=book, teacher_id=teacher, starts=year.row.starts, ends=year.row.ends,
                        hours=hours[school_class.grade][book.subject], basis="Приказ об учебной нагрузке",
                    )
                )  # fmt: skip
    TeachingLoad.objects.bulk_create(rows, batch_size=BATCH)


def _teacher(book: Gradebook, school_class: SchoolClass, leaders: dict, groups: dict) -> int | None:
    if school_class.grade < 5 and book.subject.name not in OF_SPECIALISTS:
        return leaders.get(school_class.pk)
    if book.subject.name in SPORT:
        group = staff.SPORT_AND_LABOUR
    else:
        group = staff.SCIENCES if book.subject.area.name in SCIENCES else staff.HUMANITIES
    people = groups.get(group) or next(iter(groups.values()), [])
    if not people:
        return leaders.get(school_class.pk)
    place = FIRST.get(book.subject.name, sum(map(ord, book.subject.name)) + school_class.grade // 3)
    return people[place % len(people)].pk


def _council(year: Year, current: AcademicYear, books: dict, by: User) -> Council | None:
    """The council of the first term, where that is over: it confirmed what the school keeps here."""
    terms = periods_of(current, 9)
    if year.back or not terms or terms[0].ends > year.last:
        return None
    council = Council.objects.create(
        year=year.row, kind=ResultKind.TERM, number=1, state="confirmed", date=terms[0].ends, minutes_number="2",
        minutes_date=terms[0].ends,
    )  # fmt: skip
    council.classes.set([one for one in books if one.grade > 1])
    return council


def _write_class(rng, year, current, school_class, books, hours, enrolments, level, council, lines, rows: Rows) -> None:
    days, terms = year.days(school_class.grade, current)
    plan = hours.get(school_class.grade, {})
    held = _held(books, plan, days, lines)
    for enrolment in enrolments:
        own_days = [day for day in days if enrolment.in_force_on(day)]
        away = marks.absences(rng, own_days)
        present = set(own_days)
        for book in books:
            last = year.last - STALE_DAYS * DAY if _is_stale(year, school_class, book.subject) else year.last
            lessons = [one for one in held[book] if one[0] in present and one[0] <= last]
            batch = year.batch if book.kept == Kept.ELSEWHERE else None
            _absences(rng, rows, book, enrolment.pupil_id, lessons, away, batch)
            if book.scale == Scale.NONE:
                continue
            own = rng.gauss(level[enrolment.pupil_id], 0.25)
            given = marks.marks(rng, own, plan[book.subject], lessons, away) if book.scale == Scale.FIVE else []
            rows.marks += [_mark(book, enrolment.pupil_id, one, batch) for one in given]
            _results(rng, rows, year, book, enrolment, given, terms, batch, council)


def _held(books: list[Gradebook], plan: dict, days: list[datetime.date], lines) -> dict[Gradebook, list[tuple]]:
    """Lessons of a class, by its timetable; of a year whose timetable nobody keeps, by the hours."""
    if lines:
        found = timetable_writer.held(lines, days)
        return {book: found.get(book.pk, []) for book in books}
    return {book: marks.lessons(place, plan[book.subject], days) for place, book in enumerate(books)}


def _mark(book: Gradebook, pupil: int, one: Given, batch: ImportBatch | None) -> Mark:
    return Mark(
        gradebook=book, pupil_id=pupil, date=one.date, slot=one.slot, value=str(one.number), number=one.number,
        weight=Decimal(one.weight) / 100, work=one.work, batch=batch,
    )  # fmt: skip


def _absences(rng: Random, rows: Rows, book: Gradebook, pupil: int, lessons: list, away: dict, batch) -> None:
    for day, slot in lessons:
        code = away.get(day) or (Absence.Code.LATE if rng.random() < marks.LATE else None)
        if code:
            rows.absences.append(
                Absence(gradebook=book, pupil_id=pupil, date=day, slot=slot, code=code, batch=batch)
            )  # fmt: skip


def _results(rng, rows: Rows, year: Year, book, enrolment, given: list[Given], terms, batch, council) -> None:
    """Of terms that are over, and of a whole year that is; the council confirms what is kept here."""
    numbers = []

    def add(kind: str, number: int, value: str, average: int | None = None) -> None:
        rows.results.append(
            Result(
                pupil_id=enrolment.pupil_id, year=year.row, subject=book.subject, kind=kind, number=number, value=value,
                average=None if average is None else Decimal(average) / 100, gradebook=book, batch=batch,
                council=None if batch else council,
            )
        )  # fmt: skip

    for term in terms:
        if term.ends > year.last or not enrolment.in_force_on(term.ends) and year.back == 0:
            continue
        of_term = [one for one in given if term.holds(one.date)]
        average = marks.mean(of_term)
        if book.scale == Scale.PASS:
            add(ResultKind.TERM, term.number, "зач")
        elif average is None:
            add(ResultKind.TERM, term.number, "н/а")
        elif rng.random() > 0.004:  # now and then one is forgotten
            numbers.append((average + 50) // 100)
            add(ResultKind.TERM, term.number, str(numbers[-1]), average)
    if year.back == 0 or not terms:
        return
    final = "зач" if book.scale == Scale.PASS else str((2 * sum(numbers) + len(numbers)) // (2 * len(numbers) or 1))
    if book.scale == Scale.PASS or numbers:
        add(ResultKind.YEAR, 0, final)
        add(ResultKind.FINAL, 0, final)
