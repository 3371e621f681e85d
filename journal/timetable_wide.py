"""The week's timetable as schools hang it on the wall: rows are days and lessons, columns are classes (6.2). Pure.

A cell says «Предмет (учитель) каб. 214»; lessons of subgroups stand in one cell on lines of their own, or between « / »
and «;».
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from django.core.exceptions import ValidationError

from accounts.models.school import parse_class_name
from eios.lib import tables
from eios.lib.tables import Heading, Layout, Row, Table, TableError, values

_FREE = re.compile(r"[\W_]*")
_APART = re.compile(r"[\r\n;]+|\s/\s")
_WEEK = re.compile(r"[,(\[]?\s*\b((?:не)?ч[её]т)(?:н\w*)?(?!\w)\.?(?:\s+нед\w*\.?)?\s*[)\]]?", re.IGNORECASE)
_ROOM = re.compile(r"^\s*(?:кабинет|каб|ауд)(?:\.|\b)\s*", re.IGNORECASE)
_REST = re.compile(r"(?P<group>[^()]*+)(?:\((?P<teacher>[^()]*+)\))?(?P<room>[^()]*+)")
_MARKS = " ,.:—–-"
# A longer beginning of a cell is no name of a subject.
_LONGEST = 200


def rows_of(sheets: list, day: Heading, number: Heading, most: int) -> Table | None:
    """Rows as the long form has them, one a lesson, each titled by its class; None where no column is a class.

    The day stands in its first row alone, as in merged cells. What a cell says is only taken apart by `told`: it needs
    the school's subjects. No more rows are made than one over `most`. Raises TableError: a class twice.
    """
    head = Layout((day, number), needs=((day.key, number.key),))
    try:
        found = tables.locate(sheets, head)
    except TableError:
        return None
    classes = tuple(Heading(title, title) for title in found.unknown if _is_class(title))
    if not classes:
        return None
    table = tables.locate(sheets, Layout((day, number, *classes), head.needs))
    return Table(list(islice(_lessons(table.rows, day.key, number.key), most + 1)), table.unknown)


def _is_class(title: str) -> bool:
    try:
        parse_class_name(title)
    except ValidationError:
        return False
    return True


def _lessons(rows: Iterable[Row], day: str, number: str) -> Iterator[Row]:
    last = {}
    for row in rows:
        last[row.sheet] = row.values.get(day) if row.text(day) else last.get(row.sheet)
        for key, title in row.titles.items():
            if key in (day, number):
                continue
            for cell in _APART.split(str(row.values.get(key) or "")):
                if not _FREE.fullmatch(cell):
                    yield Row(
                        row.number, row.sheet,
                        {"school_class": title, day: last[row.sheet], number: row.values.get(number), "cell": cell},
                        dict.fromkeys(("school_class", "subject", "subgroup", "teacher", "room", "week"), title)
                        | {one: row.titles[one] for one in (day, number)},
                    )  # fmt: skip


def told(row: Row, is_subject: Callable[[str], bool], groups_of: Callable[[str], Iterable[str]]) -> Row:
    """The row with what its cell says of subject, subgroup, teacher, room and weeks. `groups_of(subject)` names its
    subgroups in the class."""
    cell = values.text(row.values["cell"])
    week = _WEEK.search(cell)
    if week:
        cell = f"{cell[: week.start()]} {cell[week.end() :]}"
    subject, rest = _subject(cell, is_subject)
    found = _REST.fullmatch(rest)
    if found is None:
        said = {"subject": cell}
    else:
        group, room = _clean(found["group"]), _clean(found["room"])
        teacher = (found["teacher"] or "").strip()
        if not teacher:
            group, room = _group_and_room(f"{group} {room}".strip(), groups_of(subject))
        said = {"subject": subject, "subgroup": group, "teacher": teacher, "room": _ROOM.sub("", room)}
    return Row(row.number, row.sheet, row.values | said | {"week": week[1] if week else ""}, row.titles)


def _subject(cell: str, is_subject: Callable[[str], bool]) -> tuple[str, str]:
    """The longest beginning that is a subject, and what follows; else what stands before the bracket. A subject may
    have brackets of its own: «Труд (технология) (Белова И. П.)»."""
    for place in range(min(len(cell), _LONGEST), 0, -1):
        if place < len(cell) and cell[place].isalnum():
            continue
        if is_subject(cell[:place]):
            name = cell[:place].rstrip(_MARKS + "(")
            return name, cell[len(name) :]
    before, bracket, after = cell.partition("(")
    return _clean(before), bracket + after


def _group_and_room(text: str, groups: Iterable[str]) -> tuple[str, str]:
    """Without a teacher nothing parts the subgroup from the room but its name."""
    for name in sorted(groups, key=len, reverse=True):
        if text.casefold().startswith(name.casefold()):
            return name, _clean(text[len(name) :])
    return "", text


def _clean(text: str) -> str:
    return text.strip(_MARKS)
