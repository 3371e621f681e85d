"""The card of an element as a tag: it looks alike to everybody, so each state of an element is drawn once a worker."""

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from resources import levels
from resources.models import Element

register = template.Library()
_drawn: dict[tuple, SafeString] = {}
MOST_DRAWN = 2000


@register.simple_tag
def element_card(element: Element, can_administer: bool = False) -> SafeString:
    """The card; with the doubts about the row for an administrator."""
    key = (element.pk, element.updated_at, bool(can_administer))
    if key not in _drawn:
        if len(_drawn) >= MOST_DRAWN:
            _drawn.clear()
        _drawn[key] = render_to_string(
            "resources/_card.html", {"element": element, "can_administer": bool(can_administer)}
        )
    return _drawn[key]


@register.simple_tag(takes_context=True)
def level_name(context, number: int) -> str:
    """What the school calls a level of closure: «руководство»."""
    return levels.names(context["request"].school)[number]
