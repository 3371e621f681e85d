"""Reads what a yearly sheet is made of: a constant number of queries, whatever the class (7.3)."""

import datetime

from django.db.models import Count, Q

from accounts.models import Appointment, Enrolment, RolloverDecision, SchoolCard, SchoolClass
from eios.lib import russian
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
    periods = periods_of_class(school_class)
    people = _people(school_class, periods)
    keys = [one.key for one in people]
    results = Result.objects.of_year(school_class.year).for_families().filter(pupil__in=keys)
    results = list(results.values_list("pupil", "subject", "kind", "number", "value"))
    names = _signers(school_class)
    behaviour, decisions = _notes(school_class)
    return Source(
        heading={
            "title": layout.title, "school": school.full_name, "class": school_class.name,
            "year": str(school_class.year), "teacher": names.get(LEADER, ""), "paper": layout.paper,
            "minutes": minutes_of(school_class),
        },
        rows=layout.rows, columns=layout.columns, subjects=_subjects(school_class, layout, results), periods=periods,
        people=people, results=results, absences=_absences(school_class, keys), behaviour=behaviour,
        decisions=decisions, signatures=_signatures(layout, names),
    )  # fmt: skip


def proposed_in(school_class: SchoolClass) -> int:
    """How many results are only proposed by teachers, and so are not in the sheet."""
    rows = Result.objects.filter(gradebook__school_class=school_class, batch__isnull=True, council__isnull=True)
    return rows.count()


def _people(school_class: SchoolClass, periods: list[Period]) -> list[Person]:
    """Whoever was in the class in the year, by name; who came later or left earlier has the day beside the name."""
    first = periods[0].starts if periods else school_class.year.starts
    last = periods[-1].ends if periods else school_class.year.ends
    rows = Enrolment.objects.filter(school_class=school_class).order_by("pupil__sort_name", "pupil", "starts")
    found: dict[int, list[tuple]] = {}
    for row in rows.values_list("pupil", *_NAMES, "starts", "ends"):
        found.setdefault(row[0], []).append(row[1:])
    return [Person(key, _name(own[0]), _stay(own[0][-2], own[-1][-1], first, last)) for key, own in found.items()]


# A whole row of an account is dear where only the name is wanted.
_NAMES = ("pupil__surname", "pupil__name", "pupil__patronymic")


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
    taught = Gradebook.objects.filter(school_class=school_class).values("subject")
    own = {key: (place, short) for place, (key, short) in enumerate(layout.subjects)}
    rows = [
        (own.get(row.pk, (len(own), ""))[0], row, own.get(row.pk, (0, ""))[1] or row.short)
        for row in Subject.objects.filter(Q(pk__in=keys) | Q(pk__in=taught)).order_by("area__order", "order", "name")
    ]
    return [(row.pk, row.name, short) for _, row, short in sorted(rows, key=lambda one: one[0])]


def _absences(school_class: SchoolClass, pupils: list[int]) -> list[tuple]:
    year = school_class.year
    rows = Absence.objects.filter(pupil__in=pupils, date__gte=year.starts, date__lte=year.ends, code__in=Absence.MISSED)
    rows = rows.values_list("pupil", "date").order_by()
    return list(rows.annotate(lessons=Count("pk"), ill=Count("pk", filter=Q(code=Absence.Code.ILL))))


def _signers(school_class: SchoolClass) -> dict[str, str]:
    """The class teacher and the director, today or when the year ended."""
    day = min(today(), school_class.year.ends)
    rows = Appointment.objects.on(day).filter(
        Q(position__code=LEADER, school_class=school_class) | Q(position__code=DIRECTOR)
    )
    rows = rows.order_by("is_acting", "pk")
    found: dict[str, list[str]] = {}
    for *parts, code in rows.values_list("person__surname", "person__name", "person__patronymic", "position__code"):
        found.setdefault(code, []).append(_name(parts))
    return {code: ", ".join(names if code == LEADER else names[:1]) for code, names in found.items()}


def _signatures(layout: SheetLayout, names: dict[str, str]) -> list[tuple[str, str]]:
    found = []
    for line in filter(None, map(str.strip, layout.signatures.splitlines())):
        code = next((code for words, code in SIGNERS.items() if line.casefold().startswith(words)), "")
        found.append((line, names.get(code, "")))
    return found


def minutes_of(school_class: SchoolClass) -> str:
    """«протокол № 9 от 29.05.2027»: of the confirmed council of the year, else as somebody wrote it down."""
    council = Council.objects.filter(
        kind=ResultKind.YEAR, state=Council.State.CONFIRMED, classes=school_class
    ).order_by("-pk").first()  # fmt: skip
    if council:
        return f"протокол № {council.minutes_number} от {russian.short_date(council.minutes_date)}"
    typed = SheetMinutes.objects.filter(school_class=school_class).first()
    return str(typed) if typed else ""


def _notes(school_class: SchoolClass) -> tuple[dict[int, str], dict[int, str]]:
    """Behaviour and the council's decision by pupil; a decision that nobody wrote is taken from the rollover."""
    notes = list(SheetNote.objects.filter(school_class=school_class))
    decided = RolloverDecision.objects.filter(school_class=school_class).exclude(
        outcome=RolloverDecision.Outcome.UNDECIDED
    )
    decisions = {row.pupil_id: _outcome(row) for row in decided.select_related("next_class")}
    decisions |= {note.pupil_id: note.decision for note in notes if note.decision}
    return {note.pupil_id: note.behaviour for note in notes if note.behaviour}, decisions


def _outcome(row: RolloverDecision) -> str:
    words = row.get_outcome_display()
    return f"{words} в {row.next_class.name}" if row.next_class_id and "перевед" in words else words
