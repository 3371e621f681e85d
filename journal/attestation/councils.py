"""Councils of a period's end: what teachers propose, what is missing, what is confirmed (1.3 b). Reads only."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from accounts.models import AcademicYear, Enrolment, User
from journal import rights, scales
from journal.attestation.pupils import keys_of, pupils_of, within
from journal.models import Council, Gradebook, Kept, Mark, Result, ResultKind, Scale, SubgroupMember, TeachingLoad
from journal.periods import periods_of
from journal.scales import CENT
from resources.models import AcademicCalendar, CalendarEntry
from resources.models.year_plans import level_of

State = Council.State
# A grade of each level, whose calendar names the terms; and how many there are without one.
BASIC, PRIMARY, USUAL_TERMS = 5, 2, 4
KINDS = {ResultKind.TERM: (ResultKind.TERM,), ResultKind.YEAR: (ResultKind.YEAR, ResultKind.EXAM, ResultKind.FINAL)}
TITLES = {ResultKind.YEAR: "Год", ResultKind.EXAM: "Экзамен", ResultKind.FINAL: "Итог"}


def kinds_of(council: Council) -> tuple[ResultKind, ...]:
    """Which results it is about; the first one is expected of everybody."""
    return KINDS[ResultKind(council.kind)]


def title_of(council: Council) -> str:
    return titles_of([council])[council.pk]


def titles_of(councils: list[Council]) -> dict[int, str]:
    """Key → «Итоги: 2-я четверть», as the calendars call the term, or «2-й период»; one query. Prefetch classes."""
    names = _term_names({one.year_id for one in councils})
    return {one.pk: _title(one, names) for one in councils}


def _title(council: Council, names: dict[tuple, list[str]]) -> str:
    if council.kind == ResultKind.YEAR:
        return "Итоги года"
    first = next(iter(council.classes.all()), None)
    terms = names.get((council.year_id, level_of(first.grade)), []) if first else []
    called = terms[council.number - 1] if council.number <= len(terms) else f"{council.number}-й период"
    return f"Итоги: {called}"


def _term_names(years: set[int]) -> dict[tuple, list[str]]:
    """(Key of the year, level) → names of its terms in order, by the approved calendars."""
    found = defaultdict(list)
    rows = CalendarEntry.objects.terms().filter(
        calendar__year__in=years, calendar__state=AcademicCalendar.State.APPROVED, grade__isnull=True
    )
    for year, level, name in rows.order_by("starts").values_list("calendar__year_id", "calendar__level", "name"):
        found[year, level].append(name)
    return found


def listed() -> QuerySet[Council]:
    """The newest first: everybody on the staff sees that a council is called."""
    return Council.objects.select_related("year").prefetch_related("classes").order_by("-year__starts", "-pk")


def terms_of(year: AcademicYear) -> list[str]:
    """Names of the year's terms, by the calendar of basic or primary school; «1-й период» where there is none."""
    for grade in (BASIC, PRIMARY):
        if terms := periods_of(year, grade):
            return [one.name for one in terms]
    return [f"{number}-й период" for number in range(1, USUAL_TERMS + 1)]


def results_of(council: Council) -> QuerySet[Result]:
    """Results that the council is about, of its classes' gradebooks."""
    return Result.objects.filter(
        year=council.year_id, number=council.number, kind__in=kinds_of(council),
        gradebook__school_class__in=council.classes.all(),
    )  # fmt: skip


def gradebooks_of(council: Council) -> QuerySet[Gradebook]:
    """Gradebooks of its classes in which results are given."""
    return Gradebook.objects.filter(school_class__in=council.classes.all()).exclude(scale=Scale.NONE).listed()


@dataclass(frozen=True)
class BookLine:
    """A gradebook before the council: how many pupils have their result."""

    gradebook: Gradebook
    teachers: str
    pupils: int
    have: int

    @property
    def missing(self) -> int:
        return self.pupils - self.have


def book_lines(council: Council, person: User, date: datetime.date) -> list[BookLine]:
    """Every gradebook that the person reads, with what is missing there; constant queries."""
    seen = rights.gradebooks_seen(person, date)
    books = list(gradebooks_of(council).filter(pk__in=seen.values("pk")))
    people, have = keys_of(books, date), _have(council)
    teachers = _teachers(books, within(council.year, date))
    return [
        BookLine(one, teachers.get(one.pk, ""), len(people[one.pk]), len(people[one.pk] & have[one.subject_id]))
        for one in books
    ]


ALL, MISSING, HERE = "", "missing", "here"
SHOWN = {ALL: "Все журналы", MISSING: "Где не хватает", HERE: "Ведутся на портале"}


def shown(lines: list[BookLine], values: dict) -> list[BookLine]:
    """By the filters of the page: `show` and `school_class`."""
    if values["school_class"]:
        lines = [one for one in lines if one.gradebook.school_class == values["school_class"]]
    if values["show"] == MISSING:
        return [one for one in lines if one.missing]
    return [one for one in lines if not one.gradebook.is_mirror] if values["show"] == HERE else lines


def _have(council: Council) -> dict[int, set[int]]:
    """Key of the subject → keys of pupils who have the result expected of all."""
    found = defaultdict(set)
    rows = Result.objects.filter(year=council.year_id, number=council.number, kind=kinds_of(council)[0])
    rows = rows.filter(gradebook__school_class__in=council.classes.all()).exclude(value="")
    for subject, pupil in rows.values_list("subject_id", "pupil_id"):
        found[subject].add(pupil)
    return found


def _teachers(books: list[Gradebook], day: datetime.date) -> dict[int, str]:
    found = defaultdict(list)
    rows = TeachingLoad.objects.on(day).filter(gradebook__in=books).select_related("teacher")
    for row in rows.order_by("teacher__sort_name"):
        found[row.gradebook_id].append(row.teacher.initials)
    return {key: ", ".join(dict.fromkeys(names)) for key, names in found.items()}


# One gradebook


@dataclass(frozen=True)
class PupilLine:
    """A pupil before the council: the average beside, and the results by kind."""

    pupil: User
    average: Decimal | None
    results: dict[str, Result]

    def value(self, kind: str) -> str:
        return self.results[kind].value if kind in self.results else ""

    @property
    def proposed(self) -> str:
        """What the average proposes in a subject that is marked 2–5."""
        return scales.proposed(self.average)


def pupil_lines(council: Council, gradebook: Gradebook, date: datetime.date) -> list[PupilLine]:
    """Everybody of the gradebook; of the year the average is that of its terms. Constant queries."""
    results: dict[int, dict[str, Result]] = defaultdict(dict)
    rows = Result.objects.filter(
        year=council.year_id, subject=gradebook.subject_id, gradebook=gradebook, number=council.number,
        kind__in=kinds_of(council),
    )  # fmt: skip
    for row in rows:
        results[row.pupil_id][row.kind] = row
    pupils = pupils_of(gradebook, date, also=results)
    averages = averages_of(council, gradebook)
    return [PupilLine(one, averages.get(one.pk), results[one.pk]) for one in pupils]


def ordered(council: Council, line: PupilLine) -> list[Result | None]:
    """The pupil's results in the order of the council's kinds."""
    return [line.results.get(kind) for kind in kinds_of(council)]


def averages_of(council: Council, gradebook: Gradebook) -> dict[int, Decimal]:
    """Key of the pupil → the weighed average of the marks of the council's term, or of the whole year."""
    starts, ends = _days(council, gradebook)
    marks = Mark.objects.of_gradebook(gradebook, starts, ends).filter(number__isnull=False).order_by()
    sums = marks.values("pupil").annotate(top=Sum(F("number") * F("weight")), bottom=Sum("weight"))
    return {
        row["pupil"]: (Decimal(row["top"]) / Decimal(row["bottom"])).quantize(CENT, ROUND_HALF_UP) for row in sums
    }  # fmt: skip


def _days(council: Council, gradebook: Gradebook) -> tuple[datetime.date, datetime.date]:
    year: AcademicYear = council.year
    if council.kind == ResultKind.YEAR:
        return year.starts, year.ends
    terms = periods_of(year, gradebook.school_class.grade)
    found = next((one for one in terms if one.number == council.number), None)
    return (found.starts, found.ends) if found else (year.starts, year.ends)


# «Ждёт вас»


def to_propose(key: int, date: datetime.date) -> QuerySet[Gradebook]:
    """Gradebooks kept here that the teacher with this key teaches, where a council waits for somebody's result."""
    taught = TeachingLoad.objects.on(date).filter(gradebook=OuterRef("pk"), teacher=key)
    book = OuterRef(OuterRef("pk"))
    enrolled = Enrolment.objects.on(date).filter(school_class=OuterRef(OuterRef("school_class")))
    grouped = Q(Exists(SubgroupMember.objects.on(date).filter(
        pupil=OuterRef("pupil"), subgroup__gradebook=OuterRef(book),
    )))  # fmt: skip
    whole = Q(Exists(Gradebook.objects.filter(pk=OuterRef(book), subgroup__isnull=True)))
    given = Result.objects.filter(
        pupil=OuterRef("pupil"), subject=OuterRef(OuterRef(OuterRef("subject"))), year=OuterRef(OuterRef("year")),
        kind=OuterRef(OuterRef("kind")), number=OuterRef(OuterRef("number")),
    ).exclude(value="")  # fmt: skip
    waits = Council.objects.filter(state=State.PROPOSING, classes=OuterRef("school_class"))
    waits = waits.filter(Exists(enrolled.filter(grouped | whole).filter(~Exists(given))))
    return Gradebook.objects.filter(Exists(taught), Exists(waits), kept=Kept.HERE).exclude(scale=Scale.NONE)


def to_confirm() -> QuerySet[Council]:
    return Council.objects.filter(state=State.FROZEN)
