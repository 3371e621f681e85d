"""Rows of the queue as HTML: joined in Python with escaping, since the page is opened every day."""

from collections.abc import Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from eios.lib.russian import short_date
from portfolio.achievement_queue import Line, Proof
from portfolio.doubles import Double


def body(lines: Sequence[Line], queue: str, entries: str, *, are_ticked: bool = False) -> SafeString:
    """Every `tr` of the table; `queue` and `entries` are the addresses below which the pages of entries stand."""
    tick = " checked" if are_ticked else ""
    return mark_safe("\n".join([_row(one, queue, entries, tick) for one in lines]))  # noqa: S308 (each part is escaped below)


def _row(line: Line, queue: str, entries: str, tick: str) -> str:
    title, pupil = escape(line.entry.title), escape(line.pupil)
    version = '<div class="small">новая версия подтверждённой записи</div>' if line.entry.replaces_id else ""
    like = _list("doubles", [_double(one, entries) for one in line.doubles]) if line.doubles else "—"
    return (
        f'<tr><td><label class="choice"><input type="checkbox" name="entry" value="{line.ticked}"{tick}> '
        f'<span class="vh">подтвердить: {pupil}, «{title}»</span></label></td>'
        f'<th scope="row"><a href="{queue}{line.entry.pk}/">{title}</a>'
        f'<div class="small soft">{escape(line.words)}</div>{version}</th>'
        f'<td data-label="Обучающийся"><div>{pupil}<div class="small soft">{escape(line.school_class)} '
        f"ждёт с&nbsp;{short_date(line.since)}</div></div></td>"
        f'<td data-label="Подтверждения">{_list("evidence", [_proof(one) for one in line.evidence])}</td>'
        f'<td data-label="Похоже на">{like}</td></tr>'
    )


def _list(name: str, parts: list[str]) -> str:
    return f'<ul class="{name}"><li>{"</li><li>".join(parts)}</li></ul>'


def _proof(one: Proof) -> str:
    words = escape(one.words)
    return f'<a href="{escape(one.url)}" rel="noopener noreferrer nofollow">{words}</a>' if one.url else words


def _double(one: Double, entries: str) -> str:
    how = "слово в слово" if one.is_same else "похоже"
    about = f'<span class="small soft">{how}, {one.entry.get_origin_display()}</span>'
    return f'<a href="{entries}{one.entry.pk}/">{escape(one.entry.title)}</a> {about}'
