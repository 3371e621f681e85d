"""Whose class pages a person may open. Reads only."""

import datetime
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from accounts.models import AcademicYear, Appointment, Enrolment, SchoolClass, User
from accounts.models.people import MANAGEMENT_LEVEL


def classes_of(person: User, date: datetime.date) -> QuerySet[SchoolClass]:
    """The classes that one leads; for the management all classes of the year. In order of grade."""
    classes = SchoolClass.objects.filter(pk__in=[one.pk for one in person.led_classes])
    if person.level >= MANAGEMENT_LEVEL:
        classes |= SchoolClass.objects.of_year_on(date)
    return classes.order_by("grade", "letter", "-year__starts")


def with_leaders(classes: QuerySet[SchoolClass], date: datetime.date) -> QuerySet[SchoolClass]:
    """Each class with its class teachers in `led_by`; one query more for all."""
    rows = Appointment.objects.on(date).filter(position__code="class_teacher").select_related("person")
    return classes.prefetch_related(Prefetch("leaders", rows, to_attr="led_by"))


def led_among(classes: Iterable[SchoolClass], date: datetime.date) -> set[int]:
    """Keys of those that have a class teacher on the date."""
    rows = Appointment.objects.on(date).filter(position__code="class_teacher", school_class__in=classes)
    return set(rows.order_by().values_list("school_class", flat=True))


def unled_enrolments(date: datetime.date) -> QuerySet[Enrolment]:
    """Of pupils of classes that have no class teacher on the date."""
    led = Appointment.objects.on(date).filter(position__code="class_teacher", school_class=OuterRef("school_class"))
    return Enrolment.objects.on(date).filter(~Exists(led))


def readable_years(person: User) -> QuerySet[AcademicYear]:
    """Years whose classes one may read through, newest first: for the management all."""
    years = AcademicYear.objects.all() if person.level >= MANAGEMENT_LEVEL else AcademicYear.objects.none()
    return years.order_by("-starts")


def readable_classes(person: User) -> QuerySet[SchoolClass]:
    """Classes whose lists one may read: the own ones; for the management all, of past and coming years too."""
    if person.level >= MANAGEMENT_LEVEL:
        return SchoolClass.objects.all()
    return SchoolClass.objects.filter(pk__in=[one.pk for one in person.led_classes])


def members_of(school_class: SchoolClass, date: datetime.date) -> tuple[list[Enrolment], list[Enrolment]]:
    """Who is in the class on the date, by name, and who had left it by then; one query."""
    rows = Enrolment.objects.filter(school_class=school_class, starts__lte=date)
    rows = list(rows.select_related("pupil", "order", "ended_by").order_by("pupil__sort_name", "starts"))
    here = [row for row in rows if row.in_force_on(date)]
    return here, [row for row in rows if not row.in_force_on(date)]
