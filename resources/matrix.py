"""The matrix «who can open this» as it is read: rows of a page, and lines of a file.

A page of a thousand people spends its time in the template engine, so its rows are put together here.
"""

from collections.abc import Iterable, Sequence

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from accounts import exports
from accounts.models import SchoolCard
from resources.audience import Row
from resources.models import Element

HEAD = [("Фамилия, имя, отчество", 40), ("Кто", 44), ("Может открыть", 16), ("Почему", 90)]


def body(rows: Sequence[Row], *, query: str = "") -> SafeString:
    """Table rows; each name leads to the page of the person's reasons, below the page itself."""
    drawn, tags = {}, {True: _tag("ok", "может"), False: _tag("no", "не может")}
    lines = []
    for row in rows:
        person, decision = row.person, row.decision
        # Reasons and positions are few and people many: each is drawn once.
        said = decision.reasons
        why = drawn.get(said) or drawn.setdefault(said, escape(row.reason))
        who = person.who
        who = drawn.get(who) or drawn.setdefault(who, escape(who or "—"))
        lines.append(
            f'<tr><th scope="row"><a href="{person.key}/{query}">{escape(person.name)}</a></th><td>{who}</td>'
            f'<td class="nowrap">{tags[decision.allowed]}</td><td>{why}</td></tr>'
        )
    return mark_safe("".join(lines))  # noqa: S308 (every part is escaped above)


def _tag(kind: str, text: str) -> str:
    return render_to_string("ui/tag.html", {"kind": kind, "text": text}).strip()


def workbook(element: Element, rows: Iterable[Row], school: SchoolCard) -> bytes:
    """The same rows as XLSX, each cell a text and never a formula."""
    lines = (
        [row.person.name, row.person.who, "может" if row.decision.allowed else "не может", row.reason] for row in rows
    )
    return exports.workbook(f"Кто может открыть: {element.name}", HEAD, lines, exports.source_line(school))
