"""«Итоговые отметки» of one pupil in one year: №, subject, periods, year, exam, final. Reads only."""

from dataclasses import dataclass

from accounts.models import AcademicYear, Enrolment, SchoolClass, User
from journal.models import Result, ResultKind
from journal.periods import periods_of_class
from journal.sheets.content import rows_of


@dataclass(frozen=True)
class FinalMarks:
    """`columns` are as the sub-rows of a yearly sheet; `lines` are (subject, values in the order of columns)."""

    pupil: User
    year: AcademicYear
    school_class: SchoolClass | None
    columns: list[dict]
    lines: list[tuple[str, list[str]]]

    @property
    def title(self) -> str:
        return f"Итоговые отметки. {self.pupil.get_full_name()}"

    @property
    def about(self) -> str:
        place = f"Класс {self.school_class.name}, " if self.school_class else ""
        return f"{place}{self.year} учебный год"


def years_of(pupil: User) -> list[AcademicYear]:
    """Years in which the pupil was in a class, newest first."""
    rows = Enrolment.objects.filter(pupil=pupil).values("school_class__year")
    return list(AcademicYear.objects.filter(pk__in=rows).order_by("-starts"))


def final_marks(pupil: User, year: AcademicYear) -> FinalMarks:
    """What families see: results of the outside system and those that a council has confirmed."""
    stay = Enrolment.objects.filter(pupil=pupil, school_class__year=year).select_related("school_class__year")
    stay = stay.order_by("-starts").first()
    school_class = stay.school_class if stay else None
    results = Result.objects.of_year(year).for_families().filter(pupil=pupil).select_related("subject")
    results = list(results.order_by("subject__area__order", "subject__order", "subject__name"))
    found: dict[str, dict] = {}
    for one in results:
        found.setdefault(one.subject.name, {})[one.kind, one.number] = one.value
    periods = periods_of_class(school_class) if school_class else []
    columns = rows_of(ResultKind.values, periods, [(0, 0, one.kind, one.number, "") for one in results])
    lines = [
        (name, [values.get((one["kind"], one["number"]), "") for one in columns]) for name, values in found.items()
    ]
    return FinalMarks(pupil, year, school_class, columns, lines)
