"""Keys of sealed values: which key holds how much, and what is needed to change them. Reads only.

Each app tells in its `sealed_values.py` where its sealed values stand; the writing is in `actions/keys.py`.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from accounts.hints import SEALED_PLACES
from eios.lib import crypto

BATCH = 200


def _text(row: Model, change: Callable[[str], str]) -> str:
    return change(row.sealed) if row.sealed else ""


@dataclass(frozen=True)
class Place:
    """Rows that hold sealed values in one field.

    `place_of(row)` is what the seal is bound to; `rewritten(row, change)` is the field's value with `change` applied to
    each sealed value in it.
    """

    title: str
    rows: Callable[[], QuerySet]
    place_of: Callable[[Model], str]
    field: str = "sealed"
    rewritten: Callable[[Model, Callable[[str], str]], Any] = _text

    def keys_of(self, row: Model) -> set[str]:
        """Names of the keys that the row's values are sealed with."""
        found: set[str] = set()

        def note(sealed: str) -> str:
            found.add(crypto.key_of(sealed))
            return sealed

        self.rewritten(row, note)
        return found

    def batches(self) -> Iterator[list[int]]:
        """Keys of rows in order, so many at a time."""
        last = 0
        while keys := list(self.rows().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
            yield keys
            last = keys[-1]


def places() -> list[Place]:
    return [place for _, place in SEALED_PLACES.items()]


def size() -> int:
    """How many rows there are to look through."""
    return sum(place.rows().count() for place in places())


def usage() -> dict[str, Counter[str]]:
    """Name of a key → title of a place → rows that need the key."""
    found: dict[str, Counter[str]] = {}
    for place in places():
        for row in place.rows().order_by("pk").iterator(chunk_size=BATCH):
            for key in place.keys_of(row):
                found.setdefault(key, Counter())[place.title] += 1
    return found
