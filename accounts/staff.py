"""Employees as the staff pages show them (4.3), and who may see and write what there. Reads only."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Case, Exists, OuterRef, QuerySet, Value, When

from accounts.models import Appointment, MethodGroup, Position, SkillRecord, Training, User
from accounts.models.people import MANAGEMENT_LEVEL
from eios.lib import search

CATEGORIES = [
    Position.Category.ADMINISTRATIVE,
    Position.Category.TEACHING,
    Position.Category.SUPPORT,
    Position.Category.DUTY,
]

# Who may see and write what


def manages(viewer: User) -> bool:
    """The system administrator, the director and the deputies: they keep these records."""
    return viewer.level >= MANAGEMENT_LEVEL


def sees_everyone(viewer: User) -> bool:
    """Who is told what each employee lacks: the management, and the informatics teacher who trains them (6.8)."""
    return manages(viewer) or "informatics_support" in viewer.position_codes


def sees_details(viewer: User, person: User) -> bool:
    """Documents, scans and what waits: for oneself and for those who see everyone."""
    return viewer == person or sees_everyone(viewer)


def sees_contacts(viewer: User, person: User) -> bool:
    return viewer == person or manages(viewer)


def may_record(viewer: User, person: User) -> bool:
    """Skills and qualification are recorded by the management, about others only."""
    return manages(viewer) and viewer != person


def may_add_training(viewer: User, person: User) -> bool:
    return viewer == person or manages(viewer)


def may_change_training(viewer: User, training: Training) -> bool:
    """One's own until it is confirmed; others' by the management at any time."""
    if training.person_id == viewer.pk:
        return training.state != Training.State.CONFIRMED
    return manages(viewer)


def may_settle_training(viewer: User, training: Training) -> bool:
    """Confirm or return what waits; nobody confirms the own training."""
    waits = training.state == Training.State.WAITING
    return waits and manages(viewer) and training.person_id != viewer.pk


# Employees


def employed(date: datetime.date) -> QuerySet[User]:
    """Everybody with an appointment in force, by name."""
    mine = Appointment.objects.on(date).filter(person=OuterRef("pk"))
    return User.objects.filter(Exists(mine)).order_by("sort_name", "pk")


def pages_for(viewer: User, date: datetime.date) -> QuerySet[User]:
    """Whose pages the viewer may open: employees in force; for the management former ones too."""
    if not manages(viewer):
        return employed(date)
    return User.objects.filter(Exists(Appointment.objects.filter(person=OuterRef("pk"))))


def lacks_for(viewer: User, date: datetime.date) -> QuerySet[User]:
    """Whose lacks the viewer may see: everybody's, or one's own."""
    people = employed(date)
    return people if sees_everyone(viewer) else people.filter(pk=viewer.pk)


def trainings_for(viewer: User) -> QuerySet[Training]:
    """Whose trainings the viewer may open: everybody's, or one's own."""
    rows = Training.objects.select_related("person", "recorded_by", "confirmed_by", "scan")
    return rows if sees_everyone(viewer) else rows.filter(person=viewer)


def trainings_chosen(rows: QuerySet[Training], filters: dict[str, str]) -> QuerySet[Training]:
    """By state and by the name or the topic."""
    by_state = {"waiting": rows.waiting, "returned": rows.returned, "confirmed": rows.confirmed}
    rows = by_state[filters["state"]]() if filters["state"] else rows
    return rows.matching(filters["q"])


def appointments(filters: dict[str, str], date: datetime.date) -> QuerySet[Appointment]:
    """Appointments in force chosen by the filters of the staff page: by category, position and name."""
    rows = Appointment.objects.on(date).filter(search.matching(filters["q"], "person__search"))
    if filters["position"]:
        rows = rows.filter(position=filters["position"])
    if filters["method_group"]:
        rows = rows.filter(method_group=filters["method_group"])
    rank = Case(*(When(position__category=one, then=Value(place)) for place, one in enumerate(CATEGORIES)))
    rows = rows.select_related("person", "position", "school_class", "method_group").alias(rank=rank)
    return rows.order_by("rank", "position__order", "position__name", "is_acting", "person__sort_name", "pk")


@dataclass(frozen=True)
class Group:
    """People of one category: [(position, its appointments)]."""

    title: str
    positions: list[tuple[Position, list[Appointment]]]


def grouped(rows: Iterable[Appointment]) -> list[Group]:
    """Appointments, in the order of `appointments`, by category and position."""
    return [
        Group(Position.Category(category).label, [(one, list(held)) for one, held in groupby(mine, _position)])
        for category, mine in groupby(rows, lambda row: row.position.category)
    ]


def _position(row: Appointment) -> Position:
    return row.position


def holding(people: QuerySet[User], position, date: datetime.date) -> QuerySet[User]:
    """Those of the people who hold the position on the date."""
    posts = Appointment.objects.on(date).filter(position=position, person=OuterRef("pk"))
    return people.filter(Exists(posts))


def positions_held(date: datetime.date) -> QuerySet[Position]:
    """Positions that somebody holds on the date."""
    return Position.objects.filter(Exists(Appointment.objects.on(date).filter(position=OuterRef("pk"))))


def method_groups_at_work(date: datetime.date) -> QuerySet[MethodGroup]:
    return MethodGroup.objects.filter(Exists(Appointment.objects.on(date).filter(method_group=OuterRef("pk"))))


# The page of one


def career(person: User, date: datetime.date) -> dict[str, list[Appointment]]:
    """Appointments with their grounds, the newest first: in force, to come and past; one query."""
    rows = person.appointments.select_related("position", "school_class", "method_group", "order", "ended_by")
    found = {"now": [], "later": [], "past": []}
    for row in rows.order_by("-starts", "position__order", "pk"):
        found["now" if row.in_force_on(date) else "later" if row.starts > date else "past"].append(row)
    return found


def skills_of(person: User) -> QuerySet[SkillRecord]:
    return person.skill_records.select_related("skill", "confirmed_by")


def trainings_of(person: User, *, with_details: bool) -> QuerySet[Training]:
    """The newest first; what is not confirmed yet is a detail."""
    rows = person.trainings.select_related("scan")
    return rows if with_details else rows.confirmed()
