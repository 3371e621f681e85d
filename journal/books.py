"""Gradebooks as pages show them: lists with teachers, and the grid of one by period. Reads only."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import DateField, DecimalField, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Least

from accounts.models import AcademicYear, Enrolment, SchoolClass, User
from eios.lib import russian, search
from eios.lib.composed import SOME_DAY, SOME_LATER_DAY, Composed, key
from eios.lib.dates import DatedQuerySet
from journal import grid, offers, rights, scales
from journal.models import Absence, Gradebook, Lesson, Mark, Result, ResultKind, Subgroup, SubgroupMember, TeachingLoad
from journal.periods import Period, period_on, periods_of_class

WHOLE_YEAR = "Весь год"
# Lessons that stand side by side on a landscape sheet of A4.
MOST_ON_PAPER = 50


def years() -> list[AcademicYear]:
    """Years of the school, newest first."""
    return list(AcademicYear.objects.order_by("-starts"))


def year_chosen(all_years: list[AcademicYear], key: str, date: datetime.date) -> AcademicYear | None:
    """The year of the filter; else the current one, else the newest."""
    chosen = next((one for one in all_years if str(one.pk) == key), None)
    current = next((one for one in all_years if one.starts <= date <= one.ends), None)
    return chosen or current or next(iter(all_years), None)


def seen_in(person: User, year: AcademicYear | None, date: datetime.date) -> QuerySet[Gradebook]:
    """Gradebooks of the year that the person may read."""
    if year is None:
        return Gradebook.objects.none()
    return rights.gradebooks_seen(person, date).of_year(year).listed()


def chosen(gradebooks: QuerySet[Gradebook], filters: dict, date: datetime.date) -> QuerySet[Gradebook]:
    """By the filters of the list."""
    if filters["school_class"]:
        gradebooks = gradebooks.filter(school_class=filters["school_class"])
    if filters["subject"]:
        gradebooks = gradebooks.filter(subject=filters["subject"])
    if filters["kept"]:
        gradebooks = gradebooks.filter(kept=filters["kept"])
    if filters["q"]:
        loads = TeachingLoad.objects.on(date).filter(search.matching(filters["q"], "teacher__search"))
        gradebooks = gradebooks.filter(pk__in=loads.values("gradebook"))
    return gradebooks


def with_teachers(gradebooks: QuerySet[Gradebook], date: datetime.date) -> QuerySet[Gradebook]:
    """Each with its loads on the date, or at the end of its year, in `taught_by`; one query more for all."""
    until = Least(Value(date, DateField()), F("gradebook__school_class__year__ends"))
    rows = TeachingLoad.objects.filter(starts__lte=date).filter(Q(ends__isnull=True) | Q(ends__gte=until))
    rows = rows.select_related("teacher", "replaces").order_by("starts", "pk")
    return gradebooks.prefetch_related(Prefetch("loads", rows, to_attr="taught_by"))


def untaught(date: datetime.date) -> QuerySet[Gradebook]:
    """Gradebooks of the current year that nobody teaches; of a class in subgroups, those of the subgroups."""
    rows = Gradebook.objects.filter(school_class__year__starts__lte=date, school_class__year__ends__gte=date)
    divided = Subgroup.objects.filter(school_class=OuterRef("school_class"), subject=OuterRef("subject"))
    rows = rows.filter(Q(subgroup__isnull=False) | ~Exists(divided))
    return rows.filter(~Exists(TeachingLoad.objects.on(date).filter(gradebook=OuterRef("pk"))))


@dataclass(frozen=True)
class Page:
    """A gradebook in one period: its grid, and what is said above it."""

    gradebook: Gradebook
    periods: list[Period]
    period: Period
    grid: grid.Grid
    reasons: bool

    @property
    def fits_paper(self) -> bool:
        """Does a sheet of A4 hold it? A whole year of a daily subject it does not."""
        return len(self.grid.columns) <= MOST_ON_PAPER

    @property
    def key(self) -> str:
        """What the codes of absence mean."""
        return grid.KEYS[self.reasons]


def page_of(gradebook: Gradebook, number: int | None, person: User, date: datetime.date) -> Page:
    """The period of this number, else the one that holds the date. Six queries whatever the size."""
    periods = periods_of_class(gradebook.school_class)
    period = period_shown(gradebook.school_class, periods, number, date)
    return replace(grid_of(gradebook, period, person, date, periods), periods=periods)


def grid_of(
    gradebook: Gradebook, period: Period, person: User, date: datetime.date, periods: Iterable[Period] = ()
) -> Page:
    """Of a period that is known; `periods` are those whose results stand beside. Five queries."""
    reasons = rights.sees_reasons(person, gradebook.school_class)
    span = (period.starts, period.ends)
    marks = Mark.objects.of_gradebook(gradebook, *span).order_by("date", "pupil", "slot", "place")
    marks = [grid.GivenMark(*one) for one in marks.values_list(*MARK_FIELDS)]
    absences = Absence.objects.of_gradebook(gradebook, *span)
    absences = [grid.GivenAbsence(*one) for one in absences.values_list("pupil", "date", "slot", "code")]
    pupils = pupils_of(gradebook, period, {one.pupil for one in (*marks, *absences)}, date)
    results, heads = results_of(gradebook, periods, [one.key for one in pupils])
    made = grid.build(pupils, marks, absences, results, heads, reasons=reasons)
    return Page(gradebook, [], period, made, reasons)


def teachers_on(gradebook: Gradebook, date: datetime.date) -> list[str]:
    """Who teaches on the date, or taught when the year ended."""
    until = min(date, gradebook.school_class.year.ends)
    loads = TeachingLoad.objects.on(until).filter(gradebook=gradebook).select_related("teacher")
    return [one.teacher.initials for one in loads.order_by("starts", "pk")]


MARK_FIELDS = ("pupil", "date", "slot", "value", "number", "weight", "work")


def period_shown(school_class: SchoolClass, periods: list[Period], number: int | None, date: datetime.date) -> Period:
    """The term of this number, 0 for the whole year; else the one that holds the date."""
    year = school_class.year
    whole = Period(0, WHOLE_YEAR, year.starts, year.ends)
    if number == 0:
        return whole
    chosen = next((one for one in periods if one.number == number), None)
    return chosen or period_on(periods, min(date, year.ends)) or whole


def lessons_around(lesson: Lesson) -> tuple[Lesson | None, Lesson | None]:
    """The gradebook's lesson before and the one after; two queries."""
    own = Lesson.objects.filter(gradebook=lesson.gradebook_id)
    before = Q(date__lt=lesson.date) | Q(date=lesson.date, slot__lt=lesson.slot)
    after = Q(date__gt=lesson.date) | Q(date=lesson.date, slot__gt=lesson.slot)
    return own.filter(before).order_by("-date", "-slot").first(), own.filter(after).order_by("date", "slot").first()


def sums_of(
    gradebook: Gradebook, pupils: set[int], periods: list[Period], number: int | None, date: datetime.date
) -> dict[int, dict]:
    """Average, missed lessons and proposed results of some pupils in the period, as the grid writes them. One query a
    pupil."""
    period = period_shown(gradebook.school_class, periods, number, date)
    spans = offers.offered(gradebook, periods, period)
    found = {}
    for pupil in pupils:
        rows = _SUMS.rows(gradebook=gradebook.pk, pupil=pupil, starts=period.starts, ends=period.ends)
        marks = [row for row in rows if row[1]]
        missed = len(rows) - len(marks)
        average = scales.average([row[:2] for row in marks])
        proposed = {name: _offer(one) for name, one in offers.of_marks(marks, spans).items()}
        found[pupil] = {"average": grid.average_words(average), "missed": str(missed or ""), "offers": proposed}
    return found


def _offer(found: offers.Offer | None) -> dict[str, str] | None:
    return found and {"mark": found.mark, "text": found.text, "words": found.words}


def _sums(gradebook: int, pupil: int, starts: datetime.date, ends: datetime.date) -> QuerySet:
    """Marks, and with the weight 0 missed lessons; each with its day."""
    where = {"gradebook": gradebook, "pupil": pupil, "date__gte": starts, "date__lte": ends}
    marks = Mark.objects.filter(number__isnull=False, **where).values_list("number", "weight", "date")
    missed = Absence.objects.filter(code__in=Absence.MISSED, **where)
    return marks.union(missed.values_list(Value(0), Value(Decimal(0), DecimalField()), "date"), all=True)


_SUMS = Composed(_sums, gradebook=key(0), pupil=key(1), starts=SOME_DAY, ends=SOME_LATER_DAY)


def pupils_of(gradebook: Gradebook, period: Period, marked: set[int], date: datetime.date) -> list[grid.Pupil]:
    """Who was taught in the period, by name; one who left before its end, or today, is greyed."""
    last = min(period.ends, max(date, period.starts))
    rows = memberships(gradebook).overlapping(period.starts, period.ends).select_related("pupil")
    ends: dict[User, datetime.date | None] = {}
    for row in rows.order_by("pupil__sort_name", "pupil", "starts"):
        ends[row.pupil] = row.ends
    for person in User.objects.filter(pk__in=marked - {one.pk for one in ends}):
        ends[person] = datetime.date.min
    people = sorted(ends, key=lambda one: (one.sort_name, one.pk))
    return [_pupil(one, ends[one], last) for one in people]


def memberships(gradebook: Gradebook) -> DatedQuerySet:
    """Who belongs to the gradebook, from–to: pupils of its class, or of its subgroup."""
    if gradebook.subgroup_id:
        return SubgroupMember.objects.filter(subgroup=gradebook.subgroup_id)
    return Enrolment.objects.filter(school_class=gradebook.school_class_id)


def _pupil(person: User, ends: datetime.date | None, last: datetime.date) -> grid.Pupil:
    is_gone = ends is not None and ends < last
    note = f"до {russian.short_date(ends)}" if is_gone and ends > datetime.date.min else ""
    name = f"{person.surname} {person.name}"
    return grid.Pupil(person.pk, name, is_gone, note or ("не в классе" if is_gone else ""))


def results_of(gradebook: Gradebook, periods: Iterable[Period], pupils: list[int]) -> tuple[dict, list]:
    """Results of the year in the subject, wherever the pupil was taught; one query."""
    rows = Result.objects.filter(year=gradebook.school_class.year_id, subject=gradebook.subject_id, pupil__in=pupils)
    found = {}
    for pupil, kind, number, value in rows.values_list("pupil", "kind", "number", "value"):
        found[pupil, f"{kind}-{number}"] = value
    terms = [(f"{ResultKind.TERM}-{one.number}", one.name) for one in periods]
    rest = [(f"{ResultKind.YEAR}-0", "Год"), (f"{ResultKind.EXAM}-0", "Экзамен"), (f"{ResultKind.FINAL}-0", "Итог")]
    given = {key for _, key in found}
    return found, [one for one in (*terms, *rest) if one in terms or one[0] in given]
