"""The desk of an element's administrator (5.4): the own elements, and the pages that each of them has. Reads only."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse

from eios.lib.access import ADMINISTER
from resources import access
from resources.asker import Asker, asker_of
from resources.models import AccessRequest, Element

# Pages of the desk, in groups and in order: the name of the address, and what its tab says.
GROUPS = (
    ("Обзор", (("desk_element", "Обзор"),)),
    (
        "Карточка",
        (("desk_card", "Карточка и части"), ("desk_files", "Файлы"), ("desk_library", "Библиотека")),
    ),
    (
        "Доступ",
        (
            ("desk_closure", "Закрытость"),
            ("desk_privileges", "Привилегии"),
            ("desk_who", "Кто может открыть"),
            ("desk_administrators", "Администраторы"),
            ("element_training", "Обучение"),
        ),
    ),
    ("Заявки", (("desk_requests", "Заявки на доступ"), ("desk_suggestions", "Предложения"))),
    (
        "Логины",
        (
            ("desk_credentials", "Учётные данные"),
            ("desk_pools", "Обезличенные"),
            ("desk_tasks", "Закрыть на платформе"),
        ),
    ),
    (
        "Надзор",
        (
            ("desk_review", "Ежегодная проверка"),
            ("desk_connection", "Подключение службы"),
            ("desk_availability", "Доступность"),
            ("desk_history", "История"),
        ),
    ),
)
PAGES = tuple(page for _, pages in GROUPS for page in pages)
FOR_LIBRARIES = {"desk_pools"}
FOR_PLATFORMS = {"desk_credentials", "desk_tasks", "desk_availability", "desk_connection", "desk_library"}
# What the system administrator decides about every element, its own administrator's too (access.md, «Levels»).
GOVERNING = {"desk_closure", "desk_administrators"}


@dataclass(frozen=True)
class Tab:
    title: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Group:
    """Pages of one kind; its link leads to the first of them."""

    title: str
    tabs: list[Tab]

    @property
    def url(self) -> str:
        return self.tabs[0].url

    @property
    def is_current(self) -> bool:
        return any(tab.is_current for tab in self.tabs)


@dataclass(frozen=True)
class Listed:
    """A line of the list: an element, or a part under its element; `depth` is how far below it stands."""

    element: Element
    depth: int


def element_of(request: HttpRequest, slug: str) -> Element:
    """The element or part of this slug that the person administers. Raises Http404 for anybody else's."""
    asker = asker_of(request)
    mine = access.elements_administered_by(asker).besides_courses().select_related("parent", "closure_ground")
    return _found(mine.filter(slug=slug).first(), asker)


def governed(request: HttpRequest, slug: str) -> Element:
    """The same for pages of GOVERNING: the system administrator opens them at every element. Raises Http404."""
    asker = asker_of(request)
    if not asker.is_system_administrator:
        return element_of(request, slug)
    rows = Element.objects.select_related("parent", "closure_ground")
    return _found(rows.filter(slug=slug).first(), asker)


def _found(element: Element | None, asker: Asker) -> Element:
    """Marks what the desk's pages ask: `is_mine`, and `parent_is_mine` of a part."""
    if element is None:
        raise Http404
    element.is_mine = administers(asker, element)
    element.parent_is_mine = element.parent is not None and administers(asker, element.parent)
    return element


def administers(asker: Asker, element: Element) -> bool:
    return access.decide(asker, element, ADMINISTER).allowed


def elements_of(asker: Asker, query: str = "") -> QuerySet[Element]:
    """Elements that the person administers, whole ones and parts, with the number of waiting requests."""
    mine = access.elements_administered_by(asker).besides_courses().matching(query).select_related("parent")
    waiting = Count("requests", filter=Q(requests__state=AccessRequest.State.WAITING))
    return mine.annotate(waiting=waiting).order_by("-kind", "order", "number", "name")


def arranged(elements: Iterable[Element]) -> list[Listed]:
    """Parts under their elements; first those with waiting requests, on them or on a part, the most of them first."""
    rows = list(elements)
    keys = {one.pk for one in rows}
    below: dict[int | None, list[Element]] = defaultdict(list)
    for one in rows:
        below[one.parent_id if one.parent_id in keys else None].append(one)
    branches = [list(_branch(root, below, 0)) for root in below[None]]
    branches.sort(key=lambda branch: -sum(line.element.waiting for line in branch))
    return [line for branch in branches for line in branch]


def _branch(element: Element, below: dict[int | None, list[Element]], depth: int) -> Iterator[Listed]:
    yield Listed(element, depth)
    for part in below[element.pk]:
        yield from _branch(part, below, depth + 1)


def tabs(element: Element, page: str) -> list[Group]:
    """Pages of the element's desk in groups, with the one that is open now; a group without pages is left out."""
    groups = (
        Group(
            title, [Tab(words, address(name, element), name == page) for name, words in pages if _suits(element, name)]
        )
        for title, pages in GROUPS
    )
    return [group for group in groups if group.tabs]


def _suits(element: Element, name: str) -> bool:
    if not getattr(element, "is_mine", True) and name not in GOVERNING:
        return False
    if name in FOR_LIBRARIES:
        return element.is_library
    return name not in FOR_PLATFORMS or not element.is_built_in


def address(name: str, element: Element) -> str:
    """Where a page of the element's desk is."""
    return reverse(f"resources:{name}", args=[element.slug])
