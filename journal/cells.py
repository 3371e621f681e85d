"""Rows of a gradebook's grid as HTML: joined in Python with escaping, for a template tag a cell is too slow."""

import functools
from html import escape

from django.utils.safestring import SafeString, mark_safe

from journal.grid import EMPTY, Cell, Grid, Row, weight_words
from journal.offers import Offer
from journal.own_grid import Column, Line, OwnGrid

BLANK = "<td></td>"


def body(grid: Grid) -> SafeString:
    """Every `tr` of the body; all that people have typed is escaped."""
    return mark_safe("\n".join(map(_row, grid.rows)))  # noqa: S308 (each part is escaped below)


def _row(row: Row) -> str:
    gone = ' class="gone"' if row.pupil.is_gone else ""
    note = f'<span class="small soft">{escape(row.pupil.note)}</span>' if row.pupil.note else ""
    results = "".join(f'<td class="result">{escape(value)}</td>' for value in row.results)
    cells = "".join(map(_cell, row.cells))
    tail = f'<td class="sum">{row.average_words}</td><td class="sum">{row.missed or ""}</td>{results}'
    return f'<tr{gone}><th scope="row">{escape(row.pupil.name)}{note}</th>{cells}{tail}</tr>'


def _cell(cell: Cell) -> str:
    if cell is EMPTY:
        return BLANK
    return _drawn(tuple((one.value, weight_words(one.weight), one.work) for one in cell.marks), cell.code)


@functools.lru_cache(maxsize=4096)
def _drawn(marks: tuple[tuple[str, str, str], ...], code: str) -> str:
    """A few hundred kinds of cells make up all gradebooks; values with weights, then the code of absence."""
    words = [_mark(*one) for one in marks]
    if code:
        words.append(f'<span class="off">{escape(code)}</span>')
    return f"<td>{' '.join(words)}</td>"


def _mark(value: str, weight: str, work: str) -> str:
    """A weight other than 1 stands beside the mark, the kind of work too where the source tells it."""
    weighed = "" if weight == "1" else f"<small>×{escape(weight)}</small>"
    title = f' title="Вид работы: {escape(work)}"' if work else ""
    return f"<span{title}>{escape(value)}{weighed}</span>"


def own_body(shown: OwnGrid) -> SafeString:
    """The same of a gradebook kept here: `data-p` is the pupil's key; a cell of class «x» takes nothing from the
    viewer, one of class «c» has a comment."""
    shut = tuple("x" if one.shut or one.lesson is None else "" for one in shown.columns)
    return mark_safe("\n".join([_line(line, shut) for line in shown.lines]))  # noqa: S308 (each part is escaped)


def own_head(shown: OwnGrid, address: str) -> SafeString:
    """The heads of its columns: `data-l` is the lesson, `data-n` the column's place in it, `data-w` its words, `data-d`
    its day and slot.

    `address` leads to a lesson, with 0 in the place of the key.
    """
    return mark_safe("".join([_head(one, address) for one in shown.columns]))  # noqa: S308 (each part is escaped)


def _head(one: Column, address: str) -> str:
    number = "" if one.number is None else str(one.number)
    weight = "" if one.weight == 1 else f"×{weight_words(one.weight)}"
    below = " ".join(filter(None, (number, one.kind, weight)))
    small = f"<small>{escape(below)}</small>" if below else ""
    words = escape(one.words)
    title = f"{words}. {escape(one.shut)}" if one.shut else words
    when = f'data-d="{one.date}_{int(one.slot)}"'
    if one.lesson is None:
        return f'<th scope="col" class="lesson x" {when} title="{title}. Урока в этот день нет">{one.day}{small}</th>'
    link = f'<a href="{escape(address.replace("0", str(one.lesson)))}">{one.day}</a>'
    names = "lesson x" if one.shut else "lesson"
    data = f'data-l="{int(one.lesson)}" data-n="{int(one.place)}" data-w="{words}" {when}'
    return f'<th scope="col" class="{names}" {data} title="{title}">{link}{small}</th>'


def _line(line: Line, shut: tuple[str, ...]) -> str:
    if line.comments or line.outside:
        cells = [_told(line, at, name) for at, name in enumerate(shut)]
    else:
        cells = map(_own, line.texts, shut)
    gone = ' class="gone"' if line.pupil.is_gone else ""
    note = f'<span class="small soft">{escape(line.pupil.note)}</span>' if line.pupil.note else ""
    results = "".join([_result(value, line.proposed.get(place)) for place, value in enumerate(line.results)])
    return (
        f'<tr data-p="{int(line.pupil.key)}"{gone}><th scope="row">{escape(line.pupil.name)}{note}</th>'
        f'{"".join(cells)}<td class="sum">{line.average_words}</td><td class="sum">{line.missed or ""}</td>'
        f"{results}</tr>"
    )


@functools.lru_cache(maxsize=1024)
def _result(value: str, offer: Offer | None) -> str:
    """Softly, what the average proposes where there is no result: it becomes one when the teacher decides."""
    if offer is None:
        return f'<td class="result">{escape(value)}</td>'
    label = f'title="{offer.words}" aria-label="{offer.mark}, {offer.words}"'
    return f'<td class="result offer" {label}>{offer.text}</td>'


def _told(line: Line, at: int, name: str) -> str:
    """A cell outside the pupil's days here, or with a comment."""
    names = "x out" if at in line.outside else name
    comment = line.comments.get(at, "")
    return _own(line.texts[at], f"{names} c".strip() if comment else names, comment)


@functools.lru_cache(maxsize=8192)
def _own(text: str, names: str, comment: str = "") -> str:
    classes = f' class="{escape(names)}"' if names else ""
    title = f' title="{escape(comment)}"' if comment else ""
    return f"<td{classes}{title}>{escape(text)}</td>"
