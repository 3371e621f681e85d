"""Reads what a yearly sheet is made of: a constant number of queries, whatever the class (7.3)."""

import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import Appointment, Enrolment, RolloverDecision, SchoolCard, SchoolClass
from eios.lib import russian
from eios.lib.composed import composed
from eios.lib.dates import today
from journal.models import Absence, Council, Gradebook, Result, ResultKind, SheetLayout, SheetMinutes, SheetNote
from journal.periods import Period, periods_of_class
from journal.sheets.content import Person, Source, build
from resources.models import Subject

LEADER, DIRECTOR = "class_teacher", "director"
# What a signature's words begin with → whose name stands beside the line.
SIGNERS = {"классный руководитель": LEADER, "директор": DIRECTOR}


def content_of(school_class: SchoolClass, layout: SheetLayout, school: SchoolCard) -> dict:
    """The sheet as the journal has it now: results that families may see, none that is only proposed."""
    return build(source_of(school_class, layout, school))


def source_of(school_class: SchoolClass, layout: SheetLayout, school: SchoolCard) -> Source:
    year, periods = school_class.year, periods_of_class(school_class)
    people = _people(school_class, periods)
    results = _results(school_class.pk, year.pk)
    names = _signers(school_class)
    behaviour, decisions = _notes(school_class)
    return Source(
        heading={
            "title": layout.title, "school": school.full_name, "class": school_class.name,
            "year": str(year), "teacher": names.get(LEADER, ""), "paper": layout.paper,
            "minutes": minutes_of(school_class),
        },
        rows=layout.rows, columns=layout.columns, subjects=_subjects(school_class, layout, results), periods=periods,
        people=people, results=results, absences=_absences(school_class.pk, year.starts, year.ends),
        behaviour=behaviour, decisions=decisions, signatures=_signatures(layout, names),
    )  # fmt: skip


def proposed_in(school_class: SchoolClass) -> int:
    """How many results are only proposed by teachers, and so are not in the sheet."""
    return next((count for (_, count) in _proposed(school_class.pk)), 0)


@composed
def _proposed(school_class: int) -> QuerySet:
    rows = Result.objects.filter(gradebook__school_class=school_class, batch__isnull=True, council__isnull=True)
    return rows.order_by().values_list("gradebook__school_class").annotate(Count("pk"))


@composed
def _results(school_class: int, year: int) -> QuerySet:
    """Of whoever was in the class, whichever class the results were given in."""
    rows = Result.objects.of_year(year).for_families().filter(pupil__in=_pupils(school_class))
    return rows.values_list("pupil", "subject", "kind", "number", "value")


def _pupils(school_class: int) -> QuerySet:
    return Enrolment.objects.filter(school_class=school_class).values("pupil")


def _people(school_class: SchoolClass, periods: list[Period]) -> list[Person]:
    """Whoever was in the class in the year, by name; who came later or left earlier has the day beside the name."""
    first = periods[0].starts if periods else school_class.year.starts
    last = periods[-1].ends if periods else school_class.year.ends
    found: dict[int, list[tuple]] = {}
    for row in _stays(school_class.pk):
        found.setdefault(row[0], []).append(row[1:])
    return [Person(key, _name(own[0]), _stay(own[0][-2], own[-1][-1], first, last)) for key, own in found.items()]


@composed
def _stays(school_class: int) -> QuerySet:
    rows = Enrolment.objects.filter(school_class=school_class).order_by("pupil__sort_name", "pupil", "starts")
    return rows.values_list("pupil", "pupil__surname", "pupil__name", "pupil__patronymic", "starts", "ends")


def _name(parts: tuple) -> str:
    return " ".join(filter(None, parts[:3]))


def _stay(since: datetime.date, until: datetime.date | None, first: datetime.date, last: datetime.date) -> str:
    words = []
    if since > first:
        words.append(f"с {russian.short_date(since)}")
    if until and until < last:
        words.append(f"по {russian.short_date(until)}")
    return f"в классе {' '.join(words)}" if words else ""


def _subjects(school_class: SchoolClass, layout: SheetLayout, results: list) -> list[tuple[int, str, str]]:
    """One column for a subject, however many subgroups it has; subjects of a former class of a pupil too."""
    keys = {subject for _, subject, *_ in results}
    own = {key: (place, short) for place, (key, short) in enumerate(layout.subjects)}
    rows = [
        (own.get(key, (len(own), ""))[0], key, name, own.get(key, (0, ""))[1] or short or name)
        for key, name, short, is_taught in _dictionary(school_class.pk)
        if is_taught or key in keys
    ]
    return [row[1:] for row in sorted(rows, key=lambda one: one[0])]


@composed
def _dictionary(school_class: int) -> QuerySet:
    taught = Gradebook.objects.filter(school_class=school_class, subject=OuterRef("pk"))
    rows = Subject.objects.annotate(is_taught=Exists(taught)).order_by("area__order", "order", "name")
    return rows.values_list("pk", "name", "short_name", "is_taught")


@composed
def _absences(school_class: int, since: datetime.date, until: datetime.date) -> QuerySet:
    rows = Absence.objects.filter(pupil__in=_pupils(school_class), date__gte=since, date__lte=until)
    rows = rows.filter(code__in=Absence.MISSED).values_list("pupil", "date").order_by()
    return rows.annotate(lessons=Count("pk"), ill=Count("pk", filter=Q(code=Absence.Code.ILL)))


def _signers(school_class: SchoolClass) -> dict[str, str]:
    """The class teacher and the director, today or when the year ended."""
    found: dict[str, list[str]] = {}
    for *parts, code in _appointed(school_class.pk, min(today(), school_class.year.ends)):
        found.setdefault(code, []).append(_name(parts))
    return {code: ", ".join(names if code == LEADER else names[:1]) for code, names in found.items()}


@composed
def _appointed(school_class: int, day: datetime.date) -> QuerySet:
    leads = Q(position__code=LEADER, school_class=school_class)
    rows = Appointment.objects.on(day).filter(leads | Q(position__code=DIRECTOR)).order_by("is_acting", "pk")
    return rows.values_list("person__surname", "person__name", "person__patronymic", "position__code")


def _signatures(layout: SheetLayout, names: dict[str, str]) -> list[tuple[str, str]]:
    found = []
    for line in filter(None, map(str.strip, layout.signatures.splitlines())):
        code = next((code for words, code in SIGNERS.items() if line.casefold().startswith(words)), "")
        found.append((line, names.get(code, "")))
    return found


def minutes_of(school_class: SchoolClass) -> str:
    """«протокол № 9 от 29.05.2027»: of the confirmed council of the year, else as somebody wrote it down."""
    for number, date in _confirmed(school_class.pk) or _typed(school_class.pk):
        return f"протокол № {number} от {russian.short_date(date)}"
    return ""


@composed
def _confirmed(school_class: int) -> QuerySet:
    rows = Council.objects.filter(kind=ResultKind.YEAR, state=Council.State.CONFIRMED, classes=school_class)
    return rows.order_by("-pk").values_list("minutes_number", "minutes_date")


@composed
def _typed(school_class: int) -> QuerySet:
    return SheetMinutes.objects.filter(school_class=school_class).values_list("number", "date")


def _notes(school_class: SchoolClass) -> tuple[dict[int, str], dict[int, str]]:
    """Behaviour and the council's decision by pupil; a decision that nobody wrote is taken from the rollover."""
    notes = _written(school_class.pk)
    decisions = {pupil: _outcome(*row) for pupil, *row in _decided(school_class.pk)}
    decisions |= {pupil: decision for pupil, _, decision in notes if decision}
    return {pupil: behaviour for pupil, behaviour, _ in notes if behaviour}, decisions


@composed
def _written(school_class: int) -> QuerySet:
    return SheetNote.objects.filter(school_class=school_class).values_list("pupil", "behaviour", "decision")


@composed
def _decided(school_class: int) -> QuerySet:
    rows = RolloverDecision.objects.filter(school_class=school_class)
    rows = rows.exclude(outcome=RolloverDecision.Outcome.UNDECIDED)
    return rows.values_list("pupil", "outcome", "next_class__grade", "next_class__letter")


def _outcome(outcome: str, grade: int | None, letter: str | None) -> str:
    words = RolloverDecision.Outcome(outcome).label
    return f"{words} в {SchoolClass(grade=grade, letter=letter).name}" if grade and "перевед" in words else words
