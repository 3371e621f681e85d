"""A portfolio as a page for those who read it by duty or as family, and classes of portfolios (1.3 d, 11.1). Reads
only; what is shown by shares is asked of `sharing`."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet

from accounts.classes import led_among
from accounts.models import Enrolment, SchoolClass, User
from portfolio import rights
from portfolio.achievements import of_pupil
from portfolio.content import Content, content_of
from portfolio.models import Achievement, State, Work, WorkAuthor, WorkVersion


def portfolio_of(pupil: User, reader: User, date: datetime.date) -> Content:
    """What is confirmed, each achievement once, and the works that the reader sees; drafts stand on other pages."""
    achievements = of_pupil(pupil, reader, date).counted()
    return content_of(pupil, achievements=achievements, works=works_of(pupil, reader, date))


def works_of(pupil: User, reader: User, date: datetime.date) -> QuerySet[Work]:
    """Works that the pupil wrote, as far as the reader sees them."""
    rows = Work.objects.all() if pupil.pk == reader.pk else rights.works_seen(reader, date)
    return rows.of_author(pupil)


def works_ready(pupil: User) -> QuerySet[Work]:
    """The pupil's works that may be shown: at least one version is sealed."""
    sealed = WorkVersion.objects.filter(work=OuterRef("pk"), sealed_at__isnull=False)
    return Work.objects.of_author(pupil).filter(Exists(sealed))


def states_of(pupil: User, reader: User, date: datetime.date) -> dict[str, int]:
    """How many of the pupil's entries that the reader sees are in each state."""
    rows = of_pupil(pupil, reader, date).order_by().values_list("state")
    return dict(rows.annotate(Count("pk")))


# Classes


@dataclass(frozen=True)
class ClassLine:
    school_class: SchoolClass
    pupils: int
    waiting: int
    is_led: bool


def classes(person: User, date: datetime.date) -> list[ClassLine]:
    """Classes that the person leads, with how many pupils and entries that wait, and whether there is a class
    teacher; four queries."""
    rooms = list(rights.classes_led(person, date).order_by("grade", "letter", "pk"))
    here = Enrolment.objects.on(date).filter(school_class__in=rooms).order_by()
    pupils = dict(here.values_list("school_class").annotate(Count("pk")))
    asked = here.filter(pupil__achievements__state=State.SUBMITTED)
    waiting = dict(asked.values_list("school_class").annotate(Count("pupil__achievements")))
    led = led_among(rooms, date)
    return [ClassLine(one, pupils.get(one.pk, 0), waiting.get(one.pk, 0), one.pk in led) for one in rooms]


@dataclass(frozen=True)
class PupilLine:
    pupil: User
    confirmed: int
    waiting: int
    returned: int
    works: int


def lines_of(pupils: Iterable[User]) -> list[PupilLine]:
    """What each of the pupils has; two queries for any number of them."""
    pupils = list(pupils)
    keys = [pupil.pk for pupil in pupils]
    rows = Achievement.objects.filter(pupil__in=keys, same_as__isnull=True).order_by()
    states = {(pupil, state): count for pupil, state, count in rows.values_list("pupil", "state").annotate(Count("pk"))}
    written = WorkAuthor.objects.filter(
        person__in=keys, agreed_at__isnull=False, work__submitted_at__isnull=False
    ).order_by()
    works = dict(written.values_list("person").annotate(Count("pk")))
    return [
        PupilLine(
            one, states.get((one.pk, State.CONFIRMED), 0), states.get((one.pk, State.SUBMITTED), 0),
            states.get((one.pk, State.RETURNED), 0), works.get(one.pk, 0),
        )
        for one in pupils
    ]  # fmt: skip


def children_of(person: User, date: datetime.date) -> list[User]:
    """The own children at school, by name."""
    rows = rights.family_of(person, date).exclude(pk=person.pk)
    return list(rows.order_by("sort_name", "pk"))
