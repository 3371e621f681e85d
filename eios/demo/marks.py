"""What stands in a gradebook of the demonstration school: lessons by weekday, absences by spells, marks. Pure."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from eios.demo.families import DAY

WEEKDAYS = 5
# Weeks after which the same weekdays come again a year later: past years have the days of this year's calendar.
YEAR_OF_WEEKS = 364 * DAY
# Share of lessons at which a pupil gets a mark, by lessons a week: where they are few, marks are more frequent.
DENSITY = {1: 0.62, 2: 0.38, 3: 0.28}
SELDOM = 0.2
WORKS = (("О", 100), ("О", 100), ("О", 100), ("Д", 100), ("С", 100), ("Т", 100), ("К", 150))
# How spells of absence begin: chance a day, code, shortest and longest.
SPELLS = ((0.007, "ill", 2, 6), (0.004, "excused", 1, 1), (0.002, "unexcused", 1, 1), (0.001, "absent", 1, 2))
LATE = 0.004


@dataclass(frozen=True)
class Given:
    """A mark: `weight` in hundredths."""

    date: datetime.date
    slot: int
    number: int
    work: str
    weight: int


def lessons(place: int, hours: int, days: Iterable[datetime.date]) -> list[tuple[datetime.date, int]]:
    """(day, which lesson of the subject that day) of a subject that stands at `place` in the class's week."""
    weekdays = [(place + number * WEEKDAYS // hours) % WEEKDAYS for number in range(min(hours, WEEKDAYS))]
    twice = {place % WEEKDAYS} if hours > WEEKDAYS else set()
    found = []
    for day in days:
        if day.weekday() in weekdays:
            found.append((day, 1))
            if day.weekday() in twice:
                found.append((day, 2))
    return found


def absences(rng: Random, days: list[datetime.date]) -> dict[datetime.date, str]:
    """Whole days that a pupil was away, and why."""
    found: dict[datetime.date, str] = {}
    for place, day in enumerate(days):
        chance = rng.random()
        for share, code, shortest, longest in SPELLS:
            if day not in found and chance < share:
                found |= dict.fromkeys(days[place : place + rng.randint(shortest, longest)], code)
                break
            chance -= share
    return found


def marks(rng: Random, level: float, hours: int, held: list[tuple[datetime.date, int]], away: dict) -> list[Given]:
    """A pupil's marks at the lessons held; `level` is how well the pupil does in the subject, 2 to 5."""
    density = DENSITY.get(hours, SELDOM)
    found = []
    for day, slot in held:
        if day not in away and rng.random() < density:
            work, weight = WORKS[int(rng.random() * len(WORKS))]
            number = min(5, max(2, round(rng.gauss(level, 0.7))))
            found.append(Given(day, slot, number, work, weight))
    return found


def mean(given: Iterable[Given]) -> int | None:
    """The weighted average in hundredths, half up; None of no marks."""
    total = weights = 0
    for one in given:
        total += one.number * one.weight
        weights += one.weight
    return (total * 200 + weights) // (2 * weights) if weights else None
