"""Of what a person's reports are made: the year, and the gradebooks that the person may read (access.md, «Rows»)."""

import datetime
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q, QuerySet

from accounts.models import AcademicYear, Enrolment, SchoolClass, User
from journal import rights
from journal.models import Gradebook
from journal.reports.terms import YearDays


def opens_to(person: User, date: datetime.date) -> bool:
    """Whether there is anything to report to the person at all."""
    return rights.reads_all(person) or bool(person.led_classes) or rights.gradebooks_seen(person, date).exists()


@dataclass(frozen=True)
class Scope:
    """A year as a person may see it. `date` is today; the moment of calculation is `counted_on`."""

    person: User
    year: AcademicYear
    date: datetime.date

    @cached_property
    def is_whole(self) -> bool:
        return rights.reads_all(self.person)

    @cached_property
    def days(self) -> YearDays:
        return YearDays(self.year)

    @property
    def counted_on(self) -> datetime.date:
        return self.days.counted_on(self.date)

    @cached_property
    def books(self) -> dict[int, Gradebook]:
        """The gradebooks that are seen, by key, in order of classes and subjects."""
        rows = (
            rights.gradebooks_seen(self.person, self.date).of_year(self.year).listed().select_related("subject__area")
        )
        return {one.pk: one for one in rows}

    @cached_property
    def classes(self) -> dict[int, SchoolClass]:
        """Classes of the gradebooks; for the management every class of the year."""
        if self.is_whole:
            return {one.pk: one for one in self.year.classes.select_related("year").order_by("grade", "letter")}
        return {one.school_class_id: one.school_class for one in self.books.values()}

    @cached_property
    def whole_classes(self) -> dict[int, SchoolClass]:
        """Classes all of whose subjects are seen: there pupils are counted by all their results."""
        if self.is_whole:
            return self.classes
        return {one.pk: one for one in self.person.led_classes if one.year_id == self.year.pk}

    def of_books(self, rows: QuerySet) -> QuerySet:
        """Rows of gradebooks (marks, absences, results) narrowed to what is seen of the year."""
        if self.is_whole:
            return rows.filter(gradebook__school_class__year=self.year)
        return rows.filter(gradebook__in=list(self.books))

    def studying(self) -> Q:
        """Of rows of pupils: who is in a class of the year at the moment of calculation; the departed are left out."""
        return studying(self.year, self.counted_on)

    def pupils_of(self, school_class: SchoolClass) -> list[User]:
        """The class at the moment of calculation, by name."""
        rows = Enrolment.objects.on(self.counted_on).filter(school_class=school_class)
        return [row.pupil for row in rows.select_related("pupil").order_by("pupil__sort_name", "pupil__pk")]


def studying(year: AcademicYear, date: datetime.date) -> Q:
    path = "pupil__enrolments__"
    lasts = Q(**{f"{path}ends__isnull": True}) | Q(**{f"{path}ends__gte": date})
    return Q(**{f"{path}school_class__year": year, f"{path}starts__lte": date}) & lasts
