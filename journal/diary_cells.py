"""A diary's marks as HTML: joined in Python with escaping, for three hundred marks through a template tag are slow."""

import datetime
import functools
from decimal import Decimal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from journal.grid import weight_words
from journal.summary import Lesson, SubjectRow, short


def body(rows: list[SubjectRow], heads: list[str]) -> SafeString:
    """Every `tr` of the table by subjects: name, marks by days, average, results under their heads."""
    labels = [escape(head) for head in heads]
    return mark_safe("\n".join(_row(row, labels) for row in rows))  # noqa: S308 (each part is escaped below)


def lesson_words(lesson: Lesson) -> SafeString:
    """«5 контрольная работа: решил всё, 4 Н» of one lesson."""
    marks = [f"{_mark(one.value, one.weight)}{_small(one.about)}" for one in lesson.marks]
    return mark_safe(" ".join([*marks, *map(_code, lesson.codes)]))  # noqa: S308 (each part is escaped)


def _small(words: str) -> str:
    return f" <small>{escape(words)}</small>" if words else ""


def _row(row: SubjectRow, labels: list[str]) -> str:
    given = "".join(f"<li>{_things(one)} <small>{_day(one.date)}</small></li>" for one in row.lessons)
    marks = f'<ul class="marks">{given}</ul>' if given else '<span class="soft">—</span>'
    noted = "".join(
        f"<li>{_day(lesson.date)}, {escape(one.value)}: {escape(one.about)}</li>"
        for lesson in row.lessons
        for one in lesson.marks
        if one.comment
    )
    marks += f'<ul class="remarks small">{noted}</ul>' if noted else ""
    results = "".join(
        f'<td class="result" data-label="{label}">{escape(value) or "—"}</td>'
        for label, value in zip(labels, row.results, strict=True)
    )
    return (
        f'<tr><th scope="row">{escape(row.name)}</th><td data-label="Отметки">{marks}</td>'
        f'<td class="sum" data-label="Средняя">{row.average_words or "—"}</td>{results}</tr>'
    )


def _things(lesson: Lesson) -> str:
    marks = [_mark(one.value, one.weight, one.work) for one in lesson.marks]
    return " ".join([*marks, *map(_code, lesson.codes)])


@functools.lru_cache(maxsize=512)
def _day(date: datetime.date) -> str:
    return f"{date:%d.%m}"


@functools.lru_cache(maxsize=2048)
def _mark(value: str, weight: Decimal, work: str = "") -> str:
    """A weight other than 1 stands beside the mark; what it was given for is told on asking."""
    weighed = "" if weight == 1 else f"<small>×{weight_words(weight)}</small>"
    title = f' title="{escape(work)}"' if work else ""
    return f'<b class="m{escape(value)}"{title}>{escape(value)}{weighed}</b>'


@functools.lru_cache(maxsize=16)
def _code(code: str) -> str:
    return f'<span class="code">{escape(short(code))}</span>'
