"""Groups of pupils by all their results: отличники, хорошисты, с одной «3», неуспевающие. Pure but for one query."""

import enum
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, Q

from accounts.models import User
from journal.models import Result
from journal.reports.scope import Scope
from journal.reports.terms import Chosen
from journal.scales import FAILED, NOT_ATTESTED
from journal.statistics import TENTH

FAILING_VALUES = ("2", "1", NOT_ATTESTED, FAILED)


class Group(enum.Enum):
    """In the order of the report."""

    EXCELLENT = "отличники"
    GOOD = "хорошисты"
    ONE_THREE = "с одной «3»"
    PASSING = "остальные успевающие"
    FAILING = "неуспевающие"
    UNMARKED = "без отметок"


@dataclass(frozen=True)
class Tally:
    """How many results of each sort one pupil has; осв and зачёт are none of them."""

    fives: int = 0
    fours: int = 0
    threes: int = 0
    failing: int = 0

    @classmethod
    def of(cls, values: Iterable[str]) -> "Tally":
        found = Counter(values)
        return cls(found["5"], found["4"], found["3"], sum(found[one] for one in FAILING_VALUES))

    @property
    def group(self) -> Group:
        """A pupil fails by one «2», н/а or незачёт, whatever else there is."""
        if self.failing:
            return Group.FAILING
        if self.threes:
            return Group.ONE_THREE if self.threes == 1 else Group.PASSING
        if self.fours:
            return Group.GOOD
        return Group.EXCELLENT if self.fives else Group.UNMARKED


@dataclass(frozen=True)
class Groups:
    """Pupils of a class, or of several, by group."""

    counts: dict[Group, int]

    @classmethod
    def of(cls, tallies: Iterable[Tally]) -> "Groups":
        found = Counter(one.group for one in tallies)
        return cls({group: found[group] for group in Group})

    def __add__(self, other: "Groups") -> "Groups":
        return Groups({group: self.counts[group] + other.counts[group] for group in Group})

    @property
    def numbers(self) -> list[int]:
        return list(self.counts.values())

    @property
    def marked(self) -> int:
        return sum(self.counts.values()) - self.counts[Group.UNMARKED]

    @property
    def pass_rate(self) -> Decimal | None:
        """Share of pupils who fail in nothing, %; None where nobody has a mark."""
        return self._percent(self.marked - self.counts[Group.FAILING])

    @property
    def quality_rate(self) -> Decimal | None:
        """Share of pupils with nothing below «4», %."""
        return self._percent(self.counts[Group.EXCELLENT] + self.counts[Group.GOOD])

    def _percent(self, pupils: int) -> Decimal | None:
        return (Decimal(100 * pupils) / self.marked).quantize(TENTH, ROUND_HALF_UP) if self.marked else None


def tallies(scope: Scope, chosen: Chosen) -> dict[int, dict[int, Tally]]:
    """Of each class all of whose subjects are seen: pupil → tally; one query. Those without a result are not there."""
    theirs = scope.studying()
    if not scope.is_whole:
        theirs &= Q(pupil__enrolments__school_class__in=list(scope.whole_classes))
    rows = Result.objects.of_year(scope.year).filter(theirs, kind=chosen.kind, number=chosen.number)
    sorts = {name: Count("pk", filter=Q(value=value)) for name, value in (("n5", "5"), ("n4", "4"), ("n3", "3"))}
    rows = rows.order_by().values_list("pupil__enrolments__school_class", "pupil")
    found: dict[int, dict[int, Tally]] = defaultdict(dict)
    failing = Count("pk", filter=Q(value__in=FAILING_VALUES))
    for school_class, pupil, *numbers in rows.annotate(**sorts, bad=failing):
        if school_class in scope.whole_classes:
            found[school_class][pupil] = Tally(*numbers)
    return dict(found)


def named(pupils: list[User], found: dict[int, Tally]) -> list[tuple[Group, list[User]]]:
    """Pupils of a class under their groups; groups without anybody are left out."""
    of_group = defaultdict(list)
    for one in pupils:
        of_group[found.get(one.pk, Tally()).group].append(one)
    return [(group, of_group[group]) for group in Group if of_group[group]]
