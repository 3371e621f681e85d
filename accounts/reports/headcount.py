"""How many pupils each class, grade and level has on a date."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count

from accounts.models import AcademicYear, Enrolment, SchoolClass
from eios.lib.dates import school_year_start

# Levels of general education by their last grade.
LEVELS = ((4, "Начальное общее, 1–4 классы"), (9, "Основное общее, 5–9 классы"), (12, "Среднее общее, 10–12 классы"))
COUNT_DAY = (9, 20)


@dataclass(frozen=True)
class ClassCount:
    school_class: SchoolClass
    pupils: int


@dataclass(frozen=True)
class Group:
    """A grade or a level: its classes with their counts."""

    title: str
    classes: tuple[ClassCount, ...]

    @property
    def pupils(self) -> int:
        return sum(row.pupils for row in self.classes)

    @property
    def average(self) -> float | None:
        """Pupils to a class; None without classes."""
        return self.pupils / len(self.classes) if self.classes else None


@dataclass(frozen=True)
class Headcount:
    date: datetime.date
    classes: tuple[ClassCount, ...]

    @property
    def school(self) -> Group:
        return Group("Школа", self.classes)

    @property
    def grades(self) -> list[Group]:
        rows_of: dict[int, list[ClassCount]] = {}
        for row in self.classes:
            rows_of.setdefault(row.school_class.grade, []).append(row)
        return [Group(str(grade), tuple(rows)) for grade, rows in rows_of.items()]

    @property
    def levels(self) -> list[Group]:
        """Levels that have a class."""
        return [Group(title, rows) for title, rows in self._by_level() if rows]

    def _by_level(self) -> Iterator[tuple[str, tuple[ClassCount, ...]]]:
        first = 1
        for last, title in LEVELS:
            yield title, tuple(row for row in self.classes if first <= row.school_class.grade <= last)
            first = last + 1


def headcount(date: datetime.date) -> Headcount:
    """Classes of the year that holds the date, empty ones too; two queries."""
    rows = Enrolment.objects.on(date).order_by().values_list("school_class").annotate(Count("pupil", distinct=True))
    counts = dict(rows)
    classes = SchoolClass.objects.of_year_on(date) | SchoolClass.objects.filter(pk__in=counts)
    order = classes.order_by("grade", "letter", "pk")
    return Headcount(date, tuple(ClassCount(one, counts.get(one.pk, 0)) for one in order))


def count_day(date: datetime.date) -> datetime.date:
    """20 September of the school year that holds the date: schools are counted then."""
    year = AcademicYear.objects.on(date).first()
    starts = year.starts if year else school_year_start(date)
    return datetime.date(starts.year, *COUNT_DAY)
