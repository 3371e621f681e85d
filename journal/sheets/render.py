"""The yearly sheet's table as HTML: rows joined in Python, every word escaped. Pure."""

from functools import cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# Words in cells are few and come thousands of times.
_safe = cache(lambda word: str(escape(word)))


def table(content: dict) -> SafeString:
    """The whole table; a `tbody` for each pupil, so that paper does not part one."""
    spans = len(content["rows"])
    bodies = [_body(number, pupil, content["rows"], spans) for number, pupil in enumerate(content["pupils"], 1)]
    return mark_safe(f"{_head(content)}{''.join(bodies)}")  # noqa: S308 (every word is escaped)


def _head(content: dict) -> str:
    each = [one["name"] for one in content["columns"] if one["each_row"]]
    once = [one["name"] for one in content["columns"] if not one["each_row"]]
    subjects = "".join(
        f'<th scope="col" class="up" title="{escape(one["name"])}"><span>{escape(one["short"])}</span></th>'
        for one in content["subjects"]
    )
    others = "".join(f'<th scope="col" class="up"><span>{escape(name)}</span></th>' for name in [*each, *once])
    return (
        '<thead><tr><th scope="col">№</th><th scope="col" class="who">Фамилия, имя, отчество</th>'
        f'<th scope="col" class="up"><span>Период</span></th>{subjects}{others}</tr></thead>'
    )


def _body(number: int, pupil: dict, rows: list, spans: int) -> str:
    span = f' rowspan="{spans}"' if spans > 1 else ""
    note = f"<small>{escape(pupil['note'])}</small>" if pupil["note"] else ""
    name = f'<td{span}>{number}</td><th scope="rowgroup" class="who"{span}>{escape(pupil["name"])}{note}</th>'
    once = "".join(f'<td class="words"{span}>{escape(text)}</td>' for text in pupil["once"])
    lines = []
    for place, row in enumerate(rows):
        values = "</td><td>".join(map(_safe, [*pupil["cells"][place], *pupil["each"][place]]))
        values = f"<td>{values}</td>" if pupil["cells"][place] or pupil["each"][place] else ""
        head = f'<th scope="row">{_safe(row["short"])}</th>'
        lines.append(f"<tr>{'' if place else name}{head}{values}{'' if place else once}</tr>")
    return f"<tbody>{''.join(lines)}</tbody>"
