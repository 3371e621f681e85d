"""A pupil's marks by subject and by day, averages, what the next mark would do. Pure: values in, rows out."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from journal import scales
from journal.grid import WITH_REASONS
from journal.models.marks import Absence

HALF = Decimal("0.5")
BEST = 5
MANY = {5: "пятёрок", 4: "четвёрок", 3: "троек"}


class Given(NamedTuple):
    """A mark of a pupil: whose subject, when, what. A tuple, for a year has three hundred of them."""

    subject: int
    date: datetime.date
    slot: int
    value: str
    number: int | None
    weight: Decimal
    work: str
    comment: str = ""

    @property
    def about(self) -> str:
        """«Контрольная работа: решил всё»; "" of a mark that says nothing of itself."""
        return ": ".join(filter(None, [self.work, self.comment]))


class Away(NamedTuple):
    """An absence of a pupil, or a late coming."""

    subject: int
    date: datetime.date
    slot: int
    code: str


@dataclass
class Lesson:
    """What a pupil got in a subject on a day."""

    date: datetime.date
    marks: list[Given] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)


@dataclass
class SubjectRow:
    """A subject: its lessons that left something, the average, results in the order of the heads."""

    key: int
    name: str
    lessons: list[Lesson]
    average: Decimal | None
    results: list[str]

    @property
    def average_words(self) -> str:
        return "" if self.average is None else str(self.average).replace(".", ",")

    @property
    def is_empty(self) -> bool:
        return not self.lessons and not any(self.results)


@dataclass(frozen=True)
class Missed:
    """Lessons missed by reason, and on how many days something was missed."""

    lessons: dict[str, int]
    days: int

    @property
    def total(self) -> int:
        return sum(count for code, count in self.lessons.items() if code in Absence.MISSED)

    @property
    def late(self) -> int:
        return self.lessons.get(Absence.Code.LATE, 0)

    @property
    def by_reason(self) -> list[tuple[str, int]]:
        """(words, count) of what there is, in the order of the codes."""
        return [(code.label, self.lessons[code]) for code in Absence.Code if self.lessons.get(code)]


def by_subject(
    subjects: Sequence[tuple[int, str]], marks: Iterable[Given], absences: Iterable[Away],
    results: dict[tuple[int, str], str], heads: Sequence[str],
) -> list[SubjectRow]:  # fmt: skip
    """`results`: (subject, head's key) → value; `heads`: keys in order. Marks in order of days."""
    lessons: dict[int, dict[datetime.date, Lesson]] = defaultdict(dict)
    numbers: dict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    for one in marks:
        lessons[one.subject].setdefault(one.date, Lesson(one.date)).marks.append(one)
        if one.number is not None:
            numbers[one.subject].append((one.number, one.weight))
    for one in absences:
        lessons[one.subject].setdefault(one.date, Lesson(one.date)).codes.append(one.code)
    return [
        SubjectRow(
            key, name, [lesson for _, lesson in sorted(lessons[key].items())], scales.average(numbers[key]),
            [results.get((key, head), "") for head in heads],
        )
        for key, name in subjects
    ]  # fmt: skip


def by_day(rows: Iterable[SubjectRow]) -> list[tuple[datetime.date, list[tuple[str, Lesson]]]]:
    """The newest day first: (day, [(subject, what the pupil got)])."""
    days: dict[datetime.date, list[tuple[str, Lesson]]] = defaultdict(list)
    for row in rows:
        for lesson in row.lessons:
            days[lesson.date].append((row.name, lesson))
    return sorted(days.items(), reverse=True)


def missed(absences: Iterable[Away]) -> Missed:
    lessons: dict[str, int] = defaultdict(int)
    days = set()
    for one in absences:
        lessons[one.code] += 1
        if one.code in Absence.MISSED:
            days.add(one.date)
    return Missed(dict(lessons), len(days))


def short(code: str) -> str:
    """How a code of absence is shown to the pupil and the parents: with its reason."""
    return WITH_REASONS[code]


@dataclass(frozen=True)
class WhatIf:
    """What an average would become, and what it takes to reach the next mark.

    `ways`: (mark, how many of it in a row) of each mark that brings the average up there, the best one first.
    """

    before: Decimal | None
    after: Decimal | None
    target: int | None
    ways: tuple[tuple[int, int], ...] = ()

    @property
    def before_words(self) -> str:
        return "" if self.before is None else str(self.before).replace(".", ",")

    @property
    def after_words(self) -> str:
        return "" if self.after is None else str(self.after).replace(".", ",")

    @property
    def ways_words(self) -> str:
        """«пятёрок — 5 или четвёрок — 8»"""
        return " или ".join(f"{MANY[mark]} — {count}" for mark, count in self.ways)


def what_if(numbers: Sequence[tuple[int, Decimal]], added: Sequence[int]) -> WhatIf:
    """With more marks of weight 1, as they are added by hand; the next mark is reached by the usual rounding."""
    whole = [*numbers, *((number, Decimal(1)) for number in added)]
    after = scales.average(whole)
    return WhatIf(scales.average(numbers), after, *_next(whole))


def _next(whole: Sequence[tuple[int, Decimal]]) -> tuple[int | None, tuple[tuple[int, int], ...]]:
    total = sum((number * weight for number, weight in whole), Decimal(0))
    weights = sum((weight for _, weight in whole), Decimal(0))
    if not weights:
        return None, ()
    target = int((total / weights).quantize(Decimal(1), "ROUND_HALF_UP")) + 1
    if target > BEST:
        return None, ()
    # (total + mark · n) / (weights + n) >= target - 1/2
    border = target - HALF
    lacking = border * weights - total
    counts = {mark: lacking / (mark - border) for mark in MANY if mark > border}
    return target, tuple((mark, max(1, int(n.to_integral_value(ROUND_CEILING)))) for mark, n in counts.items())
