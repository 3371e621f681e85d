"""What can't be in a week's timetable: a class, a teacher or a room in two places at once (6.2). Pure."""

import enum
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from journal.models.timetables import TimetableLine, Weekday

Week = TimetableLine.Week


class What(enum.Enum):
    """Who is in two places."""

    CLASS = "у класса два урока сразу"
    TEACHER = "учитель на двух уроках сразу"
    ROOM = "в кабинете два урока сразу"


@dataclass(frozen=True)
class Placed:
    """A lesson of the week. `key` tells it from others; `is_shared`: the room takes several classes."""

    key: int
    weekday: int
    number: int
    week: str
    gradebook: int
    school_class: int
    subgroup: int | None
    subject: int
    teacher: int | None
    room: int | None
    is_shared: bool = False


@dataclass(frozen=True)
class Conflict:
    what: What
    one: Placed
    other: Placed

    @property
    def hour(self) -> str:
        """«понедельник, 3-й урок»."""
        return f"{Weekday(self.one.weekday).label}, {self.one.number}-й урок"


def conflicts(lines: Iterable[Placed]) -> list[Conflict]:
    """All of them, by day and number."""
    hours: dict[tuple[int, int], list[Placed]] = defaultdict(list)
    for line in lines:
        hours[line.weekday, line.number].append(line)
    return [
        Conflict(what, one, other)
        for hour in sorted(hours)
        for one, other in combinations(hours[hour], 2)
        if _at_once(one.week, other.week)
        for what in _between(one, other)
    ]


def _at_once(one: str, other: str) -> bool:
    return Week.EVERY in (one, other) or one == other


def _between(one: Placed, other: Placed) -> Iterator[What]:
    """Subgroups of a class are taught apart; one teacher takes several classes of a subject in one room."""
    if one.school_class == other.school_class and (not one.subgroup or not other.subgroup or _same_group(one, other)):
        yield What.CLASS
    is_joint = one.subject == other.subject and one.teacher is not None and one.teacher == other.teacher
    if one.teacher is not None and one.teacher == other.teacher and not (is_joint and _same_room(one, other)):
        yield What.TEACHER
    if _same_room(one, other) and not is_joint and not (one.is_shared and other.is_shared):
        yield What.ROOM


def _same_group(one: Placed, other: Placed) -> bool:
    return one.subgroup == other.subgroup


def _same_room(one: Placed, other: Placed) -> bool:
    return one.room is not None and one.room == other.room
