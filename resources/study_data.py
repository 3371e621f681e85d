"""Subjects, federal hours, weekly limits and an example calendar, as the data files have them (6.2). Values only."""

import datetime
import functools
from dataclasses import dataclass
from pathlib import Path

from eios.lib.data_files import read_toml

DATA = Path(__file__).parent / "data"
EXAMPLE_STARTS = 2025


@dataclass(frozen=True)
class SubjectSeed:
    name: str
    short: str
    aliases: str


@dataclass(frozen=True)
class FederalPlan:
    """Hours by subject's name, a figure for each grade of the level; `starts` is the first year they are for."""

    starts: int
    level: str
    week: int
    weeks: tuple[int, ...]
    source: str
    hours: dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class Days:
    """An entry of the example calendar, in the days of the year asked for."""

    kind: str
    name: str
    starts: datetime.date
    ends: datetime.date
    grade: int | None


@functools.cache
def _read(name: str) -> dict:
    return read_toml(DATA / name)


def subject_areas() -> list[tuple[str, list[SubjectSeed]]]:
    """Areas with their subjects, in the order of the federal programmes."""
    return [
        (area["name"], [SubjectSeed(one["name"], one["short"], "\n".join(one["aliases"])) for one in area["subjects"]])
        for area in _read("subjects.toml")["area"]
    ]


def federal_plan(level: str, year: int) -> FederalPlan | None:
    """The newest federal hours of the level for a school year that begins in `year`; None where there are none."""
    begun = [one for one in _read("federal_hours.toml")["plan"] if one["level"] == level and one["from"] <= year]
    if not begun:
        return None
    found = max(begun, key=lambda one: one["from"])
    hours = {name: tuple(figures) for name, figures in found["hours"].items()}
    return FederalPlan(found["from"], level, found["week"], tuple(found["weeks"]), found["source"], hours)


def week_limit(week: int, grade: int) -> int:
    """The greatest load of lessons a week."""
    return _read("week_limits.toml")[str(week)][str(grade)]


def limits_source() -> str:
    return _read("week_limits.toml")["source"]


def example_source() -> str:
    return _read("calendar_example.toml")["source"]


def example_days(year: int) -> list[Days]:
    """The example calendar for the school year that begins in `year`; the first term begins on 1 September."""
    rows = [_days(one, year) for one in _read("calendar_example.toml")["entry"]]
    first = datetime.date(year, 9, 1)
    return [Days(one.kind, one.name, first, one.ends, one.grade) if one is rows[0] else one for one in rows]


def _days(entry: dict, year: int) -> Days:
    move = same_date if entry.get("fixed") else same_weekday
    later = year - EXAMPLE_STARTS
    return Days(
        entry["kind"], entry["name"], move(entry["starts"], later), move(entry["ends"], later), entry.get("grade")
    )


def same_date(date: datetime.date, years: int) -> datetime.date:
    """The same date some years later; of 29 February the 28th."""
    if (date.month, date.day) == (2, 29):
        date = date.replace(day=28)
    return date.replace(year=date.year + years)


def same_weekday(date: datetime.date, years: int) -> datetime.date:
    """The nearest same day of the week some years later."""
    moved = same_date(date, years)
    shift = (date.weekday() - moved.weekday()) % 7
    return moved + datetime.timedelta(days=shift if shift <= 3 else shift - 7)
