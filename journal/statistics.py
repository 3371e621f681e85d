"""The school's formulas of results (domain: formulas). Pure: counts in, rates out."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from journal.scales import EXEMPT, NOT_ATTESTED

TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Counts:
    """How many pupils have which result. н/а is counted among all, осв and those without a result are not."""

    fives: int = 0
    fours: int = 0
    threes: int = 0
    twos: int = 0
    not_attested: int = 0
    exempt: int = 0

    @classmethod
    def of(cls, values: Iterable[str]) -> "Counts":
        """From results as they are kept; «1» is counted with the twos, зачёт is no mark and is left out."""
        found = Counter(values)
        return cls(found["5"], found["4"], found["3"], found["2"] + found["1"], found[NOT_ATTESTED], found[EXEMPT])

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(mine + theirs for mine, theirs in zip(self._all(), other._all(), strict=True)))

    def _all(self) -> tuple[int, ...]:
        return self.fives, self.fours, self.threes, self.twos, self.not_attested, self.exempt

    @property
    def total(self) -> int:
        """N of the formulas."""
        return self.fives + self.fours + self.threes + self.twos + self.not_attested

    @property
    def pass_rate(self) -> Decimal | None:
        """Успеваемость, %; None where N = 0, which is shown as «—»."""
        return self._percent(100 * (self.fives + self.fours + self.threes))

    @property
    def quality_rate(self) -> Decimal | None:
        """Качество знаний, %."""
        return self._percent(100 * (self.fives + self.fours))

    @property
    def mastery_rate(self) -> Decimal | None:
        """СОУ, %."""
        weighed = 100 * self.fives + 64 * self.fours + 36 * self.threes + 16 * self.twos + 7 * self.not_attested
        return self._percent(weighed)

    @property
    def mean(self) -> Decimal | None:
        """The mean mark of those who have one, two decimals."""
        marked = self.fives + self.fours + self.threes + self.twos
        total = 5 * self.fives + 4 * self.fours + 3 * self.threes + 2 * self.twos
        return (Decimal(total) / marked).quantize(Decimal("0.01"), ROUND_HALF_UP) if marked else None

    def _percent(self, weighed: int) -> Decimal | None:
        return (Decimal(weighed) / self.total).quantize(TENTH, ROUND_HALF_UP) if self.total else None
