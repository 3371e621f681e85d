"""Whom a gradebook is about, and who enters something there."""

import datetime
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import AcademicYear, Enrolment, Relation, User
from journal import rights
from journal.models import Gradebook, SubgroupMember


def within(year: AcademicYear, date: datetime.date) -> datetime.date:
    """The date, or the nearest day of the year."""
    return min(max(date, year.starts), year.ends)


def day_of(gradebook: Gradebook, date: datetime.date) -> datetime.date:
    return within(gradebook.school_class.year, date)


def pupils_of(gradebook: Gradebook, date: datetime.date, *, also: Iterable[int] = ()) -> list[User]:
    """Pupils of the class or subgroup on the date, of a past year at its end, by name; and those who have a row."""
    day = day_of(gradebook, date)
    here = Exists(Enrolment.objects.on(day).filter(pupil=OuterRef("pk"), school_class=gradebook.school_class_id))
    if gradebook.subgroup_id:
        here &= Exists(SubgroupMember.objects.on(day).filter(pupil=OuterRef("pk"), subgroup=gradebook.subgroup_id))
    return list(User.objects.filter(Q(here) | Q(pk__in=list(also))).order_by("sort_name", "pk"))


def keys_of(gradebooks: Iterable[Gradebook], date: datetime.date) -> dict[int, set[int]]:
    """Key of a gradebook → keys of its pupils; two queries, all of one year."""
    gradebooks = list(gradebooks)
    if not gradebooks:
        return {}
    day = day_of(gradebooks[0], date)
    classes, groups = defaultdict(set), defaultdict(set)
    rows = Enrolment.objects.on(day).filter(school_class__in={one.school_class_id for one in gradebooks})
    for key, pupil in rows.values_list("school_class_id", "pupil_id"):
        classes[key].add(pupil)
    members = SubgroupMember.objects.on(day).filter(subgroup__in=[one.subgroup_id for one in gradebooks])
    for key, pupil in members.values_list("subgroup_id", "pupil_id"):
        groups[key].add(pupil)
    found = {}
    for one in gradebooks:
        of_class = classes[one.school_class_id]
        found[one.pk] = of_class & groups[one.subgroup_id] if one.subgroup_id else of_class
    return found


def may_enter(person: User, gradebook: Gradebook, date: datetime.date) -> bool:
    """Results: the subject's teacher, of a past year who taught when it ended, or the deputy head (7.2)."""
    return rights.manages(person) or rights.teaches(person, gradebook, day_of(gradebook, date))


def own_pupils(person: User, date: datetime.date) -> QuerySet[User]:
    """Oneself, and the own children: whose results a family looks at."""
    children = Relation.objects.living(date).filter(parent=person).values("pupil")
    own = Q(pk=person.pk) if person.is_pupil else Q(pk__in=[])
    return User.objects.filter(own | Q(pk__in=children)).order_by("sort_name", "pk")


def family_of(pupil: User, date: datetime.date) -> QuerySet[User]:
    """The pupil and the parents: who is told of the pupil's attestation."""
    parents = Relation.objects.living(date).filter(pupil=pupil).values("parent")
    return User.objects.filter(Q(pk=pupil.pk) | Q(pk__in=parents))


def employees(date: datetime.date) -> QuerySet[User]:
    """Who may sit in a commission."""
    return User.objects.with_standing(date).filter(standing_employee=True).order_by("sort_name", "pk")
