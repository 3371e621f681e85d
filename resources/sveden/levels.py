"""Levels of general education as «Сведения» name them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    """A level by its grades; `key` ties typed values to it and never changes."""

    key: int
    first: int
    last: int
    name: str
    genitive: str
    term: str

    @property
    def programme(self) -> str:
        return f"Образовательная программа {self.genitive} образования"

    @property
    def title(self) -> str:
        return f"{self.name.capitalize()} образование"

    def holds(self, grade: int) -> bool:
        return self.first <= grade <= self.last


LEVELS = (
    Level(1, 1, 4, "начальное общее", "начального общего", "4 года"),
    Level(2, 5, 9, "основное общее", "основного общего", "5 лет"),
    Level(3, 10, 12, "среднее общее", "среднего общего", "2 года"),
)


def of_school(highest_grade: int) -> list[Level]:
    """Levels that the school teaches, by its highest grade."""
    return [level for level in LEVELS if level.first <= highest_grade]


def level_of(grade: int) -> Level:
    return next(level for level in LEVELS if level.holds(grade))
