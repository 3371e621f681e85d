"""What the portal knows by itself, by the names that resources/data/sveden.toml uses. Reads only.

Everything here is open to everybody: approved programmes and plans, published documents, staff in force, numbers.
"""

import datetime
from collections.abc import Callable

from accounts.models import SchoolCard
from accounts.reports.headcount import Headcount, headcount
from eios.lib import grades as levels
from eios.lib import russian
from eios.lib.grades import Level
from resources import access
from resources.asker import Asker
from resources.models import AcademicCalendar, Curriculum, Document, Edition, Element, Programme
from resources.models.year_plans import YearPlan
from resources.sveden import counts, staff
from resources.sveden.items import Item, LiveRow, of_document, of_plan, of_programme, words

Rows = list[LiveRow]

CARD: dict[str, Callable[[SchoolCard], str]] = {
    "full_name": lambda card: card.full_name,
    "short_name": lambda card: card.short_name,
    "address": lambda card: card.address,
    "telephone": lambda card: card.phone,
    "email": lambda card: card.email,
}


def known(name: str, school: SchoolCard) -> tuple[Item, ...]:
    """What the school's card says; a school without its card says nothing."""
    return words(CARD[name](school)) if school.pk and not school._state.adding else ()


def levels_of(school: SchoolCard, date: datetime.date) -> Rows:
    """Levels of education with subjects, plans, programmes and calendars of the year."""
    programmes = _programmes(date)
    plans, calendars = _of_levels(Curriculum, date), _of_levels(AcademicCalendar, date)
    rows = []
    for level in levels.of_school(school.highest_grade):
        own = [row for row in programmes if row.grade_from in level.grades]
        rows.append(_level(level, own, plans.get(level.code), calendars.get(level.code)))
    return rows


def _of_levels(model: type[YearPlan], date: datetime.date) -> dict[str, YearPlan]:
    """The approved ones of the year, by level of education; one query."""
    found = model.objects.approved().filter(year__starts__lte=date, year__ends__gte=date)
    return {plan.level: plan for plan in found.select_related("year", "order")}


def _programmes(date: datetime.date) -> list[Programme]:
    """Approved ones of the year; one query."""
    rows = Programme.objects.approved().of_year_on(date).for_lists()
    return list(rows.order_by("grade_from", "grade_to", "subject__name", "title", "pk"))


def _level(
    level: Level, programmes: list[Programme], plan: Curriculum | None, calendar: AcademicCalendar | None
) -> LiveRow:
    practices = [row for row in programmes if row.kind == Programme.Kind.PRACTICE]
    lessons = [row for row in programmes if row.kind != Programme.Kind.PRACTICE]
    return LiveRow(
        level.key,
        level.title,
        {
            **_named(level),
            "learningTerm": words(level.term),
            "eduPred": words(", ".join(dict.fromkeys(row.name for row in lessons))),
            "eduPrac": words(", ".join(dict.fromkeys(row.name for row in practices))) or None,
            "educationPlan": of_plan(plan, "resources:curriculum_detail"),
            "educationShedule": of_plan(calendar, "resources:calendar_detail"),
            "educationRpd": tuple(of_programme(row) for row in lessons),
            "eduPr": tuple(of_programme(row) for row in practices) or None,
        },
    )


def _named(level: Level) -> dict[str, tuple[Item, ...] | None]:
    """General education has neither codes nor profiles."""
    return {"eduCode": None, "eduProf": None, "eduName": words(level.programme), "eduLevel": words(level.title)}


def grades(school: SchoolCard, date: datetime.date) -> Rows:
    """A row for every grade of the school, for places that are free."""
    return [
        LiveRow(
            grade, f"{grade} класс", {**_named(levels.level_of(grade)), "eduCourse": words(f"{grade} класс")}
        )
        for grade in range(1, school.highest_grade + 1)
    ]  # fmt: skip


def headcount_by_level(school: SchoolCard, date: datetime.date) -> Rows:
    found = headcount(date)
    return [
        _counted(level, found) for level in levels.of_school(school.highest_grade)
    ]  # fmt: skip


def _counted(level: Level, found: Headcount) -> LiveRow:
    classes = [row for row in found.classes if row.school_class.grade in level.grades]
    pupils = counts.of_classes(row.pupils for row in classes)
    values = {"eduName": words(level.programme), "classes": words(len(classes)), "numberAll": words(pupils)}
    return LiveRow(level.key, level.title, values)


def headcount_by_class(school: SchoolCard, date: datetime.date) -> Rows:
    return [
        LiveRow(
            row.school_class.pk, row.school_class.name,
            {"school_class": words(row.school_class.name), "pupils": words(counts.of_class(row.pupils))},
        )
        for row in headcount(date).classes
    ]  # fmt: skip


def documents_in_force(school: SchoolCard, date: datetime.date) -> Rows:
    """The school's acts that have not lost force, with their editions in force; one query."""
    newest: dict[int, Edition] = {}
    acts = Document.objects.standing(date).filter(level=Document.Level.SCHOOL)
    for edition in Edition.objects.in_force(date).filter(document__in=acts).defer("text").select_related("document"):
        newest.setdefault(edition.document_id, edition)
    rows = sorted(newest.values(), key=lambda edition: (str(edition.document).casefold(), edition.document_id))
    return [
        LiveRow(
            edition.document_id,
            str(edition.document),
            {"act": (of_document(edition.document),), "edition": words(_edition(edition))},
        )
        for edition in rows
    ]


def _edition(edition: Edition) -> str:
    return f"№ {edition.number}, действует с {russian.short_date(edition.in_force_from)}"


def platforms(school: SchoolCard, date: datetime.date) -> Rows:
    """Platforms and libraries of the registry that a guest is told of, with an address of their own."""
    guest = Asker(None, school=school, date=date)
    rows = access.elements_known_to(guest).filter(parent__isnull=True, kind=Element.Kind.EXTERNAL).exclude(address="")
    return [
        LiveRow(row.pk, row.name, {"erList": (Item(row.name, row.address),), "purpose": words(row.purpose)})
        for row in rows.order_by("order", "number", "pk")
    ]


# Name in the table → rows of the day.
ROWS: dict[str, Callable[[SchoolCard, datetime.date], Rows]] = {
    "deputies": staff.deputies,
    "directors": staff.directors,
    "documents": documents_in_force,
    "grades": grades,
    "headcount_by_class": headcount_by_class,
    "headcount_by_level": headcount_by_level,
    "levels": levels_of,
    "method_groups": staff.method_groups,
    "platforms": platforms,
    "teachers": staff.teachers,
}
