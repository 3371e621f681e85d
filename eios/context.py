"""What every page is given: the school, display settings, the menu."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import SchoolCard
from eios.lib.display import Display
from resources import sections
from resources.asker import asker_of


@dataclass(frozen=True)
class MenuItem:
    title: str
    url: str
    icon: str
    current: bool
    count: int = 0


def portal(request: HttpRequest) -> dict:
    return {
        "school": getattr(request, "school", None) or SimpleLazyObject(SchoolCard.current),
        "display": Display.of(request),
        "menu": menu(request) if getattr(request, "has_passed_gate", False) else [],
    }


def menu(request: HttpRequest) -> list[MenuItem]:
    """Sections that the person may open, in the registry's order."""
    items = []
    for element in sections.open_to(asker_of(request)):
        if element.address:
            here = request.path.startswith(element.address)
            count = request.user.unread_notifications if element.slug == "cabinet" else 0
            items.append(MenuItem(element.name, element.address, element.icon or "doc", here, count))
    return items
