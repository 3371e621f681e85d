"""Pages of a gradebook on paper as HTML, joined in Python: a year has thousands of cells. Everything is escaped."""

from dataclasses import dataclass
from functools import cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from journal.paper import LESSON_HEADS, REMARK_HEADS
from journal.paper_layout import Part, days_of, months

# A gradebook says the same dozen words thousands of times.
_safe = cache(lambda word: f"<td>{escape(word)}</td>")


@dataclass(frozen=True)
class Spread:
    """The left page, marks, and the right one, topics; a mirror has no right one."""

    title: str
    marks: SafeString
    topics: SafeString


def spread(content: dict, part: Part) -> Spread:
    days = days_of(content, part)
    topics = _words(LESSON_HEADS, content["lessons"][slice(*part.lessons)]) if content["has_topics"] and days else ""
    return Spread(days or "Итоги", mark_safe(_head(content, part) + _body(content, part)), topics)  # noqa: S308


def remarks(content: dict) -> SafeString:
    return _words(REMARK_HEADS, content["remarks"])


def _head(content: dict, part: Part) -> str:
    shown = content["columns"][part.first : part.last]
    over = "".join(f'<th scope="colgroup" colspan="{count}">{escape(name)}</th>' for name, count in months(shown))
    sums = content["heads"] if part.has_sums else ()
    tail = "".join(f'<th scope="col" rowspan="2" class="up"><span>{escape(one)}</span></th>' for one in sums)
    days = "".join(map(_day, shown))
    names = '<th scope="col" rowspan="2">№</th><th scope="col" rowspan="2" class="who">Фамилия, имя</th>'
    return f"<thead><tr>{names}{over}{tail}</tr><tr>{days}</tr></thead>"


def _day(column: dict) -> str:
    under = " ".join(filter(None, [column["work"], column["weight"]]))
    small = f" <small>{escape(under)}</small>" if under else ""
    return f'<th scope="col">{column["day"]}{small}</th>'


def _body(content: dict, part: Part) -> str:
    lines = []
    for number, one in enumerate(content["pupils"], 1):
        values = [*one["cells"][part.first : part.last], *(one["sums"] if part.has_sums else ())]
        note = f" <small>{escape(one['note'])}</small>" if one["note"] else ""
        gone = ' class="gone"' if one["is_gone"] else ""
        who = f'<th scope="row" class="who">{escape(one["name"])}{note}</th>'
        lines.append(f"<tr{gone}><td>{number}</td>{who}{''.join(map(_safe, values))}</tr>")
    return f"<tbody>{''.join(lines)}</tbody>"


def _words(heads, rows: list) -> SafeString:
    head = "".join(f'<th scope="col">{one}</th>' for one in heads)
    body = "".join(f"<tr>{''.join(f'<td>{escape(word)}</td>' for word in row)}</tr>" for row in rows)
    return mark_safe(f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>")  # noqa: S308 (every word is escaped)
