"""The desk of an element's administrator (5.4): the own elements, and the pages that each of them has. Reads only."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest
from django.urls import NoReverseMatch, reverse

from resources import access
from resources.asker import Asker, asker_of
from resources.models import AccessRequest, Element

# Pages of the desk, in order: the name of the address, and what its tab says. A page that is not there has no tab.
PAGES = (
    ("desk_element", "Обзор"),
    ("desk_card", "Карточка и части"),
    ("desk_closure", "Закрытость"),
    ("desk_privileges", "Привилегии"),
    ("desk_who", "Кто может открыть"),
    ("desk_requests", "Заявки"),
    ("desk_credentials", "Учётные данные"),
    ("desk_tasks", "Закрыть на платформе"),
    ("desk_pools", "Обезличенные"),
    ("desk_review", "Проверка"),
    ("desk_availability", "Доступность"),
    ("desk_history", "История"),
)
FOR_LIBRARIES = {"desk_pools"}
FOR_PLATFORMS = {"desk_credentials", "desk_tasks", "desk_availability"}


@dataclass(frozen=True)
class Tab:
    title: str
    url: str
    is_current: bool


def element_of(request: HttpRequest, slug: str) -> Element:
    """The element or part of this slug that the person administers. Raises Http404 for anybody else's."""
    mine = access.elements_administered_by(asker_of(request)).select_related("parent")
    found = mine.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def elements_of(asker: Asker, query: str = "") -> QuerySet[Element]:
    """Elements that the person administers, whole ones and parts, with the number of waiting requests."""
    mine = access.elements_administered_by(asker).matching(query).select_related("parent")
    waiting = Count("requests", filter=Q(requests__state=AccessRequest.State.WAITING))
    return mine.annotate(waiting=waiting).order_by("-kind", "order", "number", "name")


def tabs(element: Element, page: str) -> list[Tab]:
    """Pages of the element's desk, with the one that is open now."""
    return [
        Tab(title, url, name == page)
        for name, title in PAGES
        if _suits(element, name) and (url := _address(name, element))
    ]


def _suits(element: Element, name: str) -> bool:
    if name in FOR_LIBRARIES:
        return element.is_library
    return name not in FOR_PLATFORMS or not element.is_built_in


def _address(name: str, element: Element) -> str:
    try:
        return reverse(f"resources:{name}", args=[element.slug])
    except NoReverseMatch:
        return ""
