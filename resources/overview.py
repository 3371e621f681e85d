"""One element as its administrator sees it: closure and its origin, conditions, administrators, counts. Reads only."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Max, Min, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import Appointment, SchoolCard, User
from eios.lib import russian
from eios.lib.dates import today
from resources import credentials, desk, levels, reach, tree
from resources.asker import Asker, living_administrators
from resources.models import (
    AUTHORISED,
    BY_NAME,
    Condition,
    Element,
    ElementAdministrator,
    ExternalCredential,
    Privilege,
)

# How «as the element above» stands in an address and in a form.
AS_ABOVE = "above"


@dataclass(frozen=True)
class Closure:
    """The closure in force in words, and where it comes from: set here, or on an element above."""

    number: int
    name: str
    source: Element
    is_own: bool

    @property
    def document(self):
        """The document of the school's security policy under which it was set, if one was named (5.3)."""
        return self.source.closure_ground


def closure_of(element: Element, school: SchoolCard) -> Closure:
    """The closure in force and the element that sets it; the nearest above with one of its own, or the root."""
    source = element
    while source.own_closure is None and source.parent is not None:
        source = source.parent
    return Closure(element.closure, levels.names(school)[element.closure], source, source.pk == element.pk)


def closure_options(element: Element, asker: Asker) -> list[tuple[str, str]]:
    """Closures that the asker may set: the system administrator any other one, an element's administrator stricter."""
    names = levels.names(asker.school)
    highest = AUTHORISED if reach.is_within_library(element) else BY_NAME
    lowest = 0 if asker.is_system_administrator else element.closure + 1
    options = [(str(n), f"{n} — {names[n]}") for n in range(lowest, highest + 1) if n != element.own_closure]
    if asker.is_system_administrator and element.parent_id and element.own_closure is not None:
        above = element.parent.closure
        options.insert(0, (AS_ABOVE, f"Как у элемента выше: сейчас {above} — {names[above]}"))
    return options


def part_options(element: Element, asker: Asker) -> list[tuple[str, str]]:
    """Closures that a new part may begin with: not below the element's, but for the system administrator."""
    names = levels.names(asker.school)
    highest = AUTHORISED if reach.is_within_library(element) else BY_NAME
    lowest = 0 if asker.is_system_administrator else element.closure
    above = ("", f"Как у элемента выше: сейчас {element.closure} — {names[element.closure]}")
    return [above, *((str(n), f"{n} — {names[n]}") for n in range(lowest, highest + 1))]


def parts_that_follow(element: Element) -> list[Element]:
    """Parts at any depth whose closure is taken from this element: they change with it."""
    parts: dict[int, list[Element]] = {}
    for one in Element.objects.filter(reached_from__above=element, own_closure__isnull=True).order_by("order", "name"):
        parts.setdefault(one.parent_id, []).append(one)
    found, waiting = [], [element.pk]
    while waiting:
        following = parts.get(waiting.pop(0), [])
        found += following
        waiting += [one.pk for one in following]
    return found


def parts_left_looser(element: Element, closure: int) -> list[Element]:
    """Parts at any depth with a closure of their own that would stay below the new one: they don't follow."""
    below = Element.objects.filter(reached_from__above=element).exclude(pk=element.pk)
    return list(below.filter(own_closure__lt=closure).order_by("order", "name"))


# --- conditions ----------------------------------------------------------------------------------------------------


def conditions_of(element: Element) -> list[Condition]:
    """Conditions that bind the element: those set on it, and those of elements above."""
    rows = Condition.objects.filter(element__reaches__element=element).select_related("document", "element")
    return sorted(rows, key=lambda one: (one.element_id != element.pk, one.kind, one.pk))


def needs_of(element: Element, school: SchoolCard) -> list[tuple[str, str]]:
    """The same in words, out of memory: [(condition, name of the element above that sets it or "")]."""
    titles = dict(Condition.Kind.choices)
    return [
        (
            f"{titles[need.kind]}: {need.document_name}" if need.document_name else titles[need.kind],
            "" if need.element == element.pk else need.element_name,
        )
        for need in tree.ground_of(school, element).needs
    ]


# --- administrators ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Administrator:
    """Who administers the element: named on it, or on one above; a departed account administers nothing."""

    person: User
    element: Element
    is_own: bool
    is_alive: bool


def administrators_of(element: Element) -> list[Administrator]:
    """Those named on the element first, then those of the elements above, by name."""
    alive = living_administrators(today())
    rows = ElementAdministrator.objects.filter(content_object__reaches__element=element)
    rows = rows.select_related("user", "content_object").order_by("user__sort_name", "user")
    found = [
        Administrator(row.user, row.content_object, row.content_object_id == element.pk, row.user_id in alive)
        for row in rows
    ]
    return sorted(found, key=lambda one: (not one.is_own, one.element.name))


def candidates(element: Element, query: str, asker: Asker) -> QuerySet[User]:
    """Employees with a living account whom the asker may name an administrator; the first twenty by name."""
    named = ElementAdministrator.objects.filter(content_object=element).values("user")
    people = User.objects.alive(asker.date).filter(standing_employee=True).matching(query).exclude(pk__in=named)
    if not asker.is_system_administrator:
        people = people.exclude(pk=asker.person.pk)
    posts = (
        Appointment.objects.on(asker.date).select_related("position", "school_class").order_by("position__order", "pk")
    )
    people = people.prefetch_related(Prefetch("appointments", posts, to_attr="posts_now"))
    return people.order_by("sort_name", "pk")[:20]


# --- counts --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figure:
    """A number with its name, and the page of the desk where it is dealt with ("" while there is none)."""

    title: str
    number: int
    detail: str
    url: str
    is_urgent: bool = False


def figures(element: Element) -> list[Figure]:
    """What stands at the element now; four queries."""
    date = today()
    found = [_requests(element), _privileges(element, date)]
    if element.keeps_credentials:
        found += _credentials(element, date)
    return found


def _requests(element: Element) -> Figure:
    asked = element.requests.waiting().aggregate(number=Count("pk"), oldest=Min("asked_at"))
    detail = f"старшая ждёт {_age(asked['oldest'])}" if asked["oldest"] else ""
    return Figure(
        "Заявки ждут решения", asked["number"], detail, desk.address("desk_requests", element), bool(asked["number"])
    )


def _age(moment: datetime.datetime) -> str:
    days = (today() - timezone.localdate(moment)).days
    return f"{days} {russian.plural(days, 'день', 'дня', 'дней')}" if days else "с сегодняшнего дня"


def _privileges(element: Element, date: datetime.date) -> Figure:
    given = Privilege.objects.standing().on(date).filter(element=element).aggregate(
        number=Count("pk"), last=Max("ends"), endless=Count("pk", filter=Q(ends__isnull=True))
    )  # fmt: skip
    detail = f"последняя — по {given['last']:%d.%m.%Y}" if given["last"] and not given["endless"] else ""
    return Figure("Привилегии действуют", given["number"], detail, desk.address("desk_privileges", element))


def _credentials(element: Element, date: datetime.date) -> list[Figure]:
    url, tasks = (desk.address(name, element) for name in ("desk_credentials", "desk_tasks"))
    rows = ExternalCredential.objects.issued().filter(element=element)
    left = rows.standing().exclude(person__in=User.objects.alive(date).values("pk")).count()
    to_close = credentials.tasks([element], date).count()
    detail = f"из них у выбывших: {left}" if left else ""
    return [
        Figure("Учётные данные выданы", rows.standing().count(), detail, url, bool(left)),
        Figure(
            "Закрыть на платформе",
            to_close,
            "здесь закрыты, там ещё работают" if to_close else "",
            tasks,
            bool(to_close),
        ),
    ]
