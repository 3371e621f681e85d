"""Who is trained for an element, and who is not (3.2, 5.11). Reads only."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from accounts import lacks, staff
from accounts.models import Appointment, Training, User
from resources.models import Element, TrainingElement


@dataclass(frozen=True)
class Topic:
    """A topic that employees were trained in: how many records it has, and how many are tied to the element."""

    title: str
    records: int
    tied: int

    @property
    def label(self) -> str:
        if 0 < self.tied < self.records:
            return f"{self.title} (записей: {self.records}, отнесено {self.tied})"
        return f"{self.title} (записей: {self.records})"


def topics(element: Element) -> list[Topic]:
    """Topics of all confirmed trainings; one query."""
    tied = Count("pk", filter=Q(Exists(TrainingElement.objects.filter(element=element, training=OuterRef("pk")))))
    rows = Training.objects.confirmed().order_by("title").values_list("title")
    return [Topic(*row) for row in rows.annotate(records=Count("pk"), tied=tied)]


@dataclass(frozen=True)
class Trained:
    """An employee with the training that lasts longest."""

    person: User
    training: Training
    term: lacks.Term


def trained(element: Element, people: QuerySet[User], date: datetime.date) -> list[Trained]:
    """Those of the people who were trained for the element, with how long it counts; two queries."""
    ties = TrainingElement.objects.filter(element=element)
    mine = Training.objects.confirmed().filter(pk__in=ties.values("training"))
    people = people.filter(Exists(mine.filter(person=OuterRef("pk"))))
    rows = people.prefetch_related(Prefetch("trainings", mine, to_attr="for_this"))
    return [_trained(person, date) for person in rows]


def _trained(person: User, date: datetime.date) -> Trained:
    best = max(person.for_this, key=lambda one: one.valid_until or datetime.date.max)
    return Trained(person, best, lacks.term_of(best.valid_until, date))


def untrained(element: Element, people: QuerySet[User], date: datetime.date) -> QuerySet[User]:
    """Those of the people without a training for the element that counts on the date, with their positions."""
    ties = TrainingElement.objects.prepares_on(date).filter(element=element, training__person=OuterRef("pk"))
    posts = Appointment.objects.on(date).select_related("position", "school_class").order_by("position__order", "pk")
    return people.exclude(Exists(ties)).prefetch_related(Prefetch("appointments", posts, to_attr="posts_now"))


def people_for(filters: dict[str, str], date: datetime.date) -> QuerySet[User]:
    """Employees in force, of one position where it is chosen."""
    people = staff.employed(date)
    return staff.holding(people, filters["position"], date) if filters["position"] else people
