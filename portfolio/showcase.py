"""How a portfolio looks as pictures in values: bars of the five spheres and the way through school years (1.6, 11.1).
Pure."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from eios.lib import russian
from eios.lib.dates import school_year_start
from portfolio.content import Content, Entry, SphereCount, WorkShown
from portfolio.models import Outcome, Sphere

# Room for the bars, in units of the picture.
LEFT, LONGEST, STEP, THICK = 92, 200, 34, 18
# Lines of a year that are seen at once.
FEW = 6
WIDTH, HEIGHT = 330, STEP * len(Sphere)
SHORT = {
    Sphere.ACADEMIC: "Учёба",
    Sphere.RESEARCH: "Наука",
    Sphere.SOCIAL: "Общество",
    Sphere.ARTS: "Творчество",
    Sphere.SPORT: "Спорт",
}


@dataclass(frozen=True)
class Bar:
    """A sphere: achievements first, works after them."""

    count: SphereCount
    number: int
    achievements: int
    works: int

    @property
    def title(self) -> str:
        return SHORT[self.count.sphere]

    @property
    def y(self) -> int:
        return self.number * STEP + (STEP - THICK) // 2

    @property
    def text_y(self) -> int:
        return self.y + 14

    @property
    def works_x(self) -> int:
        return LEFT + self.achievements

    @property
    def end(self) -> int:
        return LEFT + self.achievements + self.works + 8


@dataclass(frozen=True)
class Chart:
    bars: tuple[Bar, ...]

    left, thick, width, height = LEFT, THICK, WIDTH, HEIGHT

    @property
    def is_empty(self) -> bool:
        return not any(bar.count.total for bar in self.bars)

    @property
    def words(self) -> str:
        """The same in a sentence, for those who don't see the picture."""
        return "Сферы: " + ", ".join(f"{bar.count.sphere.label} — {bar.count.total}" for bar in self.bars)


def chart_of(content: Content) -> Chart:
    most = max((one.total for one in content.spheres), default=0) or 1
    return Chart(
        tuple(
            Bar(one, number, _length(one.achievements, most), _length(one.works, most))
            for number, one in enumerate(content.spheres)
        )
    )


def _length(count: int, most: int) -> int:
    return round(LONGEST * count / most)


@dataclass(frozen=True)
class Step:
    """Something of a year that is worth a line: a place that was won, or a work."""

    date: datetime.date
    entry: Entry | None = None
    work: WorkShown | None = None


@dataclass(frozen=True)
class Year:
    """A school year; `others` is how many times the pupil took part without a place."""

    starts: int
    steps: tuple[Step, ...]
    others: int

    @property
    def title(self) -> str:
        return f"{self.starts}/{(self.starts + 1) % 100:02}"

    @property
    def first(self) -> tuple[Step, ...]:
        return self.steps[:FEW]

    @property
    def rest(self) -> tuple[Step, ...]:
        return self.steps[FEW:]

    @property
    def others_words(self) -> str:
        also = "и ещё " if self.steps else ""
        return f"{also}{self.others} {russian.plural(self.others, 'участие', 'участия', 'участий')}"


def years_of(content: Content) -> tuple[Year, ...]:
    """School years, the newest first; years without anything are not there."""
    steps: dict[int, list[Step]] = {}
    others: dict[int, int] = {}
    for entry in content.entries:
        year = school_year_start(entry.achievement.date).year
        if entry.achievement.outcome == Outcome.PARTICIPANT:
            others[year] = others.get(year, 0) + 1
        else:
            steps.setdefault(year, []).append(Step(entry.achievement.date, entry=entry))
    for shown in content.works:
        date = timezone.localdate(shown.versions[-1].version.sealed_at)
        steps.setdefault(school_year_start(date).year, []).append(Step(date, work=shown))
    return tuple(_year(year, steps.get(year, []), others.get(year, 0)) for year in sorted({*steps, *others})[::-1])


def _year(starts: int, steps: list[Step], others: int) -> Year:
    return Year(starts, tuple(sorted(steps, key=lambda step: step.date, reverse=True)), others)
