"""What every page is given: the school, display settings, the menu."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import SchoolCard
from eios.lib.display import Display
from eios.middleware import stamp_for
from resources import sections
from resources.asker import asker_of
from resources.models import Element

# Headings of a long menu, in order: the components of the environment (4.1) as people at work call them.
GROUPS = {
    Element.Component.INFORMATIONAL: "Моё",
    Element.Component.EDUCATIONAL: "Учёба",
    Element.Component.ADMINISTRATIVE: "Управление",
    Element.Component.NORMATIVE: "Порядок",
    Element.Component.TECHNOLOGICAL: "Техника",
}
LONGEST_PLAIN_MENU = 9


@dataclass(frozen=True)
class MenuItem:
    title: str
    url: str
    icon: str
    current: bool
    count: int = 0
    group: str = ""


def portal(request: HttpRequest) -> dict:
    return {
        "school": getattr(request, "school", None) or SimpleLazyObject(SchoolCard.current),
        "display": Display.of(request),
        "menu": menu(request) if getattr(request, "has_passed_gate", False) else [],
    }


def menu(request: HttpRequest) -> list[MenuItem]:
    """Sections that the person may open, in the registry's order; a long list goes under headings."""
    found = [element for element in sections.open_to(asker_of(request)) if element.address]
    here = _here(request, found)
    if len(found) <= LONGEST_PLAIN_MENU:
        return [_item(request, element, here) for element in found]
    groups = list(GROUPS)
    found.sort(key=lambda element: groups.index(element.component))
    return [_item(request, element, here, GROUPS[element.component]) for element in found]


def _here(request: HttpRequest, found: list[Element]) -> str:
    """The section that one stands in: of those around the page the one that it is stamped with, else the nearest.

    «/courses/desk/» lies below «/courses/», and «/journal/sheets/» is a page of gradebooks below the diary.
    """
    around = [one.address for one in found if request.path.startswith(one.address)]
    nearest = max(around, key=len, default="")
    match = request.resolver_match
    stamp = stamp_for(match, match.func) if match else None
    own = next((one.address for one in found if stamp and one.slug == stamp.element), "")
    return own if nearest and own.startswith(nearest) else nearest


def _item(request: HttpRequest, element: Element, here: str, group: str = "") -> MenuItem:
    count = request.user.unread_notifications if element.slug == "cabinet" else 0
    return MenuItem(element.name, element.address, element.icon or "doc", element.address == here, count, group)
