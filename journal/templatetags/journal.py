"""What templates of the journal ask for."""

from django import template

from eios.lib.tabs import Shown, shown_to
from journal.tabs import TABS

register = template.Library()


@register.simple_tag(takes_context=True)
def journal_tabs(context) -> tuple[Shown, ...]:
    """The parts of the journal that open to the person who asks."""
    request = context["request"]
    return shown_to(request.user, request.path, TABS)
