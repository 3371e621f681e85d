"""What the desk's pages of privileges show: which ones an element has, and to whom one may give. Reads only."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accounts.models import Appointment, Enrolment, Order, Position, SchoolClass, User
from eios.lib import russian, search
from resources import access, audience
from resources.asker import Asker
from resources.models import Element, Privilege

# Kinds of grantees: the code in the address → what the page calls them.
KINDS = {
    "person": "Людям",
    "position": "Должностям",
    "school_class": "Классам",
    "status": "Всем сразу",
}
# Groups of the list: the code in the address → its title.
TERMS = {"now": "Действуют", "future": "Начнутся", "past": "Прошли и отозваны"}
MOST_CANDIDATES = 100


@dataclass(frozen=True)
class Candidate:
    """A line that may be ticked: the value, the words, and who or how many that is."""

    value: str
    title: str
    about: str = ""


def nodes_of(asker: Asker, element: Element) -> QuerySet[Element]:
    """The element and its parts on which the asker may give privileges."""
    own = access.elements_administered_by(asker).filter(reached_from__above=element)
    return own.order_by("parent_id", "order", "name")


def privileges_of(element: Element) -> QuerySet[Privilege]:
    """Privileges on the element and its parts, with all that a line shows."""
    related = ("element", "person", "position", "school_class", "order", "granted_by", "revoked_by")
    rows = Privilege.objects.filter(element__reached_from__above=element).select_related(*related)
    return rows.order_by("-starts", "-pk")


def of_term(rows: QuerySet[Privilege], term: str, date: datetime.date) -> QuerySet[Privilege]:
    """Those in force on the date, those to come, or those over and revoked."""
    if term == "now":
        return rows.standing().on(date)
    if term == "future":
        return rows.standing().filter(starts__gt=date)
    return rows.filter(Q(revoked_at__isnull=False) | Q(ends__lt=date))


def counts(rows: QuerySet[Privilege], date: datetime.date) -> dict[str, int]:
    """How many privileges each group holds; one query."""
    standing = Q(revoked_at__isnull=True)
    is_begun, is_over = Q(starts__lte=date), Q(ends__lt=date)
    return rows.order_by().aggregate(
        now=Count("pk", filter=standing & is_begun & (Q(ends__isnull=True) | Q(ends__gte=date))),
        future=Count("pk", filter=standing & ~is_begun),
        past=Count("pk", filter=~standing | is_over),
    )


def from_above(element: Element, date: datetime.date) -> list[Privilege]:
    """Privileges in force that were given on elements above and reach this one."""
    above = Element.objects.filter(reaches__element=element, reaches__by_privilege=True).exclude(pk=element.pk)
    rows = Privilege.objects.standing().on(date).filter(element__in=above)
    return list(rows.select_related("element", "person", "position", "school_class"))


def classes(date: datetime.date) -> QuerySet[SchoolClass]:
    """Classes of this school year and of those that come."""
    return SchoolClass.objects.filter(year__ends__gte=date).select_related("year").order_by("year", "grade", "letter")


def candidates(
    kind: str, reader: Asker, *,
    q: str = "", school_class: str = "", position: str = "", person: int | str = "",
) -> list[Candidate]:  # fmt: skip
    """Who may be ticked. People only where they are looked for: by name, class, position, or one by the key."""
    date = reader.date
    if kind == "person":
        return _people(reader, q, school_class, position, person)
    if kind == "position":
        held = _how_many(Appointment.objects.on(date), "position", "person")
        return [_position(one, held) for one in Position.objects.all()]
    if kind == "school_class":
        sizes = _how_many(Enrolment.objects.on(date), "school_class", "pupil")
        return [_school_class(one, sizes) for one in classes(date)]
    return [Candidate(value, label[:1].upper() + label[1:]) for value, label in Privilege.Status.choices]


def _people(reader: Asker, q: str, school_class: str, position: str, person: int | str) -> list[Candidate]:
    if not (q or school_class or position or person):
        return []
    keys = [person] if person and not q else None
    found = audience.people(reader, query=q, keys=keys)
    found = audience.narrowed(found, school_class=school_class, position=position)
    return [Candidate(str(one.key), one.name, one.who) for one in found if not one.is_blocked][: MOST_CANDIDATES + 1]


def _position(position: Position, held: dict[int, int]) -> Candidate:
    number = held.get(position.pk, 0)
    words = (
        f"сейчас {number} {russian.plural(number, 'человек', 'человека', 'человек')}" if number else "никто не занимает"
    )
    return Candidate(str(position.pk), position.name, words)


def _school_class(school_class: SchoolClass, sizes: dict[int, int]) -> Candidate:
    number = sizes.get(school_class.pk, 0)
    words = f"{number} {russian.plural(number, 'обучающийся', 'обучающихся', 'обучающихся')}"
    return Candidate(str(school_class.pk), school_class.name, f"{school_class.year} учебный год, {words}")


def _how_many(rows: QuerySet, of: str, whom: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(of).annotate(Count(whom, distinct=True)))


def people_to_grant(date: datetime.date) -> QuerySet[User]:
    """Whoever may be named: living accounts."""
    return User.objects.alive(date).order_by("sort_name", "pk")


def orders_of_number(number: str) -> QuerySet[Order]:
    """Signed and executed orders of this number, of any book and year, the newest first."""
    number = number.removeprefix("№")
    of_number = Order.objects.filter(number_key=search.fold(number).replace(" ", "")).exclude(number_key="")
    return of_number.filter(state__in=[Order.State.SIGNED, Order.State.EXECUTED])
