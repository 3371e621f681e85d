"""Managers and teaching staff as the law has them shown: names, posts, education, courses; no dates of birth, no own
telephones or mail, no numbers of documents. The school's own contacts stand for everybody's."""

import datetime
from collections import defaultdict
from collections.abc import Iterable

from accounts.models import Appointment, Position, QualificationRecord, SchoolCard, Training, User
from eios.lib.dates import years_before
from eios.lib.grades import level_of
from resources.models import Programme
from resources.sveden.items import Item, LiveRow, words

DIRECTOR, DEPUTIES, GROUP_HEAD = "director", ("deputy", "deputy_upbringing", "deputy_facilities"), "method_group_head"
YEARS_OF_COURSES = 3
Kind, Category = Training.Kind, QualificationRecord.Category


def _held(date: datetime.date, **chosen):
    """Appointments in force on the date, in the order of people."""
    rows = Appointment.objects.on(date).filter(**chosen).select_related("person", "position", "method_group")
    return rows.order_by("position__order", "is_acting", "person__sort_name", "pk")


def directors(school: SchoolCard, date: datetime.date) -> list[LiveRow]:
    return [_manager(row, school) for row in _held(date, position__code=DIRECTOR)]


def deputies(school: SchoolCard, date: datetime.date) -> list[LiveRow]:
    return [_manager(row, school) for row in _held(date, position__code__in=DEPUTIES)]


def _manager(row: Appointment, school: SchoolCard) -> LiveRow:
    name = row.person.get_full_name()
    values = {
        "fio": words(name), "post": words(row.title), "telephone": words(school.phone), "email": words(school.email),
    }  # fmt: skip
    return LiveRow(row.person_id, name, values)


def method_groups(school: SchoolCard, date: datetime.date) -> list[LiveRow]:
    """Method groups (ШМО) with their heads of the day."""
    heads = _held(date, position__code=GROUP_HEAD, method_group__isnull=False)
    return [
        LiveRow(
            row.method_group_id,
            str(row.method_group),
            {
                "name": words(row.method_group), "fio": words(row.person.get_full_name()), "post": words(row.title),
                "addressStr": words(school.address), "site": words(school.site), "email": words(school.email),
            },
        )
        for row in sorted(heads, key=lambda row: str(row.method_group))
    ]  # fmt: skip


def teachers(school: SchoolCard, date: datetime.date) -> list[LiveRow]:
    """Everybody who holds a teaching position on the date; four queries, however many they are."""
    posts: dict[User, list[str]] = defaultdict(list)
    for row in _held(date, position__category=Position.Category.TEACHING):
        posts[row.person].append(row.title)
    people = sorted(posts, key=lambda person: (person.sort_name, person.pk))
    education = {row.person_id: row for row in QualificationRecord.objects.filter(person__in=people)}
    trainings = _trainings(people, date)
    programmes = _programmes(people, date)
    return [
        LiveRow(
            person.pk,
            person.get_full_name(),
            {
                "fio": words(person.get_full_name()),
                "post": words(", ".join(dict.fromkeys(posts[person]))),
                **_taught(programmes[person.pk]),
                "teachingLevel": _education(education.get(person.pk)),
                "qualification": _courses(trainings[person.pk], (Kind.COURSE, Kind.SEMINAR)),
                "profDevelopment": _courses(trainings[person.pk], (Kind.RETRAINING,)),
            },
        )
        for person in people
    ]


def _trainings(people: Iterable[User], date: datetime.date) -> dict[int, list[Training]]:
    """Confirmed ones: courses of the last years, retraining of any time."""
    found = defaultdict(list)
    since = years_before(date, YEARS_OF_COURSES)
    for row in Training.objects.confirmed().filter(person__in=people, document_date__lte=date):
        if row.kind == Kind.RETRAINING or row.document_date >= since:
            found[row.person_id].append(row)
    return found


def _courses(rows: list[Training], kinds: tuple[str, ...]) -> tuple[Item, ...] | None:
    """Without the number of the document, which is the owner's own affair."""
    return tuple(Item(_course(row)) for row in rows if row.kind in kinds) or None


def _course(row: Training) -> str:
    hours = f", {row.hours} ч" if row.hours else ""
    return f"{row.title}, {row.organisation}{hours}, {row.document_date.year}"


def _programmes(people: Iterable[User], date: datetime.date) -> dict[int, list[Programme]]:
    """Approved programmes of the year by their authors: what is taught by whom."""
    found = defaultdict(list)
    rows = Programme.objects.approved().of_year_on(date).filter(author__in=people).select_related("subject")
    for row in rows.defer("explanation", "content", "results").order_by("subject__name", "grade_from", "pk"):
        found[row.author_id].append(row)
    return found


def _taught(programmes: list[Programme]) -> dict[str, tuple[Item, ...]]:
    levels = dict.fromkeys(level_of(row.grade_from).programme for row in programmes)
    return {
        "teachingDiscipline": words(", ".join(dict.fromkeys(row.name for row in programmes))),
        "teachingOp": words("; ".join(levels)),
    }


def _education(row: QualificationRecord | None) -> tuple[Item, ...]:
    if row is None:
        return ()
    category = "" if row.category == Category.NONE else f"Квалификационная категория: {row.get_category_display()}"
    line = f"{row.get_education_display()}, {row.speciality}"
    return tuple(map(Item, filter(None, [line[:1].upper() + line[1:], category])))
