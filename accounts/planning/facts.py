"""People of an order with their facts, as they stand and as they would stand after the lines read so far.

Loaded in a constant number of queries; the effects of lines change rows in memory only.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db.models import Q

from accounts.fact_rules import CLASS_TEACHER, DAY, METHOD_GROUP_HEAD
from accounts.models import Appointment, Enrolment, Order, OrderLine, Relation, User
from accounts.models.facts import DatedFact
from accounts.planning.kinds import line_kind
from eios.lib.search import fold

# What is kept of a fact, and put back by a cancellation.
KEPT = {
    Enrolment: ("pupil", "school_class", "starts", "ends", "basis", "order", "ended_by"),
    Appointment: (
        "person", "position", "school_class", "method_group", "is_acting",
        "starts", "ends", "basis", "order", "ended_by",
    ),
    Relation: ("parent", "pupil", "kind", "starts", "ends", "basis", "confirmed_by"),
}  # fmt: skip


def stored(fact: DatedFact) -> dict:
    """The fact's values as a cancellation puts them back: keys of rows, dates as text."""
    values = {name: getattr(fact, fact._meta.get_field(name).attname) for name in KEPT[type(fact)]}
    return {name: str(value) if isinstance(value, datetime.date) else value for name, value in values.items()}


def restored(model: type[DatedFact], pk: int, values: dict) -> DatedFact:
    """An unsaved fact with these values under its former key."""
    fact = model(pk=pk)
    for name, value in values.items():
        field = model._meta.get_field(name)
        setattr(
            fact, field.attname, field.target_field.to_python(value) if field.is_relation else field.to_python(value)
        )
    return fact


def owner(fact: DatedFact) -> User:
    return fact.person if isinstance(fact, Appointment) else fact.pupil


def identity(surname: str, name: str, patronymic: str, birth_date: datetime.date | None) -> tuple:
    """The same for one human being, however the letters ё and the cases were typed."""
    return (*(" ".join(fold(part).split()) for part in (surname, name, patronymic)), birth_date)


def everybody():
    """All people of the portal by what tells them apart: one query, some thousands of rows in ten years.

    Names differ in ё, е and case, which no index of either database folds.
    """
    return User.objects.only("surname", "name", "patronymic", "birth_date", "email", "phone", "username")


def find_namesake(data: dict) -> User | None:
    """Somebody known who may well be this person, whether at school now or not."""
    wanted = identity(data["surname"], data["name"], data["patronymic"], None)
    return next((one for one in everybody() if _name(one) == wanted and _may_be(one, data["birth_date"])), None)


def _name(one: User | OrderLine) -> tuple:
    return identity(one.surname, one.name, one.patronymic, None)


def _may_be(person: User, birth_date: datetime.date | None) -> bool:
    """A namesake of the same birth date; where the new one's date is not told, every namesake is asked about."""
    return birth_date is None or person.birth_date == birth_date


class Facts:
    """Enrolments and appointments of everybody whom the lines name, and rivals for the posts that they give."""

    def __init__(self, order: Order, lines: list[OrderLine], people: Iterable[int] = ()):
        self.people = {line.person_id: line.person for line in lines if line.person_id}
        keys = {*self.people, *people}
        self._new: dict[tuple, User] = {}
        self._enrolments = defaultdict(list)
        for row in self._load_enrolments(keys):
            self._enrolments[row.pupil_id].append(row)
        self.appointments = list(self._load_appointments(order, lines, keys))
        self._namesakes = self._load_namesakes(lines)

    @staticmethod
    def _load_enrolments(keys: set[int]):
        rows = Enrolment.objects.filter(pupil__in=keys).select_related(
            "pupil", "school_class__year", "order", "ended_by"
        )
        return rows.order_by("starts", "pk")

    @staticmethod
    def _load_appointments(order: Order, lines: list[OrderLine], keys: set[int]):
        classes = {line.school_class_id for line in lines if line.school_class_id}
        groups = {line.method_group_id for line in lines if line.method_group_id}
        wanted = Q(person__in=keys)
        wanted |= Q(position__code=CLASS_TEACHER, school_class__in=classes)
        wanted |= Q(position__code=METHOD_GROUP_HEAD, method_group__in=groups)
        wanted |= Q(position__code=line_kind(order))  # kinds of orders about duties are called as the duties
        related = Appointment.objects.filter(wanted).select_related(
            "person", "position", "school_class", "method_group", "order", "ended_by"
        )
        return related.order_by("starts", "pk")

    @staticmethod
    def _load_namesakes(lines: list[OrderLine]) -> dict[tuple, list[User]]:
        """Who is known already, by name; asked only where a line brings somebody new."""
        found = defaultdict(list)
        if any(line.is_new_person for line in lines):
            for person in everybody():
                found[_name(person)].append(person)
        return found

    def person(self, line: OrderLine) -> User:
        """The person of the line; one User for all lines that bring the same new person."""
        if line.person_id:
            return self.people[line.person_id]
        key = identity(line.surname, line.name, line.patronymic, line.birth_date)
        if key not in self._new:
            self._new[key] = User(
                surname=line.surname, name=line.name, patronymic=line.patronymic, birth_date=line.birth_date,
                email=line.email, phone=line.phone,
            )  # fmt: skip
        return self._new[key]

    def namesake(self, line: OrderLine) -> User | None:
        """Somebody known whom the new person of the line may well be."""
        return next((one for one in self._namesakes[_name(line)] if _may_be(one, line.birth_date)), None)

    @property
    def new_people(self) -> list[User]:
        return list(self._new.values())

    # Facts as they would stand

    def enrolments_of(self, person: User) -> list[Enrolment]:
        return self._enrolments[person.pk or id(person)]

    @property
    def all_enrolments(self) -> list[Enrolment]:
        return [row for rows in self._enrolments.values() for row in rows]

    def appointments_of(self, person: User) -> list[Appointment]:
        return [row for row in self.appointments if row.person is person or (person.pk and row.person_id == person.pk)]

    def enrolment_on(self, person: User, date: datetime.date) -> Enrolment | None:
        return next((row for row in self.enrolments_of(person) if row.in_force_on(date)), None)

    def appointments_on(self, person: User, date: datetime.date) -> list[Appointment]:
        return [row for row in self.appointments_of(person) if row.in_force_on(date)]

    def holders(self, position_code: str, date: datetime.date) -> Iterator[Appointment]:
        """Appointments to a position in force on the date, of those loaded."""
        return (row for row in self.appointments if row.position.code == position_code and row.in_force_on(date))

    def add(self, fact: DatedFact) -> None:
        if isinstance(fact, Enrolment):
            self._enrolments[fact.pupil.pk or id(fact.pupil)].append(fact)
        else:
            self.appointments.append(fact)

    def remove(self, fact: DatedFact) -> None:
        if isinstance(fact, Enrolment):
            self._enrolments[fact.pupil_id].remove(fact)
        else:
            self.appointments.remove(fact)

    def has_status(self, person: User, date: datetime.date) -> bool:
        """A pupil or an employee on the date, as the facts would stand."""
        return self.enrolment_on(person, date) is not None or bool(self.appointments_on(person, date))


def day_before(date: datetime.date) -> datetime.date:
    return date - DAY


def is_main(row: Appointment) -> bool:
    """A post that one is hired to, not a duty beside it and not somebody else's work for a while."""
    return row.position.category != row.position.Category.DUTY and not row.is_acting
