"""Subgroups of classes with their pupils, as pages show them. Reads only."""

import datetime

from django.db.models import Count, Q, QuerySet

from accounts.models import AcademicYear, SchoolClass, User
from journal.models import Subgroup, SubgroupMember


def listed(year: AcademicYear | None, date: datetime.date) -> QuerySet[Subgroup]:
    """Subgroups of the year, each with `size` on the date."""
    now = Q(members__starts__lte=date) & (Q(members__ends__isnull=True) | Q(members__ends__gte=date))
    rows = Subgroup.objects.filter(school_class__year=year).annotate(size=Count("members", filter=now))
    rows = rows.select_related("school_class", "subject", "gradebook")
    return rows.order_by("school_class__grade", "school_class__letter", "subject__name", "name")


def siblings(subgroup: Subgroup) -> list[Subgroup]:
    """All subgroups of the same class and subject."""
    return list(Subgroup.objects.filter(school_class=subgroup.school_class_id, subject=subgroup.subject_id))


def pupils_of(school_class: SchoolClass, date: datetime.date) -> list[User]:
    return list(User.objects.in_classes([school_class], date).order_by("sort_name", "pk"))


def membership(groups: list[Subgroup], date: datetime.date) -> dict[int, int]:
    """Pupil → subgroup on the date."""
    rows = SubgroupMember.objects.on(date).filter(subgroup__in=groups)
    return dict(rows.values_list("pupil", "subgroup"))
