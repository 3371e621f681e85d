"""Rows of a gradebook's grid as HTML: joined in Python with escaping, for a template tag a cell is too slow."""

import functools

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from journal.grid import EMPTY, Cell, Grid, Row

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
    return _drawn(tuple((one.value, str(one.weight.normalize()), one.work) for one in cell.marks), cell.code)


@functools.lru_cache(maxsize=4096)
def _drawn(marks: tuple[tuple[str, str, str], ...], code: str) -> str:
    """A few hundred kinds of cells make up all gradebooks; values with weights, then the code of absence."""
    words = [_mark(*one) for one in marks]
    if code:
        words.append(f'<span class="off">{escape(code)}</span>')
    return f"<td>{' '.join(words)}</td>"


def _mark(value: str, weight: str, work: str) -> str:
    """A weight other than 1 stands beside the mark, the kind of work too where the source tells it."""
    weighed = "" if weight == "1" else f"<small>×{escape(weight.replace('.', ','))}</small>"
    title = f' title="Вид работы: {escape(work)}"' if work else ""
    return f"<span{title}>{escape(value)}{weighed}</span>"
