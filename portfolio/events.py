"""Events and their participants as pages show them (11.1). Reads only."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from accounts.models import AcademicYear, Enrolment, SchoolClass, User
from eios.lib import search
from portfolio import rights
from portfolio.models import Achievement, Event, Outcome, title_key

# So many people a search by name offers at once.
MOST_FOUND = 30
# What an entry says of the participant, beside what it copies of the event.
OWN = ("outcome", "place", "team", "mentor", "grade_performed")


@dataclass(frozen=True)
class Participant:
    """Who took part with what result."""

    pupil: User
    outcome: str
    place: str = ""
    team: str = ""
    mentor: str = ""
    grade_performed: int | None = None


def listed(person: User, filters: dict[str, str]) -> QuerySet[Event]:
    """Events by what the filters choose, the newest first, each with the number of its participants."""
    rows = Event.objects.select_related("subject", "created_by").annotate(size=Count("participants"))
    for name in ("sphere", "level"):
        if filters[name]:
            rows = rows.filter(**{name: filters[name]})
    if year := AcademicYear.objects.filter(pk=filters["year"] or None).first():
        rows = rows.filter(date__gte=year.starts, date__lte=year.ends)
    if filters["mine"]:
        rows = rows.filter(created_by=person)
    return rows.filter(_matching(filters["q"])).order_by("-date", "title", "pk")


def _matching(query: str) -> Q:
    found = Q()
    for word in search.words(query)[: search.MAX_QUERY_WORDS]:
        found &= Q(title_key__contains=search.stem(word))
    return found


def years() -> list[AcademicYear]:
    return list(AcademicYear.objects.order_by("-starts"))


def keeps(person: User, event: Event) -> bool:
    """May the person see and enter its participants, change it, remove it?"""
    return rights.manages(person) or event.created_by_id == person.pk


def twin_of(event: Event) -> Event | None:
    """Another event that is the same: title however written, day, level, stage and subject."""
    same = {name: getattr(event, name) for name in ("date", "level", "stage", "subject")}
    rows = Event.objects.filter(title_key=title_key(event.title), **same).exclude(pk=event.pk)
    return rows.select_related("created_by").first()


def participants(event: Event) -> QuerySet[Achievement]:
    """By result, then by name; `class_then` is the class on the day."""
    places = Enrolment.objects.on(event.date).filter(pupil=OuterRef("pupil")).order_by("-starts", "-pk")
    rows = event.participants.select_related("pupil").annotate(class_pk=Subquery(places.values("school_class")[:1]))
    return rows.order_by("pupil__sort_name", "pk")


def by_outcome(rows: list[Achievement]) -> list[Achievement]:
    """Winners first; within a result as they came."""
    order = list(Outcome)
    return sorted(rows, key=lambda row: order.index(row.outcome))


def classes_of(rows: list[Achievement]) -> dict[int, SchoolClass]:
    return SchoolClass.objects.in_bulk({row.class_pk for row in rows} - {None})


def classes_on(date: datetime.date) -> QuerySet[SchoolClass]:
    """Classes of the school year of the day."""
    return SchoolClass.objects.of_year_on(date).select_related("year").order_by("grade", "letter")


def pupils_to_choose(event: Event, school_class: SchoolClass | None, query: str) -> list[tuple[User, SchoolClass]]:
    """Who learned in the class, or is called so, on the day of the event: with the class, by name. Two queries."""
    rows = Enrolment.objects.on(event.date)
    if school_class is not None:
        rows = rows.filter(school_class=school_class)
    if query:
        rows = rows.filter(pupil__in=User.objects.matching(query).values("pk"))
    if school_class is None and not query:
        return []
    rows = rows.select_related("pupil", "school_class").order_by("pupil__sort_name", "pupil", "-starts", "-pk")
    found = {row.pupil_id: (row.pupil, row.school_class) for row in rows[: MOST_FOUND if query else None]}
    return list(found.values())
