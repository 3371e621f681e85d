"""The schedule of interim attestation: what the curriculum asks, what is set, what is entered (1.3 b)."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.models import AcademicYear, SchoolClass, User
from eios.lib import russian
from journal import rights
from journal.attestation.pupils import keys_of
from journal.models import AcademicDebt, AssessmentResult, Gradebook, InterimAssessment
from resources.calendars import days_of
from resources.models import CalendarEntry, CurriculumHours


@dataclass(frozen=True)
class Line:
    """An attestation of a class: how many results are there of how many, and what is wrong with its day."""

    assessment: InterimAssessment
    entered: int
    pupils: int
    debts: int
    warning: str
    opens: bool

    @property
    def debts_words(self) -> str:
        words = russian.plural(self.debts, "задолженность", "задолженности", "задолженностей")
        return f"{self.debts} {words}"

    @property
    def is_whole(self) -> bool:
        return self.entered >= self.pupils > 0


@dataclass(frozen=True)
class ClassLine:
    """A class in the schedule of the school."""

    school_class: SchoolClass
    planned: int
    dated: int
    debts: int
    from_day: datetime.date | None
    to_day: datetime.date | None


def forms_of(school_class: SchoolClass) -> dict[int, str]:
    """Key of the subject → the form that the approved curriculum names; subjects without a form are left out."""
    rows = CurriculumHours.objects.taught(school_class.year, school_class.grade).exclude(attestation="")
    return dict(rows.order_by("-row__part").values_list("row__subject_id", "attestation"))


def lacking(school_class: SchoolClass) -> list[tuple[Gradebook, str]]:
    """Gradebooks that the curriculum wants attested and that have no line yet, each with the form."""
    forms = forms_of(school_class)
    rows = Gradebook.objects.filter(school_class=school_class, subject__in=forms, interim_assessment__isnull=True)
    return [(one, forms[one.subject_id]) for one in rows.listed()]


def days_for(school_class: SchoolClass) -> list[CalendarEntry]:
    """Days of attestation by the calendar in force."""
    entries = days_of(school_class.year, school_class.grade).entries
    return [one for one in entries if one.kind == CalendarEntry.Kind.ATTESTATION]


def warning_of(date: datetime.date | None, days: list[CalendarEntry]) -> str:
    """What is wrong with the day; "" where nothing is, or where the calendar says nothing."""
    if date is None:
        return "день не назначен"
    if not days:
        return "в календарном графике нет дней аттестации"
    if any(one.holds(date) for one in days):
        return ""
    return "день вне сроков аттестации по календарному графику"


def lines(school_class: SchoolClass, person: User, date: datetime.date) -> list[Line]:
    """Attestations of a class, in order of subjects. `opens`: the person may see its results."""
    days = days_for(school_class)
    rows = InterimAssessment.objects.filter(gradebook__school_class=school_class).listed()
    rows = list(rows.prefetch_related(Prefetch("commission", User.objects.order_by("sort_name"))))
    people = keys_of([one.gradebook for one in rows], date)
    found = AssessmentResult.objects.filter(assessment__in=rows)
    entered = dict(found.values_list("assessment").annotate(n=Count("pk")))
    debts = AcademicDebt.objects.open().filter(gradebook__school_class=school_class)
    open_debts = dict(debts.values_list("gradebook").annotate(n=Count("pk")))
    seen = set(rights.gradebooks_seen(person, date).filter(school_class=school_class).values_list("pk", flat=True))
    return [
        Line(
            one, entered.get(one.pk, 0), max(len(people[one.gradebook_id]), entered.get(one.pk, 0)),
            open_debts.get(one.gradebook_id, 0), warning_of(one.date, days), one.gradebook_id in seen,
        )
        for one in rows
    ]  # fmt: skip


def class_lines(year: AcademicYear) -> list[ClassLine]:
    """Every class of the year; constant queries."""
    classes = year.classes.order_by("grade", "letter")
    planned: dict[int, list[datetime.date | None]] = {}
    rows = InterimAssessment.objects.filter(gradebook__school_class__year=year)
    for key, day in rows.values_list("gradebook__school_class_id", "date"):
        planned.setdefault(key, []).append(day)
    debts = AcademicDebt.objects.open().filter(gradebook__school_class__year=year)
    counts = dict(debts.values_list("gradebook__school_class").annotate(n=Count("pk")))
    return [_class_line(one, planned.get(one.pk, []), counts.get(one.pk, 0)) for one in classes]


def _class_line(school_class: SchoolClass, days: list[datetime.date | None], debts: int) -> ClassLine:
    known = [day for day in days if day]
    return ClassLine(school_class, len(days), len(known), debts, min(known, default=None), max(known, default=None))


def seen_assessments(person: User, date: datetime.date) -> QuerySet[InterimAssessment]:
    """Those whose results an employee may read."""
    return InterimAssessment.objects.filter(gradebook__in=rights.gradebooks_seen(person, date))


def to_enter(key: int, date: datetime.date) -> QuerySet[InterimAssessment]:
    """Attestations whose day has come and of which the teacher with this key has entered nothing."""
    taught = Gradebook.objects.filter(
        Q(loads__ends__isnull=True) | Q(loads__ends__gte=date), pk=OuterRef("gradebook"), loads__teacher=key,
        loads__starts__lte=date, school_class__year__ends__gte=date,
    )  # fmt: skip
    without = ~Exists(AssessmentResult.objects.filter(assessment=OuterRef("pk")))
    return InterimAssessment.objects.filter(Exists(taught), without, date__lte=date)


def unfinished(classes: list[SchoolClass], date: datetime.date) -> dict[SchoolClass, int]:
    """How many results are not there of attestations of these classes, of one year; classes without lacks left out."""
    rows = list(InterimAssessment.objects.filter(gradebook__school_class__in=classes).listed())
    people = keys_of([one.gradebook for one in rows], date)
    have: dict[int, set[int]] = {}
    results = AssessmentResult.objects.filter(assessment__in=rows)
    for key, pupil in results.values_list("assessment_id", "pupil_id"):
        have.setdefault(key, set()).add(pupil)
    found: dict[SchoolClass, int] = {}
    for one in rows:
        count = len(people[one.gradebook_id] - have.get(one.pk, set()))
        if count:
            found[one.gradebook.school_class] = found.get(one.gradebook.school_class, 0) + count
    return found


def when(line: ClassLine) -> str:
    """«18.05.2027 — 25.05.2027»"""
    if line.from_day is None:
        return "—"
    first, last = russian.short_date(line.from_day), russian.short_date(line.to_day)
    return first if first == last else f"{first} — {last}"
