"""Who asks for access: a person who passed the gate, at an address, on a day; and what the rule asks about them."""

import datetime
import functools
from collections.abc import Collection

from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.actor import Actor
from accounts.models import SchoolCard, User
from accounts.visitor import visitor_of
from eios.lib import network
from eios.lib.composed import composed
from eios.lib.dates import today
from resources import deciding
from resources.models import Condition, Document, TrainingElement
from resources.positions import ELEMENT_ADMINISTRATOR
from resources.tree import Grantee, Need, administrators_of_any

Kind = Condition.Kind


class Asker:
    """A person (None is a guest) who asks now. What is asked of the database is asked once, and only if it matters."""

    def __init__(
        self, person: User | None, *, school: SchoolCard, address: str = "", date: datetime.date | None = None
    ):
        self.person, self.school, self.address = person, school, address
        self.date = date or today()

    @functools.cached_property
    def level(self) -> int:
        return self.person.level

    @functools.cached_property
    def position_codes(self) -> frozenset[str]:
        """Codes of positions in force and what opens doors like them; a superuser is the system administrator."""
        codes = self.person.position_codes
        if self.person.is_system_administrator:
            codes |= {"system_administrator"}
        if self.administers(administrators_of_any(self.school)):
            codes |= {ELEMENT_ADMINISTRATOR}
        return codes

    @functools.cached_property
    def is_system_administrator(self) -> bool:
        return self.person is not None and self.person.is_system_administrator

    @functools.cached_property
    def statuses(self) -> tuple[str, ...]:
        """What the person is at school today."""
        person = self.person
        known = {"pupil": person.is_pupil, "staff": person.is_employee, "parent": person.is_parent}
        return tuple(name for name, holds in known.items() if holds)

    @functools.cached_property
    def grantees(self) -> tuple[Grantee, ...]:
        """The person under every name that a privilege may be given to."""
        person = self.person
        own_class = person.school_class_now if person.is_pupil else None
        return (
            ("person", person.pk),
            *(("position", row.position_id) for row in person.appointments_now),
            *(("status", name) for name in self.statuses),
            *([("school_class", own_class.pk)] if own_class else []),
        )

    def administers(self, people: Collection[int]) -> bool:
        """Only those who work here do: a dismissed teacher who is a parent keeps the account, and nothing of this."""
        return self.person.pk in people and (self.person.is_employee or self.person.is_superuser)

    def recognise(self) -> None:
        """Tells the floor below what it can't ask: counters concern administrators of elements alone."""
        if self.person is not None:
            self.person.asks_as = self
            self.person.administers_elements = self.administers(administrators_of_any(self.school))

    def meets(self, need: Need) -> bool:
        """Does the condition hold for the person, here and now?"""
        if need.kind == Kind.SECOND_FACTOR:
            return self.has_second_factor
        if need.kind == Kind.NETWORK:
            return self.is_at_school
        if need.kind == Kind.TRAINING:
            return need.element in self.trained
        return need.document in self.acquainted

    @property
    def has_second_factor(self) -> bool:
        return self.person.has_second_factor

    @functools.cached_property
    def is_at_school(self) -> bool:
        """Inside one of the school's networks, as its card lists them."""
        return bool(self.address) and network.inside(self.address, self.school.local_networks)

    @functools.cached_property
    def acquainted(self) -> frozenset[int]:
        """Documents whose edition in force the person has read."""
        return frozenset(key for (key,) in _acquainted(self.person.pk, self.date))

    @functools.cached_property
    def trained(self) -> frozenset[int]:
        """Elements for which the person has a training that counts today."""
        ties = TrainingElement.objects.prepares_on(self.date).filter(training__person=self.person.pk)
        return frozenset(ties.values_list("element", flat=True))

    @functools.cached_property
    def living_administrators(self) -> frozenset[int]:
        """Administrators of any element who are at work: guardian names departed people too."""
        return living_administrators(self.date)


def living_administrators(date: datetime.date) -> frozenset[int]:
    """Keys of people who administer any element on the date: named, their accounts live, and they work here."""
    return frozenset(key for (key,) in _at_work(date))


@composed
def _at_work(date: datetime.date) -> QuerySet:
    return deciding.at_work(date).values_list("user")


@composed
def _acquainted(person: int, date: datetime.date) -> QuerySet:
    return Document.objects.acquainted(person, date).order_by().values_list("pk")


def asker_for(person: User | None) -> Asker:
    """A person who asks by no request of ours to hand: where a file is read, where an action checks its author."""
    return Asker(person, school=SchoolCard.current(), address=person.came_from if person else "")


def asker_by(by: Actor) -> Asker:
    """Whoever an action is written with: the person, at the address that the trail will have."""
    return Asker(by.person, school=SchoolCard.current(), address=by.address or "")


def asker_of(request: HttpRequest) -> Asker:
    """Who asks by this request; a person who has not passed the gate asks as a guest."""
    person = visitor_of(request)
    found = getattr(request, "asker", None)
    if found is None or found.person is not person:
        found = request.asker = Asker(person, school=request.school, address=network.client_address(request))
        found.recognise()
    return found
