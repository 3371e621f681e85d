"""E-learning complexes of subjects (ЭУМК; 4.5 row 18): what stands in each for whom, and how full it is. Reads only.

Completeness: the share of hours of the thematic plan whose topics have at least one thing to study by.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q, QuerySet

from accounts.models import AcademicYear
from resources import materials, programmes
from resources.asker import Asker
from resources.courses import rights
from resources.models import (
    ComplexItem,
    Course,
    Holding,
    LibraryEdition,
    MethodicalMaterial,
    OutsideResource,
    Programme,
    StudyComplex,
    Topic,
)

# Row 18 of the table of clause 4.5: in our reading it is this portal's own base of complexes.
ROW = 18
ALL = {"subject": "", "grade": "", "year": ""}
KINDS = {"course": "Курс", "material": "Методический материал", "resource": "Внешний ресурс", "edition": "Издание"}


@dataclass(frozen=True)
class Thing:
    """Something to study by, as it is shown."""

    kind: str
    title: str
    address: str
    note: str = ""


@dataclass
class Row:
    """A topic of the plan, None for the complex as a whole, with what stands there for the asker."""

    topic: Topic | None
    things: list[Thing] = field(default_factory=list)


@dataclass(frozen=True)
class Table:
    rows: list[Row]
    whole: Row
    filled_hours: Decimal
    hours: Decimal

    @property
    def percent(self) -> int:
        return int(self.filled_hours * 100 / self.hours) if self.hours else 0

    @property
    def empty(self) -> int:
        """How many topics have nothing yet."""
        return sum(not row.things for row in self.rows)


def visible_to(asker: Asker) -> QuerySet[StudyComplex]:
    """Open complexes of approved programmes; those that the asker keeps, too."""
    shown = Q(is_open=True, programme__state=Programme.State.APPROVED)
    if not rights.may_begin(asker):
        return StudyComplex.objects.filter(shown)
    return StudyComplex.objects.filter(shown | _kept_by(asker)).distinct()


def kept_by(asker: Asker) -> QuerySet[StudyComplex]:
    """Complexes that the asker fills: the own ones, those of the ШМО that one heads; all for those who run courses."""
    if not rights.may_begin(asker):
        return StudyComplex.objects.none()
    return StudyComplex.objects.filter(_kept_by(asker)).distinct()


def _kept_by(asker: Asker) -> Q:
    if rights.runs(asker):
        return Q()
    headed = programmes.headed_groups(asker.person)
    return Q(keeper=asker.person) | Q(programme__author=asker.person) | Q(programme__method_group__in=headed)


def may_begin(asker: Asker, programme: Programme) -> bool:
    """An approved programme without a complex, by its author, the head of its ШМО, or those who run courses."""
    if not (rights.may_begin(asker) and programme.is_approved) or hasattr(programme, "study_complex"):
        return False
    own = programme.author_id == asker.person.pk
    return own or rights.runs(asker) or programme.method_group_id in programmes.headed_groups(asker.person)


def listed(asker: Asker, filters: dict) -> QuerySet[StudyComplex]:
    rows = visible_to(asker).select_related("programme__subject", "programme__year", "keeper")
    if filters["subject"]:
        rows = rows.filter(programme__subject=filters["subject"])
    if filters["grade"]:
        rows = rows.filter(programme__grade_from__lte=filters["grade"], programme__grade_to__gte=filters["grade"])
    if filters["year"]:
        rows = rows.filter(programme__year=filters["year"])
    return rows.order_by(
        "-programme__year__starts", "programme__grade_from", "programme__subject__name", "pk"
    )  # fmt: skip


def years() -> QuerySet[AcademicYear]:
    """Years that have an open complex."""
    return AcademicYear.objects.filter(programmes__study_complex__is_open=True).distinct()


def table_of(one: StudyComplex, asker: Asker) -> Table:
    """Topic by topic, only what opens to the asker; seven queries, however long the plan."""
    topics = list(one.programme.topics.prefetch_related("outside_resources", "editions"))
    rows = {topic.pk: Row(topic) for topic in topics}
    whole = Row(None)
    for topic in topics:
        for holding in (*topic.outside_resources.all(), *topic.editions.all()):
            rows[topic.pk].things.append(_holding(holding))
    open_courses = {course.pk: course for course in _courses(one, asker)}
    for course, topic in _course_links(one):
        if course in open_courses:
            rows[topic].things.append(_thing("course", open_courses[course]))
    for item in one.items.select_related("course", "material", "resource", "edition"):
        if _is_open(item, open_courses):
            where = rows[item.topic_id] if item.topic_id else whole
            _add(where, _of_item(item))
    filled = sum((row.topic.hours for row in rows.values() if row.things), Decimal(0))
    return Table(list(rows.values()), whole, filled, sum((topic.hours for topic in topics), Decimal(0)))


def _courses(one: StudyComplex, asker: Asker) -> QuerySet[Course]:
    named = Q(topics__programme=one.programme) | Q(complex_items__study_complex=one)
    return rights.readable_by(asker).filter(named).distinct().only("pk", "title")


def _course_links(one: StudyComplex):
    return Course.topics.through.objects.filter(topic__programme=one.programme).values_list("course_id", "topic_id")


def _is_open(item: ComplexItem, open_courses: dict) -> bool:
    if item.course_id:
        return item.course_id in open_courses
    return not item.material_id or item.material.is_published


def _add(row: Row, thing: Thing) -> None:
    """A course linked by its authors, and put here by hand, stands once."""
    if thing.address not in {one.address for one in row.things}:
        row.things.append(thing)


def _of_item(item: ComplexItem) -> Thing:
    kind = next(kind for kind in KINDS if getattr(item, f"{kind}_id"))
    return _thing(kind, item.thing, item.note)


def _holding(row: Holding) -> Thing:
    return _thing("edition" if isinstance(row, LibraryEdition) else "resource", row)


def _thing(kind: str, row, note: str = "") -> Thing:
    return Thing(KINDS[kind], str(row), row.get_absolute_url(), note)


def offered(one: StudyComplex, query: str, asker: Asker) -> dict[str, QuerySet]:
    """What may be put in, by kind: of the subject, or of none; by words when they are asked."""
    subject = one.programme.subject_id
    found = {
        "course": rights.readable_by(asker).filter(Q(subject=subject) | Q(subject__isnull=True)),
        "material": materials.published().filter(Q(subject=subject) | Q(subject__isnull=True)),
        "resource": OutsideResource.objects.active().filter(Q(subjects=subject) | Q(subjects__isnull=True)).distinct(),
        "edition": LibraryEdition.objects.active().filter(Q(subjects=subject) | Q(subjects__isnull=True)).distinct(),
    }
    return {kind: rows.matching(query) if query else rows for kind, rows in found.items()}


MODELS = {"course": Course, "material": MethodicalMaterial, "resource": OutsideResource, "edition": LibraryEdition}
