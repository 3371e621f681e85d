"""Complexes of subjects (ЭУМК; 1.3 a, 4.5 row 18): who reads and fills which, what stands at each topic. Reads only.

A visitor is told of what opens to the visitor: closed courses, drafts and what was withdrawn are neither named nor
counted.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.marks import digest
from accounts.models import AcademicYear
from resources import materials, programmes, sections
from resources.asker import Asker
from resources.courses import completeness, reading, rights
from resources.courses.completeness import Completeness
from resources.models import ComplexItem, Element, Holding, Programme, StudyComplex, Subject, Topic

ROW = 18
LIBRARY = "library"
NOT_TO_ALL = "открыто не всем"
THINGS = ("course", "material", "resource", "edition")
KIND_NAMES = {"course": "курс", "material": "материал", "resource": "внешний ресурс", "edition": "издание"}
OFFER_TITLES = {
    "course": "Курсы", "material": "Методические материалы", "resource": "Внешние ресурсы", "edition": "Издания",
}  # fmt: skip
# Of each kind, at a topic's page.
MOST = 12
OF_PROGRAMME = "programme__subject__area", "programme__year", "programme__author", "keeper"


def visible_to(asker: Asker) -> QuerySet[StudyComplex]:
    """Complexes that were opened to everybody; the section and the programmes may themselves be closed."""
    if not all(sections.is_open(asker, slug) for slug in (rights.SECTION, programmes.SLUG)):
        return StudyComplex.objects.none()
    return StudyComplex.objects.filter(is_open=True, programme__state=Programme.State.APPROVED)


def listed(asker: Asker, year: AcademicYear | None, filters: dict) -> QuerySet[StudyComplex]:
    """Of the year under the filters, in the order of grades and subjects."""
    found = programmes.listed(year, filters).values("pk")
    rows = visible_to(asker).filter(programme__in=found).select_related(*OF_PROGRAMME)
    return rows.order_by("programme__grade_from", "programme__subject__name", "programme__title", "pk")


def years(asker: Asker) -> QuerySet[AcademicYear]:
    """Years that have a complex which the asker may read."""
    return AcademicYear.objects.filter(pk__in=visible_to(asker).values("programme__year"))


def year_of(wanted: AcademicYear | None, asker: Asker) -> AcademicYear | None:
    """The year that was asked for; else today's where it has complexes, else the newest that has."""
    if wanted:
        return wanted
    found = list(years(asker))
    return next((one for one in found if one.starts <= asker.date <= one.ends), found[0] if found else None)


def subjects(asker: Asker, year: AcademicYear | None) -> QuerySet[Subject]:
    """Subjects with a complex in the year, for the filter."""
    return Subject.objects.filter(pk__in=visible_to(asker).filter(programme__year=year).values("programme__subject"))


def shown_at(element: Element, asker: Asker) -> list[StudyComplex] | None:
    """What the card of the table's row 18 lists: this year's complexes; None on other cards."""
    if element.number != ROW:
        return None
    return list(listed(asker, year_of(None, asker), {"q": "", "grade": "", "subject": ""}))


# --- whose desk -------------------------------------------------------------------------------------------------------


def _own(asker: Asker, prefix: str = "") -> Q:
    """Programmes that the asker may make a complex of: the own ones, those of the ШМО that one heads."""
    if rights.runs(asker):
        return Q()
    headed = programmes.headed_groups(asker.person)
    return Q(**{f"{prefix}author": asker.person}) | Q(**{f"{prefix}method_group__in": headed})


def at_desk_of(asker: Asker) -> QuerySet[StudyComplex]:
    """What the asker keeps or may fill, closed ones too; nothing to those who are no employees."""
    rows = StudyComplex.objects.select_related(*OF_PROGRAMME)
    if not rights.may_begin(asker):
        return rows.none()
    own = _own(asker, "programme__")
    return rows.filter(own | Q(keeper=asker.person)) if own else rows


def to_begin(asker: Asker) -> QuerySet[Programme]:
    """Approved programmes of which the asker may begin a complex, and that have none; the newest year first."""
    if not rights.may_begin(asker):
        return Programme.objects.none()
    rows = Programme.objects.approved().filter(_own(asker), study_complex=None).for_lists()
    return rows.order_by("-year__starts", "grade_from", "subject__name", "title", "pk")


def may_begin(asker: Asker, programme: Programme) -> bool:
    """Is this one of them? Asked of the database for employees only."""
    return rights.may_begin(asker) and to_begin(asker).filter(pk=programme.pk).exists()


def to_carry_to(study_complex: StudyComplex, asker: Asker) -> QuerySet[Programme]:
    """Later years' programmes of the same subject that have no complex yet."""
    programme = study_complex.programme
    later = to_begin(asker).filter(year__starts__gt=programme.year.starts, subject=programme.subject_id)
    return later.filter(grade_from__lte=programme.grade_to, grade_to__gte=programme.grade_from)


# --- what stands in it ------------------------------------------------------------------------------------------------


def things_open_to(asker: Asker) -> dict[str, QuerySet]:
    """Of each kind, what the asker may open and what is in use: nothing else is offered, named or counted."""
    library = sections.is_open(asker, LIBRARY)
    models = {name: ComplexItem._meta.get_field(name).related_model.objects for name in THINGS[2:]}
    return {
        "course": rights.readable_by(asker),
        "material": materials.published() if library else materials.published().none(),
        **{name: rows.filter(state=Holding.State.ACTIVE) if library else rows.none() for name, rows in models.items()},
    }


def items_open_to(asker: Asker, things: dict[str, QuerySet] | None = None) -> QuerySet[ComplexItem]:
    """Items that lead to what the asker may open."""
    ways = Q()
    for name, rows in (things or things_open_to(asker)).items():
        ways |= Q(**{f"{name}__in": rows.order_by().values("pk")})
    return ComplexItem.objects.filter(ways)


@dataclass(frozen=True)
class Entry:
    """One thing at a topic; `item` is its row, None where the course itself names the topic. `hidden` is said at the
    desk of what readers are not shown, and `is_named` is False where whoever fills the complex may not open it either.
    """

    kind: str
    thing: object
    note: str = ""
    item: int | None = None
    hidden: str = ""
    is_named: bool = True

    @property
    def title(self) -> str:
        return self.thing.title if self.kind == "course" else self.thing.caption

    @property
    def kind_name(self) -> str:
        return KIND_NAMES[self.kind]


@dataclass
class Row:
    """A topic with what there is to study it by."""

    topic: Topic
    entries: list[Entry] = field(default_factory=list)


@dataclass
class Contents:
    rows: list[Row]
    whole: list[Entry]
    completeness: Completeness

    @property
    def hours(self) -> Decimal:
        return self.completeness.hours


def contents(study_complex: StudyComplex, asker: Asker) -> Contents:
    """The complex as the asker reads it: the plan topic by topic, then what serves the whole; some five queries."""
    items = items_open_to(asker).filter(study_complex=study_complex).select_related(*THINGS)
    by_topic: dict[int | None, list[Entry]] = {}
    for item in items:
        by_topic.setdefault(item.topic_id, []).append(_entry(item))
    return _contents(study_complex, asker, by_topic)


def _contents(
    study_complex: StudyComplex, asker: Asker, by_topic: dict[int | None, list[Entry]], shown: set[int] | None = None
) -> Contents:
    """`shown`: keys of courses that readers see, at the desk; None is all that the asker sees."""
    # What a course itself says that it serves stands here without being added.
    for topic, courses in reading.serving(study_complex.programme, asker).items():
        there = {(entry.kind, entry.thing.pk) for entry in by_topic.get(topic, [])}
        fresh = [
            Entry("course", course, hidden="" if shown is None or course.pk in shown else NOT_TO_ALL)
            for course in courses
            if ("course", course.pk) not in there
        ]
        by_topic[topic] = fresh + by_topic.get(topic, [])
    rows = [Row(topic, by_topic.get(topic.pk, [])) for topic in study_complex.programme.topics.all()]
    filled = {row.topic.pk for row in rows if any(not entry.hidden for entry in row.entries)}
    share = completeness.measure(((row.topic.pk, row.topic.hours) for row in rows), filled)
    return Contents(rows, by_topic.get(None, []), share)


def _entry(item: ComplexItem, hidden: str = "", *, is_named: bool = True) -> Entry:
    kind = next(name for name in THINGS if getattr(item, f"{name}_id"))
    return Entry(kind, getattr(item, kind), item.note, item.pk, hidden, is_named)


def shares(complexes: Iterable[StudyComplex], asker: Asker) -> dict[int, Completeness]:
    """How full each of them is, for the asker, by its key; two queries for any number."""
    keys = {one.programme_id: one.pk for one in complexes}
    items = items_open_to(asker).filter(topic=OuterRef("pk"), study_complex__programme=OuterRef("programme"))
    courses = rights.readable_by(asker).filter(topics=OuterRef("pk"), programmes=OuterRef("programme"))
    topics = Topic.objects.filter(programme__in=keys).annotate(is_filled=Exists(items) | Exists(courses))
    plans: dict[int, list] = {key: [] for key in keys.values()}
    filled = set()
    for pk, programme, hours, is_filled in topics.values_list("pk", "programme", "hours", "is_filled"):
        plans[keys[programme]].append((pk, hours))
        if is_filled:
            filled.add(pk)
    return {key: completeness.measure(plan, filled) for key, plan in plans.items()}


# --- the desk of whoever fills it -------------------------------------------------------------------------------------


def desk_contents(study_complex: StudyComplex, asker: Asker) -> Contents:
    """All that was put in, with a word on what visitors without an account are not shown; full as those see it."""
    guest = Asker(None, school=asker.school, date=asker.date)
    rows = study_complex.items.all()
    seen, named = (
        set(items_open_to(one).filter(study_complex=study_complex).values_list("pk", flat=True))
        for one in (guest, asker)
    )
    written = rights.at_desk_of(asker).filter(complex_items__study_complex=study_complex)
    mine = set(written.values_list("pk", flat=True))
    by_topic: dict[int | None, list[Entry]] = {}
    for item in rows.select_related(*THINGS):
        by_topic.setdefault(item.topic_id, []).append(_desk_entry(item, seen, named, mine))
    shown = rights.readable_by(guest).filter(programmes=study_complex.programme_id)
    return _contents(study_complex, asker, by_topic, set(shown.values_list("pk", flat=True)))


def _desk_entry(item: ComplexItem, seen: set[int], named: set[int], mine: set[int]) -> Entry:
    if item.pk in seen:
        return _entry(item)
    if item.resource_id or item.edition_id:
        return _entry(item, NOT_TO_ALL if item.thing.is_active else "выведено из обращения")
    is_named = item.pk in named or item.course_id in mine
    return _entry(item, NOT_TO_ALL if item.pk in named else "закрыто или снято с публикации", is_named=is_named)


def mark(study_complex: StudyComplex) -> str:
    """A digest of all that stands in the complex: a verb over the whole is refused where others have changed it."""
    rows = study_complex.items.order_by("pk").values_list("pk", "note")
    return digest([list(map(list, rows)), study_complex.annotation, study_complex.is_open])


def counted(complexes: QuerySet[StudyComplex]) -> QuerySet[StudyComplex]:
    """For the list of the desk: how many things were put in, the last changed first."""
    return complexes.annotate(thing_count=Count("items")).order_by("-changed_at", "-pk")


@dataclass(frozen=True)
class Offer:
    """Things of one kind that may be added, those suggested or found."""

    kind: str
    things: list

    @property
    def title(self) -> str:
        return OFFER_TITLES[self.kind]

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(f"{self.kind}-{one.pk}", one.title if self.kind == "course" else one.caption) for one in self.things]


def offered(study_complex: StudyComplex, topic: Topic | None, asker: Asker, query: str) -> list[Offer]:
    """What may be added to the topic, or to the whole: found by words, else suggested; what stands there is left out.

    Suggested are things that the programme names, then those of its subject and grade.
    """
    there = study_complex.items.filter(topic=topic)
    found = []
    for kind, rows in things_open_to(asker).items():
        rows = rows.exclude(pk__in=there.filter(**{f"{kind}__isnull": False}).values(kind))
        rows = rows.matching(query) if query else _suggested(rows, kind, study_complex.programme, topic)
        found.append(Offer(kind, list(rows.order_by("title", "pk").distinct()[:MOST])))
    return [offer for offer in found if offer.things]


def _suggested(rows: QuerySet, kind: str, programme: Programme, topic: Topic | None) -> QuerySet:
    """Each kind says in its own field what subject it is of; two kinds are named by programmes and topics."""
    of_subject = rows.for_grade(programme.grade_from).values("pk")
    if kind in ("course", "material"):
        return rows.filter(subject=programme.subject_id, pk__in=of_subject)
    if topic is not None and (named := rows.filter(topics=topic)).exists():
        return named
    return rows.filter(Q(programmes=programme) | Q(subjects=programme.subject_id, pk__in=of_subject))


def named_by_programme(study_complex: StudyComplex, asker: Asker) -> list[tuple[Topic | None, str, object]]:
    """What «взять из программы» adds: topic, kind and thing, as its topics link; the rest of its lists to the whole.

    Only what is in use, opens to the asker and is not there yet; seven queries.
    """
    programme, open_things = study_complex.programme, things_open_to(asker)
    there = set(study_complex.items.values_list("topic", "resource", "edition"))
    found, linked = [], set()
    for kind, field_name in (("resource", "outside_resources"), ("edition", "editions")):
        usable = {row.pk: row for row in open_things[kind].filter(programmes=programme)}
        for topic in programme.topics.prefetch_related(field_name):
            keys = [row.pk for row in getattr(topic, field_name).all() if row.pk in usable]
            linked |= {(kind, key) for key in keys}
            found += [(topic, kind, usable[key]) for key in keys]
        found += [(None, kind, row) for row in usable.values() if (kind, row.pk) not in linked]
    return [one for one in found if _place(*one) not in there]


def _place(topic: Topic | None, kind: str, thing) -> tuple[int | None, int | None, int | None]:
    key = topic.pk if topic else None
    return (key, thing.pk, None) if kind == "resource" else (key, None, thing.pk)
