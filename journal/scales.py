"""What stands in a cell of a gradebook, and what averages make of it. Pure: values in, values out."""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from journal.models.gradebooks import Scale

NOT_ATTESTED, EXEMPT, PASSED, FAILED = "н/а", "осв", "зач", "нзч"
CENT = Decimal("0.01")
MOST_POINTS = 100
# How sources and people write what is no number: folded → as it is kept.
_WORDS = {
    "н/а": NOT_ATTESTED, "на": NOT_ATTESTED, "н.а.": NOT_ATTESTED, "неаттестован": NOT_ATTESTED,
    "осв": EXEMPT, "осв.": EXEMPT, "освобожден": EXEMPT, "освобождена": EXEMPT,
    "зач": PASSED, "зач.": PASSED, "зачет": PASSED, "зачтено": PASSED,
    "нзч": FAILED, "незач": FAILED, "незач.": FAILED, "незачет": FAILED, "незачтено": FAILED,
}  # fmt: skip
_NUMBER = re.compile(r"\d{1,3}")


def read_mark(text: str, scale: str) -> tuple[str, int | None]:
    """«5» → ("5", 5); «зачёт» → ("зач", None). Raises ValueError in Russian for what the scale does not have.

    «1» is legal where a local act allows it, so a scale of 2–5 takes it.
    """
    folded = text.strip().casefold().replace("ё", "е").replace(" ", "")
    if scale == Scale.NONE:
        raise ValueError("По этому предмету отметок не ставят.")
    if scale == Scale.PASS and folded in _WORDS and _WORDS[folded] in (PASSED, FAILED):
        return _WORDS[folded], None
    if scale in (Scale.FIVE, Scale.POINTS) and _NUMBER.fullmatch(folded):
        number = int(folded)
        low, high = (1, 5) if scale == Scale.FIVE else (0, MOST_POINTS)
        if low <= number <= high:
            return str(number), number
    raise ValueError(f"«{text[:20]}» — такой отметки в шкале нет. Можно: {words_of(scale)}.")


def read_result(text: str, scale: str) -> str:
    """A result of a term or year: a mark of the scale, «зач», «н/а» or «осв». Raises ValueError."""
    folded = text.strip().casefold().replace("ё", "е").replace(" ", "")
    if folded in _WORDS:
        return _WORDS[folded]
    return read_mark(text, Scale.FIVE if scale in (Scale.PASS, Scale.NONE) else scale)[0]


def words_of(scale: str) -> str:
    return {
        Scale.FIVE: "5, 4, 3, 2", Scale.PASS: "зачёт, незачёт", Scale.POINTS: f"0–{MOST_POINTS}",
        Scale.NONE: "ничего: предмет безотметочный",
    }[Scale(scale)]  # fmt: skip


def proposed(average: Decimal | None) -> str:
    """The mark of 2–5 nearest to the average, half up: «4»; "" of none. The teacher decides (7.2)."""
    return "" if average is None else str(max(average.quantize(Decimal(1), ROUND_HALF_UP), Decimal(2)))


def average(marks: Iterable[tuple[int, Decimal]]) -> Decimal | None:
    """Σ(m·w)/Σw of (mark, weight), two decimals, half up; None of no marks."""
    total = weights = Decimal(0)
    for number, weight in marks:
        total += number * weight
        weights += weight
    return ratio(total, weights)


def ratio(total: Decimal, weights: Decimal) -> Decimal | None:
    """Two decimals, half up; None of no weights."""
    return (total / weights).quantize(CENT, ROUND_HALF_UP) if weights else None
