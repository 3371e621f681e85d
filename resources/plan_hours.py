"""Hours of a thematic plan against the curriculum's: hours a week × weeks of the year (6.1, 6.2). Reads only."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from eios.lib import russian
from resources.curricula import words_of
from resources.models import Curriculum, CurriculumGrade, CurriculumHours, CurriculumRow, Programme

Kind = Programme.Kind
NONE = Decimal(0)


@dataclass(frozen=True)
class Share:
    """What the curriculum gives in one grade."""

    grade: int
    weekly: Decimal
    weeks: int

    @property
    def hours(self) -> Decimal:
        return self.weekly * self.weeks

    @property
    def words(self) -> str:
        weeks = russian.plural(self.weeks, "неделя", "недели", "недель")
        return f"{words_of(self.weekly) or 0} ч × {self.weeks} {weeks}"


@dataclass(frozen=True)
class PlanHours:
    """Hours planned, and what the curriculum gives by grade; `shares` is None where no curriculum is approved yet."""

    planned: Decimal
    shares: tuple[Share, ...] | None

    @property
    def due(self) -> Decimal:
        return sum((share.hours for share in self.shares or ()), NONE)

    @property
    def differ(self) -> bool:
        """A plan without topics has nothing to compare yet: it may stand in the programme's file."""
        return self.shares is not None and self.planned != NONE and self.planned != self.due

    @property
    def mark(self) -> str:
        """Both numbers, to know whether the same difference was seen."""
        return f"{self.planned.normalize():f}/{self.due.normalize():f}"

    @property
    def words(self) -> str:
        """The comparison in a sentence or two."""
        planned, due = f"{words_of(self.planned) or 0} ч", f"{words_of(self.due)} ч"
        if self.shares is None:
            return f"В плане программы {planned}. Учебный план этих классов на этот год не утверждён: сверить не с чем."
        if not self.due:
            return f"В плане программы {planned}, а в учебном плане этого года такого предмета у этих классов нет."
        if not self.planned:
            return f"По учебному плану — {due} ({self._counted}). Тем с часами пока нет."
        if not self.differ:
            return f"Часы сходятся с учебным планом: {due} ({self._counted})."
        much = f"{words_of(abs(self.planned - self.due))} ч {'больше' if self.planned > self.due else 'меньше'}"
        return f"В плане программы {planned}, а по учебному плану — {due} ({self._counted}): на {much}."

    @property
    def _counted(self) -> str:
        if len(self.shares) == 1:
            return self.shares[0].words
        return "; ".join(f"{share.grade} класс: {share.words}" for share in self.shares)


def of(programme: Programme, planned: Decimal | None = None) -> PlanHours | None:
    """The comparison, in three queries; None where the curriculum says nothing of such a programme.

    `planned`: hours of a plan that is not recorded yet. Practices are not in the curriculum; a course after lessons
    is found there by its title.
    """
    if programme.kind == Kind.PRACTICE:
        return None
    if planned is None:
        planned = programme.topics.aggregate(hours=Sum("hours"))["hours"] or NONE
    grades = range(programme.grade_from, programme.grade_to + 1)
    weeks = _weeks(programme, grades)
    if set(grades) - set(weeks):
        return PlanHours(planned, None)
    weekly = _weekly(programme, grades)
    if programme.kind == Kind.EXTRACURRICULAR and not weekly:
        return None
    return PlanHours(planned, tuple(Share(grade, weekly.get(grade, NONE), weeks[grade]) for grade in grades))


def _weeks(programme: Programme, grades: range) -> dict[int, int]:
    rows = CurriculumGrade.objects.filter(
        curriculum__year=programme.year_id, curriculum__state=Curriculum.State.APPROVED, grade__in=grades
    )
    return dict(rows.values_list("grade", "weeks"))


def _weekly(programme: Programme, grades: range) -> dict[int, Decimal]:
    """Hours a week by grade; a subject may stand in two parts of the curriculum."""
    rows = CurriculumHours.objects.filter(
        row__curriculum__year=programme.year_id, row__curriculum__state=Curriculum.State.APPROVED, grade__in=grades
    )
    if programme.kind == Kind.EXTRACURRICULAR:
        rows = rows.filter(row__part=CurriculumRow.Part.EXTRA, row__title=programme.title)
    else:
        rows = rows.filter(row__subject=programme.subject_id)
    return dict(rows.order_by().values_list("grade").annotate(Sum("hours")))
