"""Who came, left and changed the class in the course of this year, drawn from a seed. Pure.

Nobody of the fixed families moves, and those who left have no numbered logins: the logins of the others stay.
"""

import datetime
from dataclasses import dataclass, replace
from random import Random

from eios.demo import families
from eios.demo.families import DAY, Pupil

# Before that many days of the year have passed, nothing has moved.
QUIET_DAYS = 14
OF_EVERY = 100
ELSEWHERE = (
    "МБОУ СОШ №1 г. Апшеронска", "МБОУ СОШ №4 г. Апшеронска", "МБОУ СОШ №15 г. Хадыженска",
    "МБОУ СОШ №7 г. Белореченска", "МБОУ лицей №48 г. Краснодара", "МБОУ СОШ №5 г. Майкопа",
    "МБОУ СОШ №12 ст. Нефтяной",
    "МАОУ СОШ №2 г. Туапсе",
)  # fmt: skip
AT_HOME = "семейное образование"


@dataclass(frozen=True)
class Place:
    """A pupil in a class for the days from `starts` to `ends`; `school_class` is (first year, grade, letter).

    `came_from` and `went_to` are said of arrivals and departures; `expelled` departures are not to another school.
    """

    pupil: Pupil
    school_class: tuple[int, int, str]
    starts: datetime.date
    ends: datetime.date | None
    came_from: str = ""
    went_to: str = ""
    expelled: bool = False


def draw(rng: Random, places: list[Place], year_start: datetime.date, date: datetime.date) -> list[Place]:
    """The places with this year's movement up to the date worked into them."""
    if (date - year_start).days < QUIET_DAYS:
        return places
    days = _Days(rng, year_start, date)
    now = [place for place in places if place.ends is None and place.pupil.login not in families.FIXED]
    rng.shuffle(now)
    count = 2 + len(now) // OF_EVERY
    arrived = {place.pupil: _arrival(rng, place, days.draw()) for place in now[: min(count, len(now) // 2)]}
    moved = _transfers(rng, [place for place in now if place.pupil not in arrived], count, days)
    kept = [place for place in places if place.pupil not in arrived and place not in moved]
    halves = [half for both in moved.values() for half in both]
    return [*kept, *arrived.values(), *halves, *_departures(rng, places, count, days)]


class _Days:
    """Working days of the year that have passed."""

    def __init__(self, rng: Random, year_start: datetime.date, date: datetime.date):
        self._rng, self._first, self._count = rng, year_start + 4 * DAY, (date - year_start).days - 4

    def draw(self) -> datetime.date:
        day = self._first + self._rng.randrange(self._count) * DAY
        return day - max(0, day.weekday() - 4) * DAY


def _arrival(rng: Random, place: Place, day: datetime.date) -> Place:
    return replace(place, starts=day, came_from=rng.choice(ELSEWHERE))


def _transfers(rng: Random, places: list[Place], count: int, days: _Days) -> dict[Place, tuple[Place, Place]]:
    """Pupils of grades with several classes, who began the year in another of them."""
    classes = {place.school_class for place in places}
    found = {}
    for place in places:
        year, grade, letter = place.school_class
        others = sorted(each for each in classes if each[:2] == (year, grade) and each[2] != letter)
        if others and len(found) < count:
            day = days.draw()
            before = replace(place, school_class=rng.choice(others), ends=day - DAY)
            found[place] = (before, replace(place, starts=day))
    return found


def _departures(rng: Random, places: list[Place], count: int, days: _Days) -> list[Place]:
    """Pupils beside those asked for, who were here at the beginning of the year; one of them was expelled."""
    classes = sorted({place.school_class for place in places if place.ends is None})
    found = []
    for number in range(count + 1):
        year, grade, letter = rng.choice(classes)
        pupil = families.lone_pupil(rng, grade, year)
        pupil.letter, pupil.gone = letter, True
        starts, expelled = datetime.date(year, 9, 1), number == count
        went_to = AT_HOME if expelled else rng.choice(ELSEWHERE)
        found.append(Place(pupil, (year, grade, letter), starts, days.draw() - DAY, went_to=went_to, expelled=expelled))
    return found
