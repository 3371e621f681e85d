"""Courses for the matrix of pages and people: open to all, closed, being written, and none."""

from accounts.models import User
from resources.models import Course, CourseComment
from tests.factories import make_course
from tests.pages import every_page

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
        page.name: {name: {key: found[key] for key in page.parameters} for name, found in objects.items()}
        | {"none": {}}
        for page in pages
    }


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
