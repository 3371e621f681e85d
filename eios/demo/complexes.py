"""Complexes of the demonstration school: one full, open to everybody, one half filled, one that is still closed."""

from accounts.actor import Actor
from accounts.models import User
from eios.lib.dates import today
from resources.actions.courses import complexes
from resources.models import (
    Holding,
    LibraryEdition,
    MethodicalMaterial,
    OutsideResource,
    Programme,
    StudyComplex,
    Topic,
)

# Grade of algebra → what is said of the complex.
OPEN = {
    7: "К каждой теме — параграфы учебника; к темам о функциях — курс и разработки учителей школы.",
    8: "Наполняется: пока первые темы.",
}
CLOSED = 9
FILLED = 3


def write(by_login: dict[str, User]) -> None:
    """Complexes of algebra, kept by the teacher who wrote its course; none where the school has no such programmes."""
    teacher = by_login["teacher1"]
    by = Actor(teacher, None, teacher.username)
    found = Programme.objects.approved().of_year_on(today()).filter(subject__name="Алгебра").select_related("year")
    for programme in found.order_by("grade_from"):
        grade = programme.grade_from
        made = complexes.begin(StudyComplex(programme=programme, annotation=OPEN.get(grade, "")), by=by)
        if grade == CLOSED:
            continue
        topics = list(programme.topics.order_by("position"))
        _fill(made, topics if grade == min(OPEN) else topics[:FILLED], by)
        complexes.set_open(made, True, by=by)


def _fill(made: StudyComplex, topics: list[Topic], by: Actor) -> None:
    editions = _of(LibraryEdition, made.programme)
    book = next((one for one in editions if one.kind == LibraryEdition.Kind.TEXTBOOK), None)
    site = next(iter(_of(OutsideResource, made.programme)), None)
    if book:
        for topic in topics:
            complexes.add(made, [(topic, "edition", book)], note=f"параграф {topic.position}", by=by)
    if site:
        complexes.add(made, [(topic, "resource", site) for topic in topics[::3]], by=by)
    papers = MethodicalMaterial.objects.published().filter(subject=made.programme.subject_id)
    of_functions = [topic for topic in topics if "функци" in topic.name.casefold()]
    complexes.add(made, [(topic, "material", paper) for topic in of_functions for paper in papers], by=by)
    complexes.add(made, [(None, "edition", one) for one in editions if one != book], by=by)


def _of(model: type[Holding], programme: Programme) -> list[Holding]:
    rows = model.objects.active().filter(subjects=programme.subject_id).for_grade(programme.grade_from)
    return list(rows.order_by("pk"))
