"""How portfolios of a year go: by class, sphere, level and outcome (11.1). Reads only."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count

from accounts.classes import led_among
from accounts.models import AcademicYear, SchoolClass
from eios.lib.dates import start_of_day
from eios.lib.russian import plural
from portfolio.models import Achievement, Level, Outcome, Review, Sphere, State, WorkAuthor
from portfolio.rating import counted, day_of, pupils_of

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class ClassLine:
    """A class in the year: pupils, those with anything in the portfolio, achievements by sphere, what waits, works and
    reviews, and whether it has a class teacher."""

    title: str
    pupils: int
    active: int
    spheres: tuple[int, ...]
    waiting: int
    works: int
    reviews: int
    is_led: bool = True

    @property
    def achievements(self) -> int:
        return sum(self.spheres)

    @property
    def by_sphere(self) -> list[tuple[str, int]]:
        return list(zip(Sphere.labels, self.spheres, strict=True))

    @property
    def share(self) -> int:
        """Of a hundred pupils, how many have anything."""
        return 100 * self.active // self.pupils if self.pupils else 0


@dataclass(frozen=True)
class Statistics:
    lines: tuple[ClassLine, ...]
    total: ClassLine
    # Those without a class teacher together: nobody but the management looks after them.
    unled: ClassLine | None
    # Level → how many achievements of each outcome, in the order of Outcome.
    levels: tuple[tuple[Level, tuple[int, ...]], ...]

    @property
    def unled_titles(self) -> list[str]:
        return [line.title for line in self.lines if not line.is_led]


def statistics(year: AcademicYear, classes: Sequence[SchoolClass], date: datetime.date) -> Statistics:
    """Of these classes of the year, as they are on the date or were when the year ended. Seven queries."""
    rows = pupils_of(year, date).filter(school_class__in=classes).order_by()
    room = dict(rows.values_list("pupil", "school_class"))
    sizes = Counter(room.values())
    achievements = counted(year).filter(pupil__in=rows.values("pupil")).order_by()
    spheres: dict[int, Counter] = defaultdict(Counter)
    active: dict[int, set[int]] = defaultdict(set)
    for pupil, sphere, count in achievements.values_list("pupil", "sphere").annotate(count=Count("pk")):
        spheres[room[pupil]][sphere] += count
        active[room[pupil]].add(pupil)
    works = Counter()
    for pupil, count in _works(year, rows):
        works[room[pupil]] += count
        active[room[pupil]].add(pupil)
    led = led_among(classes, day_of(year, date))
    waiting, reviews = _by_class(room, _waiting(rows)), _by_class(room, _reviews(year, rows))
    lines = tuple(
        ClassLine(
            str(one), sizes[one.pk], len(active[one.pk]), tuple(spheres[one.pk][sphere] for sphere in Sphere.values),
            waiting[one.pk], works[one.pk], reviews[one.pk], one.pk in led,
        )
        for one in classes
    )  # fmt: skip
    return Statistics(lines, total_of(lines), _unled_of(lines), _levels(achievements))


def _unled_of(lines: Iterable[ClassLine]) -> ClassLine | None:
    unled = [line for line in lines if not line.is_led]
    count = f"{len(unled)} {plural(len(unled), 'класс', 'класса', 'классов')}"
    return total_of(unled, f"Без классного руководителя: {count}") if unled else None


def total_of(lines: Iterable[ClassLine], title: str = "Всего") -> ClassLine:
    """Pure: these classes together."""
    lines = list(lines)
    spheres = tuple(sum(numbers) for numbers in zip(*(line.spheres for line in lines), strict=True))
    return ClassLine(
        title, sum(line.pupils for line in lines), sum(line.active for line in lines),
        spheres or (0,) * len(Sphere.values), sum(line.waiting for line in lines), sum(line.works for line in lines),
        sum(line.reviews for line in lines),
    )  # fmt: skip


def _by_class(room: dict[int, int], rows: Iterable[tuple[int, int]]) -> Counter:
    found = Counter()
    for pupil, count in rows:
        found[room[pupil]] += count
    return found


def _works(year: AcademicYear, pupils) -> Iterable[tuple[int, int]]:
    """Works with a version sealed in the year, counted at each of their authors."""
    rows = WorkAuthor.objects.filter(person__in=pupils.values("pupil"), agreed_at__isnull=False)
    rows = rows.filter(**_within("work__versions__sealed_at", year)).order_by()
    return rows.values_list("person").annotate(count=Count("work", distinct=True))


def _reviews(year: AcademicYear, pupils) -> Iterable[tuple[int, int]]:
    rows = WorkAuthor.objects.filter(person__in=pupils.values("pupil"), agreed_at__isnull=False)
    rows = rows.filter(
        work__versions__reviews__state=Review.State.PUBLISHED, **_within("work__versions__reviews__published_at", year)
    )
    return rows.order_by().values_list("person").annotate(count=Count("work__versions__reviews", distinct=True))


def _waiting(pupils) -> Iterable[tuple[int, int]]:
    rows = Achievement.objects.filter(state=State.SUBMITTED, pupil__in=pupils.values("pupil")).order_by()
    return rows.values_list("pupil").annotate(count=Count("pk"))


def _within(path: str, year: AcademicYear) -> dict:
    """Moments of the year, in the school's time."""
    return {f"{path}__gte": start_of_day(year.starts), f"{path}__lt": start_of_day(year.ends + DAY)}


def _levels(achievements) -> tuple[tuple[Level, tuple[int, ...]], ...]:
    rows = achievements.values_list("level", "outcome").annotate(count=Count("pk"))
    found = {(level, outcome): count for level, outcome, count in rows}
    return tuple((level, tuple(found.get((level, outcome), 0) for outcome in Outcome.values)) for level in Level)
