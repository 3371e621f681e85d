"""A pupil's days: the timetable, what was taught, what is asked, what was given. Pure: values in, days out (2.2)."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from journal.models.marks import Absence
from journal.models.timetables import DayChange
from journal.timetables import Planned, slots
from resources.models import Topic

DAY = datetime.timedelta(days=1)
WEEK = 7 * DAY
# Monday to Friday stand in a week even when nothing is on them.
ALWAYS = 5
# A homework whose next lesson nobody knows yet is asked for so long.
OPEN_DAYS = 14


class Span(NamedTuple):
    """Days, both ends included; without an end it lasts."""

    starts: datetime.date
    ends: datetime.date | None

    def holds(self, date: datetime.date) -> bool:
        return self.starts <= date and (self.ends is None or date <= self.ends)

    def within(self, other: "Span") -> "Span":
        """The days of both."""
        ends = [day for day in (self.ends, other.ends) if day]
        return Span(max(self.starts, other.starts), min(ends, default=None))


@dataclass
class Book:
    """A gradebook of the pupil's class; `spans` are the days on which the pupil belonged to it."""

    pk: int
    name: str
    spans: list[Span] = field(default_factory=list)

    def holds(self, date: datetime.date) -> bool:
        return any(one.holds(date) for one in self.spans)


class Given(NamedTuple):
    """A mark."""

    value: str
    weight: Decimal
    work: str
    comment: str


@dataclass(frozen=True)
class Held:
    """A lesson of a gradebook kept here, with the homework that it asks for, if any."""

    book: int
    date: datetime.date
    slot: int
    number: int | None = None
    subject_matter: str = ""
    done: str = ""
    way: str = ""
    homework: int | None = None
    text: str = ""
    due: datetime.date | None = None


@dataclass
class Task:
    """A homework; `due` is None while the next lesson is not known. `links` are filled in by whoever read them."""

    key: int
    name: str
    book: int
    given: datetime.date
    due: datetime.date | None
    text: str
    links: list = field(default_factory=list)


@dataclass
class Row:
    """A lesson of the day as the pupil sees it; `number` is None where nothing tells it.

    `time` and the names are filled in by whoever read them.
    """

    name: str
    number: int | None = None
    time: tuple[datetime.time, datetime.time] | None = None
    teacher: int | None = None
    room: int | None = None
    change: str = ""
    reason: str = ""
    held: Held | None = None
    marks: list[Given] = field(default_factory=list)
    code: str = ""
    tasks: list[Task] = field(default_factory=list)
    teacher_name: str = ""
    room_name: str = ""

    @property
    def is_cancelled(self) -> bool:
        return self.change == DayChange.Kind.CANCELLED

    @property
    def change_words(self) -> str:
        return str(DayChange.Kind(self.change).label) if self.change else ""

    @property
    def way_words(self) -> str:
        """How a lesson is given where that is not in the classroom."""
        usual = self.held is None or self.held.way in ("", Topic.Way.IN_PERSON)
        return "" if usual else str(Topic.Way(self.held.way).label)

    @property
    def code_words(self) -> str:
        return str(Absence.Code(self.code).label) if self.code else ""

    @property
    def is_missed(self) -> bool:
        return self.code in Absence.MISSED


@dataclass
class Day:
    date: datetime.date
    rows: list[Row]
    is_today: bool = False


Key = tuple[int, datetime.date, int]


@dataclass(frozen=True)
class Cells:
    """What the pupil got: (gradebook, date, slot) → marks, and → the code of absence."""

    marks: Mapping[Key, list[Given]]
    codes: Mapping[Key, str]


def tasks_of(books: Mapping[int, Book], lessons: Sequence[Held], planned: Iterable[Planned]) -> list[Task]:
    """Homework of the lessons in order of days, each due on the day that it says, else on the gradebook's next one."""
    days: dict[int, set[datetime.date]] = defaultdict(set)
    for one in (*lessons, *planned):
        if getattr(one, "change", "") != DayChange.Kind.CANCELLED:
            days[one.gradebook if isinstance(one, Planned) else one.book].add(one.date)
    found = []
    for one in lessons:
        if one.homework is None:
            continue
        due = one.due or min((day for day in days[one.book] if day > one.date), default=None)
        if books[one.book].holds(due or one.date):
            found.append(Task(one.homework, books[one.book].name, one.book, one.date, due, one.text))
    return sorted(found, key=lambda one: (one.due or datetime.date.max, one.given, one.name, one.key))


def coming(tasks: Iterable[Task], date: datetime.date) -> list[Task]:
    """Those of the day and later; of the undated ones those given lately."""
    return [one for one in tasks if (one.due >= date if one.due else 0 <= (date - one.given).days <= OPEN_DAYS)]


def days_of(
    books: Mapping[int, Book], planned: Sequence[Planned], lessons: Iterable[Held], cells: Cells,
    tasks: Iterable[Task], monday: datetime.date,
) -> list[Day]:  # fmt: skip
    """Days of the week: its lessons by number, then what belongs to no lesson that is known."""
    week = Span(monday, monday + WEEK - DAY)
    rows: dict[Key | tuple, tuple[datetime.date, Row]] = {}
    place = slots(one for one in planned if one.change != DayChange.Kind.CANCELLED)
    for one in planned:
        if week.holds(one.date) and books[one.gradebook].holds(one.date):
            slot = place.get((one.gradebook, one.date, one.number)) if one.change != DayChange.Kind.CANCELLED else None
            key = (one.gradebook, one.date, slot) if slot else ("", *(one.gradebook, one.date, one.number))
            row = Row(
                books[one.gradebook].name, one.number, teacher=one.teacher, room=one.room, change=one.change,
                reason=one.reason,
            )  # fmt: skip
            rows[key] = (one.date, row)
    _fill(rows, books, [one for one in lessons if week.holds(one.date)], cells, week)
    _ask(rows, books, [one for one in tasks if one.due and week.holds(one.due)])
    found: dict[datetime.date, list[Row]] = defaultdict(list)
    for date, row in rows.values():
        found[date].append(row)
    days = [monday + shift * DAY for shift in range(7)]
    return [
        Day(day, sorted(found[day], key=lambda one: (one.number is None, one.number or 0, one.name)))
        for place, day in enumerate(days)
        if place < ALWAYS or day in found
    ]


def _fill(rows: dict, books: Mapping[int, Book], lessons: Iterable[Held], cells: Cells, week: Span) -> None:
    """Lessons kept here, marks and absences join the lesson planned, or make a row of their own."""

    def row_of(key: Key) -> Row:
        return rows.setdefault(key, (key[1], Row(books[key[0]].name)))[1]

    for one in lessons:
        if books[one.book].holds(one.date):
            row = row_of((one.book, one.date, one.slot))
            row.held = one
            row.number = one.number if row.number is None else row.number
    for key, marks in cells.marks.items():
        if key[0] in books and week.holds(key[1]):
            row_of(key).marks = marks
    for key, code in cells.codes.items():
        if key[0] in books and week.holds(key[1]):
            row_of(key).code = code


def _ask(rows: dict, books: Mapping[int, Book], tasks: Iterable[Task]) -> None:
    """A homework stands at the gradebook's first lesson of its day that takes place, else by itself."""
    for task in tasks:
        slot = min((key[2] for key in rows if key[:2] == (task.book, task.due)), default=1)
        key = (task.book, task.due, slot)
        rows.setdefault(key, (task.due, Row(books[task.book].name)))[1].tasks.append(task)
