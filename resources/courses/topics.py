"""Programmes and topics that a course may serve (1.6). Reads only."""

import datetime
from collections.abc import Iterable

from django.db.models import BooleanField, ExpressionWrapper, Prefetch, Q, QuerySet

from resources.models import Course, Programme, Topic

MOST = 30


def with_topics(keys: Iterable) -> QuerySet[Programme]:
    """Approved programmes of these keys with their topics; two queries. What is no key is passed over."""
    numbers = [int(key) for key in keys if str(key).isdecimal() and len(str(key)) < 10]
    topics = Prefetch("topics", queryset=Topic.objects.order_by("position"))
    return Programme.objects.approved().filter(pk__in=numbers).for_lists().prefetch_related(topics)


def chosen(course: Course, programmes: Iterable[Programme], *, is_asked: bool) -> QuerySet[Programme]:
    """Those named in the address; where none is asked for, those that the course names already."""
    return with_topics([one.pk for one in (programmes if is_asked else course.programmes.all())])


def found(query: str, besides: Iterable[Programme], course: Course, date: datetime.date) -> list[Programme]:
    """Approved programmes of the words, else of the course's subject and grades; the current year's first."""
    current = ExpressionWrapper(Q(year__starts__lte=date, year__ends__gte=date), output_field=BooleanField())
    rows = Programme.objects.approved().exclude(pk__in=[one.pk for one in besides]).for_lists()
    if query:
        rows = rows.matching(query)
    elif course.subject_id:
        rows = rows.filter(subject=course.subject_id)
    if not query and course.grade_from:
        rows = rows.filter(grade_from__lte=course.grade_to, grade_to__gte=course.grade_from)
    order = ("-is_current", "-year__starts", "grade_from", "subject__name", "title", "pk")
    return list(rows.annotate(is_current=current).order_by(*order)[:MOST])


def ticked(course: Course, typed: list[str] | None) -> set[int]:
    """Keys of topics that stand ticked: as typed, or as stored."""
    if typed is not None:
        return {int(key) for key in typed if key.isdecimal()}
    return set(course.topics.values_list("pk", flat=True))
