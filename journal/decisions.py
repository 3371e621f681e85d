"""What the school's decisions mean for gradebooks: where each is kept, how pupils are marked in it (7.1). Reads only.

The narrowest decision holds: of a class over of a grade over of a subject alone over of all. Without one a gradebook is
kept elsewhere; grade 1 is unmarked and the others have 2-5.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.marks import digest
from accounts.models import AcademicYear
from journal.models import Gradebook, KeepingDecision, Kept, Scale, ScaleRule
from journal.models.gradebooks import Decision

UNMARKED_GRADES = (1,)


def narrowest(decisions: Iterable[Decision], gradebook: Gradebook) -> Decision | None:
    concerning = (one for one in decisions if one.concerns(gradebook))
    return max(concerning, key=lambda one: one.narrowness, default=None)


@dataclass(frozen=True)
class Decided:
    """All decisions of a year."""

    keeping: list[KeepingDecision]
    scales: list[ScaleRule]

    def kept(self, gradebook: Gradebook) -> str:
        found = narrowest(self.keeping, gradebook)
        return found.kept if found else Kept.ELSEWHERE

    def scale(self, gradebook: Gradebook) -> str:
        found = narrowest(self.scales, gradebook)
        if found:
            return found.scale
        return Scale.NONE if gradebook.school_class.grade in UNMARKED_GRADES else Scale.FIVE

    def without(self, row: Decision) -> "Decided":
        """As if the row had not been decided."""
        if isinstance(row, KeepingDecision):
            return Decided([one for one in self.keeping if one.pk != row.pk], self.scales)
        return Decided(self.keeping, [one for one in self.scales if one.pk != row.pk])

    def having(self, row: Decision) -> "Decided":
        """As if the row, new or changed, were decided."""
        rest = self.without(row)
        if isinstance(row, KeepingDecision):
            return Decided([*rest.keeping, row], rest.scales)
        return Decided(rest.keeping, [*rest.scales, row])


@dataclass(frozen=True)
class Change:
    """A gradebook that the decisions want otherwise than it is."""

    gradebook: Gradebook
    kept: str
    scale: str

    @property
    def words(self) -> str:
        """«ведётся во внешней системе → на портале; отметки 2–5 → зачёт / незачёт»"""
        found = []
        for was, becomes, choices in (
            (self.gradebook.kept, self.kept, Kept),
            (self.gradebook.scale, self.scale, Scale),
        ):
            if was != becomes:
                found.append(f"{choices(was).label} → {choices(becomes).label}")
        return "; ".join(found)


def of_year(year: AcademicYear) -> Decided:
    """Two queries."""
    return Decided(list(KeepingDecision.objects.filter(year=year)), list(ScaleRule.objects.filter(year=year)))


def changes(gradebooks: Iterable[Gradebook], decided: Decided) -> list[Change]:
    """Gradebooks whose rows differ from what is decided."""
    wanted = (Change(one, decided.kept(one), decided.scale(one)) for one in gradebooks)
    return [one for one in wanted if (one.kept, one.scale) != (one.gradebook.kept, one.gradebook.scale)]


def settle(gradebook: Gradebook, decided: Decided) -> Gradebook:
    """A new gradebook as the decisions want it, not saved."""
    gradebook.kept, gradebook.scale = decided.kept(gradebook), decided.scale(gradebook)
    return gradebook


def preview(year: AcademicYear, decided: Decided) -> tuple[list[Change], str]:
    """What bringing these decisions to the year's gradebooks changes, and a mark of it; one query."""
    found = changes(Gradebook.objects.of_year(year).listed(), decided)
    return found, digest([[one.gradebook.pk, one.kept, one.scale] for one in found])
