"""What templates of the portfolio ask for."""

from django import template

from portfolio import tabs

register = template.Library()


@register.simple_tag(takes_context=True)
def portfolio_tabs(context) -> list[tabs.Shown]:
    """The parts of the portfolio that open to the person who asks."""
    request = context["request"]
    return tabs.shown_to(request.user, request.path)
