"""Rows of the rating as HTML: joined in Python with escaping, forty to a page."""

from collections.abc import Iterable
from decimal import Decimal
from html import escape

from django.utils.safestring import SafeString, mark_safe

from portfolio.rating import Line


def body(lines: Iterable[Line], pupils: str, query: str) -> SafeString:
    """Every `tr` of the table; a pupil's page stands at the key below `pupils`, with this `query`."""
    return mark_safe("\n".join([_row(one, pupils, query) for one in lines]))  # noqa: S308 (parts are escaped below)


def _row(line: Line, pupils: str, query: str) -> str:
    return (
        f'<tr><td class="num" data-label="Место">{line.sum.place}</td>'
        f'<th scope="row"><a href="{pupils}{line.sum.pupil}/{query}">{escape(line.name)}</a></th>'
        f'<td data-label="Класс">{escape(line.school_class)}</td>'
        f'<td class="num" data-label="Достижений">{line.sum.achievements}</td>'
        f'<td class="num" data-label="Баллы">{in_words(line.sum.points)}</td></tr>'
    )


def in_words(points: Decimal) -> str:
    """«12», «12,50»."""
    return f"{points:.2f}".removesuffix(".00").replace(".", ",")
