"""How a gradebook's columns are shared out among landscape sheets of A4. Pure."""

import math
from dataclasses import dataclass
from itertools import groupby

# Columns of one mark that stand side by side beside the names; a sum or a result is wider.
MOST = 34
SUM = 1.6


@dataclass(frozen=True)
class Part:
    """A spread: columns from–to, lessons from–to, and whether the sums stand behind them."""

    first: int
    last: int
    lessons: tuple[int, int]
    has_sums: bool


def parts_of(content: dict) -> list[Part]:
    """As few spreads as hold all columns and, on the last, the sums, about as full as each other."""
    sizes = [len(list(group)) for _, group in groupby(content["columns"], key=lambda one: one["lesson"])]
    sums = math.ceil(len(content["heads"]) * SUM)
    fewest = len(_shared(sizes, sums, MOST))
    even = next(most for most in range(1, MOST + 1) if len(_shared(sizes, sums, most)) <= fewest)
    return _shared(sizes, sums, even)


def _shared(sizes: list[int], sums: int, most: int) -> list[Part]:
    """A lesson's columns stay together, were they more than `most` by themselves."""
    spans: list[list[int]] = [[0, 0, 0, 0]]
    for lesson, size in enumerate(sizes):
        now = spans[-1]
        if now[1] > now[0] and now[1] - now[0] + size > most:
            now = [now[1], now[1], lesson, lesson]
            spans.append(now)
        now[1], now[3] = now[1] + size, lesson + 1
    first, last, *_ = spans[-1]
    fits = last == first or last - first + sums <= most
    made = [Part(one[0], one[1], (one[2], one[3]), fits and one is spans[-1]) for one in spans]
    return made if fits else [*made, Part(last, last, (len(sizes), len(sizes)), True)]


def months(columns: list[dict]) -> list[tuple[str, int]]:
    """(month, of how many columns) in their order."""
    return [(name, len(list(group))) for name, group in groupby(columns, key=lambda one: one["month"])]


def days_of(content: dict, part: Part) -> str:
    """«01.09.2026–20.10.2026»; "" of a spread without lessons."""
    shown = content["columns"][part.first : part.last]
    return f"{shown[0]['date']}–{shown[-1]['date']}" if shown else ""
