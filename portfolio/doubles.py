"""Which entries of a pupil speak of the same thing: the same pupil, the same day, a title alike (11.1). Pure.

Between the groups too: what the pupil entered may stand in the record already. A version and the one that it replaces
are no doubles of each other, and what was replaced is none at all.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eios.lib import search
from portfolio.models import Origin, State

# Of the words of two titles this share is the same: «Олимпиада по физике» is no «Олимпиада по химии».
ALIKE = 2 / 3
SHORTEST_WORD = 3
STANDING = (State.SUBMITTED, State.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Entry:
    """What of an achievement says whether it is a double, and how it is called. An Achievement will do as well."""

    pk: int
    pupil_id: int
    date: datetime.date
    title: str
    title_key: str
    origin: str
    state: str
    subject_id: int | None
    replaces_id: int | None

    def get_origin_display(self) -> str:
        return Origin(self.origin).label


FIELDS = tuple(Entry.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Double:
    """An entry that another one looks like; `is_same` where the title is the same word for word."""

    entry: Entry
    is_same: bool


def of_each(entries: Sequence[Entry], others: Iterable[Entry]) -> dict[int, list[Double]]:
    """Key of the entry → entries that it looks like, the same ones first."""
    by_day = defaultdict(list)
    for one in others:
        by_day[one.pupil_id, one.date].append(one)
    return {one.pk: of_one(one, by_day[one.pupil_id, one.date]) for one in entries}


def of_one(entry: Entry, others: Iterable[Entry]) -> list[Double]:
    found = [Double(one, one.title_key == entry.title_key) for one in others if are_doubles(entry, one)]
    return sorted(found, key=lambda one: (not one.is_same, one.entry.pk))


def are_doubles(one: Entry, other: Entry) -> bool:
    if one.pk == other.pk or (one.pupil_id, one.date) != (other.pupil_id, other.date):
        return False
    if other.state not in STANDING or one.pk == other.replaces_id or other.pk == one.replaces_id:
        return False
    if one.title_key == other.title_key:
        return bool(one.title_key)
    if one.subject_id and other.subject_id and one.subject_id != other.subject_id:
        return False
    return _are_alike(_stems(one.title_key), _stems(other.title_key))


def _stems(title: str) -> frozenset[str]:
    return frozenset(search.stem(word) for word in title.split() if len(word) >= SHORTEST_WORD or word.isdigit())


def _are_alike(first: frozenset[str], second: frozenset[str]) -> bool:
    """One title is a part of the other, of two words at least, or most of their words are the same."""
    if not first or not second:
        return False
    shared = len(first & second)
    if shared == min(len(first), len(second)) and shared > 1:
        return True
    return shared / len(first | second) >= ALIKE
