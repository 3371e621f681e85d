"""Rows of a class at a glance as HTML: joined in Python with escaping."""

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from journal.class_glance import Cell, Glance, Row


def body(found: Glance) -> SafeString:
    """Every `tr` of the table."""
    return mark_safe("\n".join(map(_row, found.rows)))  # noqa: S308 (each part is escaped below)


def _row(row: Row) -> str:
    gone = ' class="gone"' if row.note else ""
    note = f'<span class="small soft">{escape(row.note)}</span>' if row.note else ""
    cells = "".join(map(_cell, row.cells))
    flag = f' <b class="flag" aria-hidden="true">!</b><span class="vh">, {_attention(row)}</span>' if row.alerts else ""
    name = f'<a href="{escape(row.url)}">{escape(row.name)}</a>{flag}'
    tail = f'<td class="sum">{row.average_words or "—"}</td><td class="sum">{row.missed.total or ""}</td>'
    return f'<tr{gone}><th scope="row">{name}{note}</th>{cells}{tail}</tr>'


def _attention(row: Row) -> str:
    return f"требует внимания: {len(row.alerts)}"


def _cell(cell: Cell) -> str:
    if not cell.value:
        return "<td></td>"
    words = f"<b>{escape(cell.value)}</b>" if cell.is_result else escape(cell.value)
    return f'<td class="m{cell.level}">{words}</td>'
