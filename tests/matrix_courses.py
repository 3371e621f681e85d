"""Courses for the matrix of pages and people: open to all, closed, being written, and none."""

from accounts.actor import Actor
from accounts.models import User
from resources.actions.courses import complexes
from resources.models import Course, CourseComment, StudyComplex
from tests.factories import make_course, make_programme, make_resource, make_subject
from tests.pages import NOBODY, every_page

KINDS = {
    "open": {"title": "Открытый курс", "published": True},
    "closed": {"title": "Курс для работников", "closure": 2, "published": True},
    "draft": {"title": "Черновик курса"},
}


def course_variants(people: dict[str, User | None]) -> dict[str, dict[str, dict]]:
    """Every page of a course → the teacher's own courses in each state, and none."""
    objects = {name: _parameters(_course(people, fields), people) for name, fields in KINDS.items()}
    pages = [page for page in every_page() if _is_of_course(page.name) and "pk" in page.parameters]
    return {
        page.name: {
            name: {key: found.get(key, NOBODY[key]) for key in page.parameters} for name, found in objects.items()
        }
        | {"none": {}}
        for page in pages
    }


def complex_variants(people: dict[str, User | None]) -> dict[str, dict[str, dict]]:
    """Every page of a complex → the teacher's own: open to all, still closed, and none."""
    objects = {name: _of_complex(_complex(people["teacher"], name)) for name in ("open", "closed")}
    pages = [page for page in every_page() if page.name.startswith("resources:complex_") and "pk" in page.parameters]
    return {
        page.name: {name: {key: found[key] for key in page.parameters} for name, found in objects.items()}
        | {"none": {}}
        for page in pages
    }


def _complex(author: User, name: str) -> StudyComplex:
    """With one thing, taken out by whoever may: put in again for the next one who asks."""
    made = StudyComplex.objects.filter(annotation=name).first()
    by = Actor(author, None, author.username)
    if made is None:
        programme = make_programme(make_subject(f"Предмет комплекса «{name}»"), author=author)
        made = complexes.begin(StudyComplex(programme=programme, annotation=name), by=by)
        if name == "open":
            complexes.set_open(made, True, by=by)
    if not made.items.exists():
        complexes.add(made, [(made.programme.topics.get(), "resource", make_resource(title=f"Ресурс {name}"))], by=by)
    return made


def _of_complex(made: StudyComplex) -> dict:
    return {"pk": made.pk, "topic": made.programme.topics.get().pk, "item": made.items.first().pk}


def _is_of_course(name: str) -> bool:
    return name.startswith(("resources:course_", "resources:desk_course"))


def _course(people: dict, fields: dict) -> Course:
    return Course.objects.filter(title=fields["title"]).first() or make_course(people["teacher"], **fields)


def _parameters(course: Course, people: dict) -> dict:
    page = course.parts.get(kind="page")
    remark, _ = CourseComment.objects.get_or_create(
        part=page, author=people["deputy"], defaults={"version": 1, "text": "Тайное замечание"}
    )
    return {"pk": course.pk, "number": 2, "part": page.pk, "version": 1, "remark": remark.pk}
