"""A pupil's diary: marks, results and absences of a year, for the family and for those who see all. Reads only."""

import datetime
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q, QuerySet

from accounts.models import AcademicYear, Enrolment, SchoolClass, User
from eios.lib.composed import composed
from journal import freshness, rights, summary
from journal.models import Absence, Gradebook, Kept, Mark, Result, ResultKind, Scale, SubgroupMember
from journal.periods import Period, period_on, periods_of_class
from journal.work_words import work_words

WHOLE = "Весь год"
OF_YEAR = {ResultKind.YEAR: "Год", ResultKind.EXAM: "Экзамен", ResultKind.FINAL: "Итог"}


class Book(NamedTuple):
    """What a diary needs of a gradebook."""

    pk: int
    subject: int
    name: str
    scale: str
    kept: str
    source: str | None
    mirrored_at: datetime.datetime | None


@dataclass(frozen=True)
class Diary:
    """One pupil in one year and period; `heads` are titles of the results' columns.

    `sources`: as of when the mirrors are; `graded`: keys of subjects that are marked 2–5.
    """

    pupil: User
    year: AcademicYear
    years: list[AcademicYear]
    school_class: SchoolClass | None
    periods: list[Period]
    period: Period
    rows: list[summary.SubjectRow]
    heads: list[str]
    missed: summary.Missed
    sources: list[tuple[str, datetime.datetime]]
    graded: frozenset[int]
    is_unmarked: bool

    @property
    def is_empty(self) -> bool:
        return all(row.is_empty for row in self.rows)

    @property
    def days(self):
        return summary.by_day(self.rows)


def children_of(person: User, date: datetime.date) -> list[User]:
    """Whose diaries are one's own: oneself, and the children, by name. Asks the database about parents only."""
    if not person.is_parent:
        return [person] if person.is_pupil else []
    return list(rights.own_diaries(person, date).order_by("sort_name", "pk"))


def diary_of(
    pupil: User, date: datetime.date, *, year: int | None = None, period: int | None = None, for_family: bool = True
) -> Diary | None:
    """Of the year with this key, else the current one, else the pupil's last; None of one who was in no class.

    Seven queries. Families see confirmed results only (1.3 b).
    """
    places = list(Enrolment.objects.filter(pupil=pupil).select_related("school_class__year").order_by("-starts", "-pk"))
    years = list(dict.fromkeys(row.school_class.year for row in places))
    chosen = next((one for one in years if one.pk == year), None)
    chosen = chosen or next((one for one in years if one.starts <= date <= one.ends), next(iter(years), None))
    if chosen is None:
        return None
    classes = [row.school_class for row in places if row.school_class.year_id == chosen.pk]
    periods = periods_of_class(classes[0])
    whole = Period(0, WHOLE, chosen.starts, chosen.ends)
    shown = whole if period == 0 else _period(periods, period, min(date, chosen.ends)) or whole
    books = [Book(*row) for row in _gradebooks(pupil.pk, chosen.pk)]
    marks, absences = _cells(pupil, {book.pk: book.subject for book in books}, shown)
    results = {
        (subject, f"{kind}-{number}"): value
        for subject, kind, number, value in _results(pupil.pk, chosen.pk, for_family=for_family)
    }
    keys = [(f"{ResultKind.TERM}-{one.number}", one.name) for one in periods]
    keys += [(f"{kind}-0", title) for kind, title in OF_YEAR.items()]
    given = {key for _, key in results}
    keys = [(key, title) for key, title in keys if key in given]
    subjects = list({book.subject: book.name for book in books}.items())
    rows = summary.by_subject(subjects, marks, absences, results, [key for key, _ in keys])
    return Diary(
        pupil, chosen, years, classes[0], periods, shown, rows, [title for _, title in keys],
        summary.missed(absences),
        freshness.sources_of((book.source, book.mirrored_at) for book in books if book.kept == Kept.ELSEWHERE),
        frozenset(book.subject for book in books if book.scale == Scale.FIVE),
        bool(books) and all(book.scale == Scale.NONE for book in books),
    )  # fmt: skip


def _period(periods: list[Period], number: int | None, date: datetime.date) -> Period | None:
    return next((one for one in periods if one.number == number), None) or period_on(periods, date)


@composed
def _gradebooks(pupil: int, year: int) -> QuerySet:
    """Of the pupil's classes in the year, in order of subjects; of subgroups only the own ones."""
    classes = Enrolment.objects.filter(pupil=pupil, school_class__year=year).values("school_class")
    own = SubgroupMember.objects.filter(pupil=pupil).values("subgroup")
    rows = Gradebook.objects.filter(Q(subgroup__isnull=True) | Q(subgroup__in=own), school_class__in=classes)
    rows = rows.order_by("subject__area__order", "subject__order", "subject__name", "pk")
    return rows.values_list("pk", "subject", "subject__name", "scale", "kept", "mirrored_by__source", "mirrored_at")


def _cells(pupil: User, subjects: dict[int, int], period: Period) -> tuple[list, list]:
    """Marks and absences in these gradebooks, key → subject; the index of the pupil and the day finds them."""
    days = pupil.pk, period.starts, period.ends
    return (
        [summary.Given(subjects[book], *rest) for book, *rest in _marks(*days) if book in subjects],
        [summary.Away(subjects[book], *rest) for book, *rest in _absences(*days) if book in subjects],
    )


@composed
def _marks(pupil: int, since: datetime.date, until: datetime.date) -> QuerySet:
    marks = Mark.objects.of_pupil(pupil, since, until).order_by("date", "slot", "place")
    return marks.values_list("gradebook", "date", "slot", "value", "number", "weight", work_words(), "comment")


@composed
def _absences(pupil: int, since: datetime.date, until: datetime.date) -> QuerySet:
    absences = Absence.objects.of_pupil(pupil, since, until).order_by("date", "slot")
    return absences.values_list("gradebook", "date", "slot", "code")


@composed
def _results(pupil: int, year: int, *, for_family: bool) -> QuerySet:
    rows = Result.objects.of_year(year).filter(pupil=pupil)
    rows = rows.for_families() if for_family else rows
    return rows.values_list("subject", "kind", "number", "value")


def numbers_in(diary: Diary, subject: int) -> list:
    """(mark, weight) of a subject in the diary's period, for «what if»."""
    row = next((one for one in diary.rows if one.key == subject), None)
    lessons = row.lessons if row else []
    return [(one.number, one.weight) for lesson in lessons for one in lesson.marks if one.number is not None]
