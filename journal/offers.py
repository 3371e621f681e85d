"""Results that averages propose beside a gradebook's grid: the teacher decides on the council's page (7.2). Pure."""

import datetime
import functools
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from journal import grid, scales
from journal.models import Gradebook, ResultKind, Scale
from journal.periods import Period

YEAR = f"{ResultKind.YEAR}-0"


class Offer(NamedTuple):
    """The nearest mark, and the average that proposes it, as people write it: «4», «3,67»."""

    mark: str
    average: str

    @property
    def text(self) -> str:
        """As it stands in the place of a result: softly."""
        return f"({self.mark})"

    @property
    def words(self) -> str:
        return f"предложение по среднему {self.average}"


def term_key(term: Period) -> str:
    """As the grid names the result of a term."""
    return f"{ResultKind.TERM}-{term.number}"


def offered(gradebook: Gradebook, terms: Iterable[Period], period: Period) -> list[tuple[str, Period]]:
    """(key of the result, its days) of results that the marks of the shown period propose: those of terms that lie
    within it, and that of the year where the whole year is shown; none where the scale is not 2–5."""
    if gradebook.scale != Scale.FIVE:
        return []
    year = gradebook.school_class.year
    found = [(term_key(one), one) for one in terms]
    found.append((YEAR, Period(0, "", year.starts, year.ends)))
    return [(name, one) for name, one in found if period.starts <= one.starts and one.ends <= period.ends]


@functools.lru_cache(maxsize=4096)
def offer(total: int, weights: int) -> Offer | None:
    """From Σ(m·w) and Σw, both in the same units; None of no marks."""
    average = scales.ratio(Decimal(total), Decimal(weights))
    return None if average is None else Offer(scales.proposed(average), grid.average_words(average))


def of_marks(
    marks: Iterable[tuple[int, Decimal, datetime.date]], spans: Iterable[tuple[str, Period]]
) -> dict[str, Offer | None]:
    """By the key of the result: what marks as (number, weight, day) of its days propose."""
    marks = list(marks)
    return {name: offer(*_sums(marks, days)) for name, days in spans}


def _sums(marks: list[tuple[int, Decimal, datetime.date]], days: Period) -> tuple[int, int]:
    """Σ(m·w) and Σw, in hundredths."""
    held = [(number, int(weight * 100)) for number, weight, day in marks if days.holds(day)]
    return sum(number * weight for number, weight in held), sum(weight for _, weight in held)
