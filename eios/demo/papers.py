"""The orders that the facts of a drawn school rest on, with some that are on their way. Pure."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

from eios.demo import families, movement
from eios.demo.families import DAY, Pupil
from eios.demo.movement import Place
from eios.demo.school import HIGHEST_GRADE, School
from eios.demo.staff import Post

DUTIES = (
    "class_teacher", "method_group_head", "system_administrator", "credentials_officer", "informatics_support",
    "designated_person",
)  # fmt: skip
EXECUTED, SIGNED, DRAFT, CANCELLED = "executed", "signed", "draft", "cancelled"
# Of what works from the same day: whoever leaves goes before others come, a duty is given to those who work here.
TURNS = ("graduation", "initial_load", "general", "hire", "enrolment", "promotion")
SOON = 4 * DAY


@dataclass(eq=False)
class Line:
    """A point: the fact that it begins and the one that it ends. A newcomer has neither, nor an account, yet."""

    person: families.Person
    begins: Place | Post | None = None
    ends: Place | Post | None = None
    place: str = ""
    school_class: tuple[int, int, str] | None = None


@dataclass(eq=False)
class Paper:
    """An order; `changes` is the one that it cancels."""

    kind: str
    effective_on: datetime.date
    date: datetime.date
    lines: list[Line] = field(default_factory=list)
    state: str = EXECUTED
    basis: str = ""
    title: str = ""
    changes: "Paper | None" = None

    @property
    def turn(self) -> tuple:
        rank = TURNS.index(self.kind) if self.kind in TURNS else len(TURNS)
        return self.changes is not None, self.state != EXECUTED, self.date, self.effective_on, rank, self.kind


BASES = {
    "initial_load": "Пункты 6.5 и 6.6 Положения об ЭИОС",
    "enrolment": "Заявления родителей (законных представителей)",
    "transfer_class": "Заявления родителей (законных представителей)",
    "transfer_out": "Заявления родителей, справки-подтверждения принимающих школ",
    "expulsion": "Заявление родителей о выборе семейного образования",
    "promotion": "Решение педагогического совета",
    "graduation": "Решение педагогического совета, результаты итоговой аттестации",
}


def draw(rng: Random, school: School, date: datetime.date) -> list[Paper]:
    """Every fact is begun by one line of one order, and ended by one where it has ended; in order of signing."""
    first_day = school.year_starts[0]
    drawer = _Drawer(first_day)
    for places in _by_pupil(school).values():
        drawer.pupil(places)
    for post in school.posts:
        drawer.post(post)
    papers = [*drawer.papers.values(), _founding(first_day), *_under_way(rng, school, date)]
    return sorted(papers, key=lambda paper: paper.turn)


def _by_pupil(school: School) -> dict[Pupil, list[Place]]:
    found = defaultdict(list)
    for place in sorted(school.places, key=lambda place: place.starts):
        found[place.pupil].append(place)
    return found


class _Drawer:
    """Collects facts into orders: one for what an office would put on one paper."""

    def __init__(self, first_day: datetime.date):
        self.first_day = first_day
        self.papers: dict[tuple, Paper] = {}

    def pupil(self, places: list[Place]) -> None:
        first, last = places[0], places[-1]
        kind = "initial_load" if first.starts == self.first_day else "enrolment"
        self._add(kind, first.starts, Line(first.pupil, begins=first, place=first.came_from))
        for before, after in pairwise(places):
            is_same_year = before.school_class[0] == after.school_class[0]
            kind, part = ("transfer_class", 0) if is_same_year else ("promotion", before.school_class[1])
            self._add(kind, after.starts, Line(first.pupil, begins=after, ends=before), part)
        if last.ends:
            self._add(_leaving(last), last.ends + DAY, Line(first.pupil, ends=last, place=last.went_to))

    def post(self, post: Post) -> None:
        if post.is_acting:
            kind = "acting"
        elif post.code in DUTIES:
            kind = post.code
        else:
            kind = "initial_load" if post.starts == self.first_day else "hire"
        self._add(kind, post.starts, Line(post.person, begins=post))

    def _add(self, kind: str, effective_on: datetime.date, line: Line, part: int = 0) -> None:
        key = (kind, effective_on, part)
        if key not in self.papers:
            self.papers[key] = Paper(kind, effective_on, _eve(effective_on), basis=BASES.get(kind, ""))
        self.papers[key].lines.append(line)


def _leaving(place: Place) -> str:
    if place.expelled:
        return "expulsion"
    return "transfer_out" if place.pupil.gone else "graduation"


def _eve(day: datetime.date) -> datetime.date:
    """The working day before: orders are signed then."""
    return day - {0: 3, 6: 2}.get(day.weekday(), 1) * DAY


def _founding(first_day: datetime.date) -> Paper:
    title = "О введении электронной информационно-образовательной среды"
    return Paper("general", first_day, _eve(first_day), title=title, basis="Положение об ЭИОС")


def _under_way(rng: Random, school: School, date: datetime.date) -> list[Paper]:
    """What an office has on its desk: a signed order, a draft, and one that was called off."""
    now = [place for place in school.places if place.ends is None and place.pupil.login not in families.FIXED]
    leaving, staying = rng.sample(now, 2)
    year_end = school.year_starts[-1].replace(year=school.year_starts[-1].year + 1) - DAY
    soon, later = min(date + SOON, year_end), min(date + 2 * SOON, year_end)
    newcomer = _newcomer(rng, leaving)
    draft = Paper("transfer_out", later, date, state=DRAFT, basis="Заявление родителей")
    draft.lines = [Line(leaving.pupil, place=rng.choice(movement.ELSEWHERE))]
    signed = Paper("enrolment", soon, date, state=SIGNED, basis=BASES["enrolment"])
    signed.lines = [Line(newcomer, place=rng.choice(movement.ELSEWHERE), school_class=leaving.school_class)]
    called_off = Paper("transfer_out", soon, date, state=CANCELLED, basis="Заявление родителей")
    called_off.lines = [Line(staying.pupil, place=rng.choice(movement.ELSEWHERE))]
    cancelling = Paper("cancellation", date, date, basis="Родители отозвали заявление", changes=called_off)
    return [draft, signed, called_off, cancelling]


def _newcomer(rng: Random, place: Place) -> Pupil:
    _, grade, _ = place.school_class
    return families.lone_pupil(rng, min(grade, HIGHEST_GRADE), place.school_class[0])
