"""How full a complex is: the share of its topics, by hours, that have something to study by. Values in, values out."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Completeness:
    """Topics and hours of a thematic plan, and how many of them have at least one course, material, resource or
    edition that opens to the visitor."""

    topics: int = 0
    filled: int = 0
    hours: Decimal = Decimal(0)
    filled_hours: Decimal = Decimal(0)

    @property
    def percent(self) -> int:
        """Whole percents, never rounded up: 100 is said of a full complex only."""
        return int(100 * self.filled_hours / self.hours) if self.hours else 0

    @property
    def is_full(self) -> bool:
        return bool(self.topics) and self.filled == self.topics


def measure(topics: Iterable[tuple[int, Decimal]], filled: Container[int]) -> Completeness:
    """`topics`: keys with hours; `filled`: keys of those that have something."""
    topics = list(topics)
    done = [hours for key, hours in topics if key in filled]
    return Completeness(len(topics), len(done), sum((hours for _, hours in topics), Decimal(0)), sum(done, Decimal(0)))
