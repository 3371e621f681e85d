"""The week of the demonstration school: every class's lessons laid into days, no teacher in two places. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

DAYS = 5
MOST_A_DAY = 8


@dataclass
class Wish:
    """Lessons of one gradebook that are still to be laid."""

    gradebook: int
    school_class: int
    teacher: int | None
    left: int


def laid(wishes: Sequence[Wish]) -> list[tuple[int, int, int]]:
    """(gradebook, weekday, number) of all that fit: first lessons of all days, then second; busy teachers first."""
    found: list[tuple[int, int, int]] = []
    busy: set[tuple[int, int, int]] = set()
    of_day: Counter = Counter()
    of_class: dict[int, list[Wish]] = {}
    work: Counter = Counter()
    for wish in wishes:
        of_class.setdefault(wish.school_class, []).append(wish)
        work[wish.teacher] += wish.left
    for number in range(1, MOST_A_DAY + 1):
        for weekday in range(DAYS):
            for own in of_class.values():
                one = _next(_free(own, (weekday, number), busy), weekday, of_day, work)
                if one is not None:
                    one.left -= 1
                    work[one.teacher] -= 1
                    of_day[one.gradebook, weekday] += 1
                    busy.add((one.teacher, weekday, number))
                    found.append((one.gradebook, weekday, number))
    return found


def _free(own: Iterable[Wish], hour: tuple[int, int], busy: set) -> list[Wish]:
    return [one for one in own if one.left and (one.teacher is None or (one.teacher, *hour) not in busy)]


def _next(free: list[Wish], weekday: int, of_day: Counter, work: Counter) -> Wish | None:
    """A subject that the class has not had that day, unless it has more lessons than there are days left."""
    fresh = [one for one in free if of_day[one.gradebook, weekday] < 1 + (one.left > DAYS - weekday)]
    return max(
        fresh, key=lambda one: (one.left >= DAYS - weekday, work[one.teacher], one.left, -one.gradebook), default=None
    )  # fmt: skip
