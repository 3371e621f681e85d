"""The teaching load as its table shows it (1.3 b): who teaches which gradebook, how many hours, from–to. Reads only."""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby

from django.db.models import QuerySet

from accounts import exports
from accounts.models import AcademicYear, SchoolCard, User
from eios.lib import russian, search
from journal import rights
from journal.load_columns import COLUMNS, line_of
from journal.models import TeachingLoad
from resources.curricula import words_of


def seen_in(person: User, year: AcademicYear | None) -> QuerySet[TeachingLoad]:
    """Loads of the year: all for who reads all of teaching, the own ones for others."""
    if year is None:
        return TeachingLoad.objects.none()
    rows = TeachingLoad.objects.filter(gradebook__school_class__year=year)
    rows = rows if rights.reads_all(person) else rows.filter(teacher=person)
    return rows.select_related(
        "teacher", "replaces", "gradebook__school_class__year", "gradebook__subject", "gradebook__subgroup"
    ).order_by(
        "teacher__sort_name", "teacher", "gradebook__school_class__grade", "gradebook__school_class__letter",
        "gradebook__subject__name", "gradebook__subgroup__name", "starts",
    )  # fmt: skip


def chosen(rows: QuerySet[TeachingLoad], filters: dict, date: datetime.date) -> QuerySet[TeachingLoad]:
    """By the filters of the table; in force on the date unless all are asked for."""
    if not filters["all"]:
        rows = rows.on(date)
    if filters["school_class"]:
        rows = rows.filter(gradebook__school_class=filters["school_class"])
    if filters["subject"]:
        rows = rows.filter(gradebook__subject=filters["subject"])
    return rows.filter(search.matching(filters["q"], "teacher__search")) if filters["q"] else rows


def day_in(year: AcademicYear | None, date: datetime.date) -> datetime.date:
    """The date, or the nearest day of the year."""
    return min(max(date, year.starts), year.ends) if year else date


def by_teacher(rows: Iterable[TeachingLoad], date: datetime.date) -> list[tuple[User, str, list[TeachingLoad]]]:
    """(teacher, hours a week in force, lines), in the order of the rows."""
    found = []
    for _, own in groupby(rows, key=lambda one: one.teacher_id):
        lines = list(own)
        hours = sum((one.hours or Decimal(0) for one in lines if one.in_force_on(date)), Decimal(0))
        found.append((lines[0].teacher, words_of(hours), lines))
    return found


def as_xlsx(rows: Iterable[TeachingLoad], year: AcademicYear, school: SchoolCard) -> bytes:
    """The table that the import takes back."""
    head = [(column.title, column.width) for column in COLUMNS]
    title = f"Учебная нагрузка, {year} учебный год"
    return exports.workbook(title, head, map(line_of, rows), exports.source_line(school))


def file_name(date: datetime.date) -> str:
    return f"Учебная нагрузка {russian.short_date(date)}"
