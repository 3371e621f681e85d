"""Grades of a school and the levels of general education that they make up: one table for the whole portal. Pure."""

from dataclasses import dataclass

FIRST, LAST = 1, 12
# Books and lessons are made for eleven; the twelfth is an evening class.
LAST_OF_BOOKS = 11


@dataclass(frozen=True)
class Level:
    """A level of education; `key` ties typed values of «Сведения» to it, `code` its plans: neither ever changes."""

    key: int
    code: str
    grades: range
    name: str
    genitive: str
    term: str

    @property
    def programme(self) -> str:
        return f"Образовательная программа {self.genitive} образования"

    @property
    def title(self) -> str:
        return f"{self.name.capitalize()} образование"


LEVELS = (
    Level(1, "primary", range(1, 5), "начальное общее", "начального общего", "4 года"),
    Level(2, "basic", range(5, 10), "основное общее", "основного общего", "5 лет"),
    Level(3, "secondary", range(10, LAST + 1), "среднее общее", "среднего общего", "2 года"),
)
PRIMARY, BASIC, SECONDARY = LEVELS


def of_school(highest_grade: int) -> list[Level]:
    """Levels that the school teaches, by its highest grade."""
    return [level for level in LEVELS if level.grades[0] <= highest_grade]


def level_of(grade: int) -> Level:
    return next(level for level in LEVELS if grade in level.grades)
