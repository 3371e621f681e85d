"""What the approved curricula ask of gradebooks and of the load: which subjects, how many hours (6.2). Reads only."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from accounts.models import AcademicYear, SchoolClass
from journal import decisions
from journal.models import Gradebook, TeachingLoad
from resources.curricula import words_of
from resources.models import Curriculum, CurriculumHours, Subject

Hours = dict[int, dict[Subject, Decimal]]


def hours_of(year: AcademicYear) -> Hours:
    """Grade → subject → hours a week of both parts, by the approved curricula of the year; one query."""
    rows = CurriculumHours.objects.filter(
        row__curriculum__year=year, row__curriculum__state=Curriculum.State.APPROVED, row__subject__isnull=False,
        hours__gt=0,
    )  # fmt: skip
    rows = rows.select_related("row__subject").order_by(
        "row__subject__area__order", "row__subject__order", "row__subject__name"
    )
    found: Hours = defaultdict(dict)
    for one in rows:
        subject = one.row.subject
        found[one.grade][subject] = found[one.grade].get(subject, Decimal(0)) + one.hours
    return found


@dataclass(frozen=True)
class Missing:
    """Gradebooks of a class that are to be opened, as the decisions want them; how many it has already."""

    school_class: SchoolClass
    gradebooks: list[Gradebook]
    present: int
    has_plan: bool


def missing(classes: Iterable[SchoolClass]) -> list[Missing]:
    """What the curriculum has and the classes have not, in the order of classes; a subject taught in subgroups counts
    as opened. Queries for each year, not for each class."""
    classes = sorted(classes, key=lambda one: (-one.year.starts.toordinal(), one.grade, one.letter))
    there = defaultdict(set)
    for key, subject in Gradebook.objects.filter(school_class__in=classes).values_list("school_class", "subject"):
        there[key].add(subject)
    years = {one.year for one in classes}
    hours, decided = {one: hours_of(one) for one in years}, {one: decisions.of_year(one) for one in years}
    found = []
    for one in classes:
        plan = hours[one.year].get(one.grade, {})
        books = [Gradebook(school_class=one, subject=each) for each in plan if each.pk not in there[one.pk]]
        settled = [decisions.settle(each, decided[one.year]) for each in books]
        found.append(Missing(one, settled, len(there[one.pk]), bool(plan)))
    return found


@dataclass(frozen=True)
class Gap:
    """Where the load and the curriculum differ: of a subject of a class, and what is wrong in words."""

    school_class: SchoolClass
    subject: Subject
    kind: str
    text: str
    gradebook: Gradebook | None = None


# Kinds of gaps: what the filter calls them.
KINDS = {
    "book": "нет журнала",
    "teacher": "нет учителя",
    "hours": "часы не сходятся",
    "extra": "нет в учебном плане",
}


def gaps(year: AcademicYear, date: datetime.date) -> list[Gap]:
    """Every difference of the year on the date, class by class; four queries whatever the size."""
    plan = hours_of(year)
    loads = defaultdict(list)
    for load in TeachingLoad.objects.on(date).filter(gradebook__school_class__year=year):
        loads[load.gradebook_id].append(load)
    books: dict[tuple, list[Gradebook]] = defaultdict(list)
    for book in Gradebook.objects.of_year(year).listed():
        books[book.school_class_id, book.subject].append(book)
    found = []
    for school_class in SchoolClass.objects.filter(year=year).select_related("year").order_by("grade", "letter"):
        wanted = plan.get(school_class.grade, {})
        own = {subject: rows for (key, subject), rows in books.items() if key == school_class.pk}
        for subject, hours in wanted.items():
            found += _gaps_of(school_class, subject, hours, own.get(subject, []), loads)
        if wanted:
            found += [_extra(school_class, subject, rows) for subject, rows in own.items() if subject not in wanted]
    return found


def _gaps_of(
    school_class: SchoolClass, subject: Subject, hours: Decimal, books: list[Gradebook], loads: dict
) -> list[Gap]:
    if not books:
        text = f"По плану {words_of(hours)} ч в неделю, журнала нет."
        return [Gap(school_class, subject, "book", text)]
    divided = [one for one in books if one.subgroup_id]
    found = []
    # Where subgroups are taught, the whole class's own gradebook needs nobody.
    for book in divided or books:
        who = f"{book.subgroup.name}: " if book.subgroup_id else ""
        rows = loads.get(book.pk, [])
        if not rows:
            found.append(Gap(school_class, subject, "teacher", f"{who}учителя нет.".capitalize(), book))
            continue
        # Who replaces gives the replaced one's hours.
        given = [one.hours for one in rows if one.replaces_id is None and one.hours is not None]
        if given and sum(given) != hours:
            text = f"{who}по плану {words_of(hours)} ч в неделю, в нагрузке {words_of(sum(given))} ч."
            found.append(Gap(school_class, subject, "hours", text[0].upper() + text[1:], book))
    return found


def _extra(school_class: SchoolClass, subject: Subject, books: list[Gradebook]) -> Gap:
    return Gap(school_class, subject, "extra", "Журнал есть, а в утверждённом плане предмета нет.", books[0])
