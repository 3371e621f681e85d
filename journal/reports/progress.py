"""How a pupil gets on: results of a year subject by subject, the mean of every term, attendance."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import AcademicYear, Enrolment, SchoolClass, User
from journal import rights
from journal.models import Absence, Gradebook, Mark, Result
from journal.models.councils import ResultKind
from journal.reports import attendance, whole_days
from journal.reports.terms import TITLES, YearDays
from journal.scales import average
from journal.statistics import Counts
from resources import charts
from resources.models import Subject

# How many terms the chart holds.
ON_CHART = 8


@dataclass(frozen=True)
class Row:
    """A subject: values under the columns, and the mean of the marks of the running term."""

    subject: Subject
    values: list[str]
    current: Decimal | None


@dataclass(frozen=True)
class Point:
    """A term of a year: the mean of its results over subjects, and how many there are."""

    title: str
    mean: Decimal
    subjects: int


@dataclass(frozen=True)
class Progress:
    pupil: User
    school_class: SchoolClass | None
    columns: list[str]
    rows: list[Row]
    means: list[Decimal | None]
    points: list[Point]
    running: str
    missed: list[tuple[str, attendance.Tally]]

    @property
    def has_whole_days(self) -> bool:
        return self.missed[-1][1].whole is not None

    @property
    def chart(self) -> charts.Chart | None:
        """The means of terms; nothing to draw without two."""
        if len(self.points) < 2:
            return None
        series = [charts.Column(int(one.mean * 100), _comma(one.mean), one.title) for one in self.points]
        return charts.columns(series, top=500, places=max(len(series), 4), width=64, gap=10)

    @property
    def spoken(self) -> str:
        """The chart in words."""
        return "Средний балл по периодам: " + "; ".join(f"{one.title} — {_comma(one.mean)}" for one in self.points)


def _comma(number: Decimal) -> str:
    return str(number).replace(".", ",")


def mean_of(values: Iterable[str]) -> Decimal | None:
    """The mean of those results that are marks, two decimals, half up."""
    return Counts.of(values).mean


def pupils_seen(person: User, date: datetime.date) -> QuerySet[User]:
    """Pupils whose progress the person sees, in all subjects or in those the person teaches."""
    if rights.reads_all(person):
        return rights.diaries_of(person, date)
    books = rights.gradebooks_seen(person, date)
    enrolled = Q(school_class__enrolments__pupil=OuterRef("pk"))
    member = Q(subgroup__isnull=True) | Q(subgroup__members__pupil=OuterRef("pk"))
    return User.objects.filter(
        Q(pk__in=rights.diaries_of(person, date).values("pk")) | Exists(books.filter(enrolled, member))
    )


def is_whole(person: User, pupil: User, date: datetime.date) -> bool:
    """All subjects and the reasons of absence, not the own subjects alone."""
    return rights.diaries_of(person, date).filter(pk=pupil.pk).exists()


def progress(person: User, pupil: User, year: AcademicYear, date: datetime.date) -> Progress:
    """Constant queries, whatever the pupil has."""
    whole, days = is_whole(person, pupil, date), YearDays(year)
    books = None if whole else rights.gradebooks_seen(person, date)
    results = list(_of_books(Result.objects.filter(pupil=pupil), books).select_related("subject__area", "year"))
    school_class = _class_in(pupil, year)
    grade = school_class.grade if school_class else 0
    columns = _columns(days, grade, [one for one in results if one.year_id == year.pk])
    running = next((one for one in days.periods.get(grade, ()) if one.holds(date)), None)
    means = _running_means(pupil, running, books) if running else {}
    rows = _rows([one for one in results if one.year_id == year.pk], columns, means)
    by_column = [[row.values[place] for row in rows] for place in range(len(columns))]
    return Progress(
        pupil, school_class, [title for _, _, title in columns], rows, [mean_of(one) for one in by_column],
        _points(results), running.name if running else "", _missed(pupil, year, days, grade, date, books),
    )  # fmt: skip


def years_of(pupil: User) -> list[AcademicYear]:
    """Years in which the pupil was in a class, newest first."""
    return list(AcademicYear.objects.filter(classes__enrolments__pupil=pupil).distinct())


def _of_books(rows: QuerySet, books: QuerySet[Gradebook] | None) -> QuerySet:
    return rows if books is None else rows.filter(gradebook__in=books)


def _class_in(pupil: User, year: AcademicYear) -> SchoolClass | None:
    """The class of the year, the last one where there were two."""
    rows = Enrolment.objects.filter(pupil=pupil, school_class__year=year).select_related("school_class__year")
    row = rows.order_by("-starts").first()
    return row.school_class if row else None


def _columns(days: YearDays, grade: int, results: list[Result]) -> list[tuple[str, int, str]]:
    """Terms of the calendar and of the results, then the year, the exam, the final one, if there are any."""
    numbers = {one.number for one in results if one.kind == ResultKind.TERM}
    numbers |= {one.number for one in days.periods.get(grade, ())}
    terms = [(ResultKind.TERM, number, days.title(number, max(numbers))) for number in sorted(numbers)]
    kinds = {one.kind for one in results}
    return terms + [(kind, 0, title) for kind, title in TITLES.items() if kind in kinds]


def _rows(results: list[Result], columns: list, means: dict[int, Decimal]) -> list[Row]:
    found, subjects = defaultdict(dict), {}
    for one in results:
        found[one.subject_id][one.kind, one.number] = one.value
        subjects[one.subject_id] = one.subject
    missing = Subject.objects.select_related("area").in_bulk([key for key in means if key not in subjects])
    subjects |= missing
    ordered = sorted(subjects.values(), key=lambda one: (one.area.order, one.order, one.name))
    return [
        Row(one, [found[one.pk].get((kind, number), "") for kind, number, _ in columns], means.get(one.pk))
        for one in ordered
    ]


def _running_means(pupil: User, period, books: QuerySet | None) -> dict[int, Decimal]:
    """Weighed means of the running term by subject."""
    marks = defaultdict(list)
    rows = _of_books(Mark.objects.of_pupil(pupil, period.starts, period.ends).filter(number__isnull=False), books)
    for subject, number, weight in rows.values_list("gradebook__subject", "number", "weight"):
        marks[subject].append((number, weight))
    return {subject: average(own) for subject, own in marks.items()}


def _points(results: list[Result]) -> list[Point]:
    """Terms of all years in order, the last ones."""
    terms = defaultdict(list)
    for one in results:
        if one.kind == ResultKind.TERM:
            terms[one.year.starts, one.number].append(one.value)
    found = []
    for (starts, number), values in sorted(terms.items()):
        mean = mean_of(values)
        if mean is not None:
            found.append(Point(f"{number}-й, {starts:%y}/{starts.year + 1 - 2000:02d}", mean, len(values)))
    return found[-ON_CHART:]


def _missed(pupil, year, days: YearDays, grade: int, date, books) -> list[tuple[str, attendance.Tally]]:
    """Absences of each term that has begun, and of the whole year; six queries. Whole days where all is seen."""
    rows = _of_books(Absence.objects.of_pupil(pupil, year.starts, year.ends), books).exclude(code=Absence.Code.EXEMPT)
    listed = list(rows.values_list("gradebook", "date", "code"))
    whole = None
    if books is None:
        lost = [(pupil.pk, book, day) for book, day, code in listed if code in Absence.MISSED]
        found = whole_days.of_pupils([pupil.pk], year, year.starts, min(date, year.ends), lost)
        whole = None if found is None else found.get(pupil.pk, set())
    terms = [
        (one.name, _tally(listed, whole, one.starts, one.ends))
        for one in days.periods.get(grade, ()) if one.starts <= date
    ]  # fmt: skip
    title = "С начала года" if date <= year.ends else "За год"
    return [*terms, (title, _tally(listed, whole, year.starts, year.ends))]


def _tally(listed: list[tuple], whole: set[datetime.date] | None, starts, ends) -> attendance.Tally:
    """Of the days from–to."""
    rows = [(day, code) for _, day, code in listed if starts <= day <= ends]
    return attendance.tally(rows, None if whole is None else sum(starts <= day <= ends for day in whole))
