"""Which decision of the school holds for a gradebook (7.1): the narrowest.

Without one a gradebook is kept elsewhere, grade 1 is unmarked, the others have marks 2–5.
"""

from collections.abc import Iterable

from accounts.models import AcademicYear
from journal.models import Gradebook, KeepingDecision, Kept, Scale, ScaleRule

Decision = KeepingDecision | ScaleRule


class Decisions:
    """Those of a year: two queries, whatever the number of gradebooks."""

    def __init__(self, year: AcademicYear):
        self.keeping = _narrowest_first(KeepingDecision.objects.filter(year=year))
        self.scales = _narrowest_first(ScaleRule.objects.filter(year=year))

    def kept(self, gradebook: Gradebook) -> str:
        found = _holding(self.keeping, gradebook)
        return found.kept if found else Kept.ELSEWHERE

    def scale(self, gradebook: Gradebook) -> str:
        found = _holding(self.scales, gradebook)
        if found:
            return found.scale
        return Scale.NONE if gradebook.school_class.grade == 1 else Scale.FIVE


def _narrowest_first(rows: Iterable[Decision]) -> list[Decision]:
    return sorted(rows, key=lambda one: one.narrowness, reverse=True)


def _holding(rows: list[Decision], gradebook: Gradebook) -> Decision | None:
    return next((one for one in rows if one.concerns(gradebook)), None)
