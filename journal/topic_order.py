"""Topics of the programme laid out over lessons in order, each for its hours (1.3 a). Pure."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounts.marks import digest
from journal.lessons import Offer
from journal.models import Lesson
from resources.models import Topic

HALF = Decimal("0.5")


@dataclass(frozen=True)
class Laid:
    """Which lesson gets which topic; topics and lessons that are left over."""

    pairs: list[tuple[Lesson, Topic]]
    topics_left: list[Topic]
    lessons_left: int

    @property
    def mark(self) -> str:
        return digest([(lesson.pk, topic.pk) for lesson, topic in self.pairs])


def lay(lessons: Sequence[Lesson], offers: Iterable[Offer]) -> Laid:
    """Lessons without a topic, in order, get the topics that still want lessons, in order."""
    wanted = list(sequence(offers))
    pairs = list(zip(lessons, wanted, strict=False))
    left = list(dict.fromkeys(wanted[len(pairs) :]))
    return Laid(pairs, left, len(lessons) - len(pairs))


def sequence(offers: Iterable[Offer]) -> Iterator[Topic]:
    """Each topic as often as lessons are still wanted for it. One lesson is one hour; halves add up with those of the
    topics before, so that a year's plan asks for as many lessons as it has hours."""
    hours, count = Decimal(0), 0
    for one in offers:
        hours += one.topic.hours
        upto = math.floor(hours + HALF)
        yield from [one.topic] * max(0, upto - count - one.given)
        count = upto
