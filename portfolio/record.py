"""What the journal says of a pupil's years: results, interim attestation, state exams (1.3 b, 11.3). Reads only.

The journal's word comes into the portfolio by itself and is never copied into its rows. Only what the family sees is
there: results of the outside system of record and those that a council has confirmed. A mark of a term or of a lesson
is the diary's matter.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import AcademicYear, Enrolment, User
from eios.lib.russian import short_date
from journal.models import AcademicDebt, AssessmentResult, Result, ResultKind, Retake, StateExam

KINDS = (ResultKind.YEAR, ResultKind.EXAM, ResultKind.FINAL)
PROTOCOL = "Протокол государственного экзамена"


@dataclass(frozen=True)
class Final:
    """A result of the whole year in a subject; `kind` is one of ResultKind but a term."""

    subject: str
    kind: str
    title: str
    value: str
    source: str


@dataclass(frozen=True)
class Attested:
    """Of the interim attestation; `value` says the passed retake too."""

    subject: str
    form: str
    date: datetime.date | None
    value: str
    source: str


@dataclass(frozen=True)
class Exam:
    subject: str
    date: datetime.date
    score: int | None
    mark: int
    source: str


@dataclass(frozen=True)
class Row:
    """A line of the year's table: values by kind, "" where there is none."""

    subject: str
    year: str
    exam: str
    final: str


@dataclass
class YearRecord:
    """One school year: `class_name` as the pupil was in it when it ended, "" where the portal does not know."""

    title: str
    class_name: str = ""
    finals: list[Final] = field(default_factory=list)
    attestation: list[Attested] = field(default_factory=list)
    exams: list[Exam] = field(default_factory=list)

    @property
    def rows(self) -> list[Row]:
        by_subject: dict[str, dict[str, str]] = defaultdict(dict)
        for one in self.finals:
            by_subject[one.subject][one.kind] = one.value
        return [Row(subject, *(values.get(kind, "") for kind in KINDS)) for subject, values in by_subject.items()]

    @property
    def sources(self) -> list[str]:
        """Each source once: «Сетевой город, данные на 22.11.2026», «Педсовет, протокол № 7 от 29.05.2026»."""
        return list(dict.fromkeys(one.source for one in (*self.finals, *self.attestation, *self.exams)))


def results_of(pupil: User) -> list[YearRecord]:
    """The newest year first; years of which nothing is said are not there. Six queries."""
    years: dict[AcademicYear, YearRecord] = {}
    for row in _finals(pupil):
        _of(years, row.year).finals.append(_final(row))
    retakes = _retakes(pupil)
    for row in _attestation(pupil):
        book = row.assessment.gradebook
        _of(years, book.school_class.year).attestation.append(_attested(row, retakes.get(book.pk)))
    for row in StateExam.objects.filter(pupil=pupil).select_related("subject", "year").order_by("date", "pk"):
        exam = Exam(row.subject.name, row.date, row.score, row.mark, PROTOCOL)
        _of(years, row.year).exams.append(exam)
    for year, name in _classes(pupil):
        if year in years:
            years[year].class_name = name
    return [years[year] for year in sorted(years, key=lambda one: one.starts, reverse=True)]


def _of(years: dict[AcademicYear, YearRecord], year: AcademicYear) -> YearRecord:
    return years.setdefault(year, YearRecord(str(year)))


def _finals(pupil: User) -> list[Result]:
    rows = Result.objects.filter(pupil=pupil).for_families().exclude(kind=ResultKind.TERM).exclude(value="")
    rows = rows.select_related("year", "subject", "batch", "council")
    rows = rows.order_by("subject__area__order", "subject__order", "subject__name", "pk")
    return sorted(rows, key=lambda row: KINDS.index(row.kind))


def _final(row: Result) -> Final:
    return Final(row.subject.name, row.kind, row.get_kind_display(), row.value, _source(row))


def _source(row: Result) -> str:
    if row.council_id:
        council = row.council
        return f"Педсовет, протокол № {council.minutes_number} от {short_date(council.minutes_date)}"
    day = timezone.localdate(row.batch.as_of or row.batch.applied_at or row.batch.created_at)
    return f"{row.batch.source}, данные на {short_date(day)}"


def _attestation(pupil: User) -> QuerySet[AssessmentResult]:
    rows = AssessmentResult.objects.filter(pupil=pupil).select_related(
        "assessment__gradebook__subject", "assessment__gradebook__school_class__year"
    )
    subject = "assessment__gradebook__subject"
    return rows.order_by(f"{subject}__area__order", f"{subject}__order", f"{subject}__name", "pk")


def _attested(row: AssessmentResult, retake: Retake | None) -> Attested:
    assessment, value = row.assessment, row.words
    if retake:
        value = f"{value}, пересдача {short_date(retake.date)}: {retake.words}"
    source = "Журнал школы" + (f", {short_date(assessment.date)}" if assessment.date else "")
    return Attested(assessment.gradebook.subject.name, assessment.form, assessment.date, value, source)


def _retakes(pupil: User) -> dict[int, Retake]:
    """Gradebook → the last retake that has a result."""
    debts = AcademicDebt.objects.filter(pupil=pupil).prefetch_related("retakes")
    entered = {debt.gradebook_id: [one for one in debt.tries if one.is_entered] for debt in debts}
    return {book: tries[-1] for book, tries in entered.items() if tries}


def _classes(pupil: User) -> list[tuple[AcademicYear, str]]:
    rows = Enrolment.objects.filter(pupil=pupil).select_related("school_class__year").order_by("starts", "pk")
    return [(row.school_class.year, str(row.school_class)) for row in rows]
