"""What templates of the journal ask for."""

from django import template

from journal import tabs

register = template.Library()


@register.simple_tag(takes_context=True)
def journal_tabs(context) -> list[tabs.Shown]:
    """The parts of the journal that open to the person who asks."""
    request = context["request"]
    return tabs.shown_to(request.user, request.path)
