"""What templates of the portfolio ask for."""

import datetime

from django import template

from eios.lib import russian, text
from eios.lib.filetypes import size_text
from eios.lib.tabs import Shown, shown_to
from portfolio import exporting
from portfolio.models import Export
from portfolio.sections import Sections
from portfolio.tabs import TABS

register = template.Library()


@register.simple_tag(takes_context=True)
def portfolio_tabs(context) -> tuple[Shown, ...]:
    """The parts of the portfolio that open to the person who asks."""
    request = context["request"]
    return shown_to(request.user, request.path, TABS)


@register.filter
def ru_day(day: str | None) -> str:
    """«27.11.2026» of an ISO day of the plain values."""
    return russian.short_date(datetime.date.fromisoformat(day)) if day else ""


@register.filter
def number_words(export: Export) -> str:
    """An export's number in groups."""
    return exporting.number_words(export)


@register.filter
def sections_words(export: Export) -> str:
    """What of the portfolio the export holds; "" of the whole."""
    return Sections.of_row(export.sections).words


@register.filter
def markdown(words: str):
    """A version's text as it is shown."""
    return text.html_of(words)


@register.filter
def size_words(size: int) -> str:
    return size_text(size)
