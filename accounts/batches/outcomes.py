"""What becomes of the rows of a batch, and how that looks on its pages."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from accounts.models import ImportBatch

# The answer by which what is asked about is not loaded.
SKIP = "skip"


class Change(enum.Enum):
    """What becomes of a row; the value says it on screen. In the order in which a person wants to see them."""

    ERROR = "ошибка"
    CHANGED = "изменится"
    GONE = "будет убрано"
    NEW = "новое"
    PASSED = "не загружается"
    SAME = "без изменений"

    @property
    def key(self) -> str:
        """Its name among the counts of a batch and in the address of a filter."""
        return self.name.lower()


LOOKS = {
    Change.ERROR: "no",
    Change.CHANGED: "info",
    Change.GONE: "wait",
    Change.NEW: "ok",
    Change.PASSED: "",
    Change.SAME: "",
}
STATES = {"uploaded": "wait", "applied": "ok", "undone": "no", "dropped": ""}


@dataclass(frozen=True)
class Tally:
    title: str
    kind: str
    count: int
    key: str


def tally_of(counts: Mapping[Change, int]) -> list[Tally]:
    return [Tally(one.value, LOOKS[one], counts.get(one, 0), one.key) for one in Change]


def counts_of(batch: ImportBatch) -> list[Tally]:
    """Outcomes of an applied batch."""
    return tally_of({one: batch.counts.get(one.key, 0) for one in Change})
