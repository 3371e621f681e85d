"""Makes the portal large, its registry, documents and gradebooks; tells in JSON of the late pages' queries and what is
saved in the grid."""

import json
import sys

from django.db import connection
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import SchoolCard, User
from resources import reach
from resources.actions.courses.drafts import begin, settle_element
from resources.actions.courses.releasing import build
from resources.models import Course, CoursePart, Element
from tests.bench import achieving, entering, history, searching
from tests.bench.sites import counted, sessions_of
from tests.bench.targets import COURSE, COURSE_PAGES, ELEMENTS, PEOPLE, PORTAL


def grow() -> None:
    """Elements of every closure up to ELEMENTS, with their places in the tree."""
    rows = [
        Element(slug=f"grown-{n}", name=f"Платформа {n}", purpose="Для замера.", own_closure=n % 5, closure=n % 5)
        for n in range(Element.objects.count(), ELEMENTS)
    ]
    for row in rows:
        row.prepare_search()
    Element.objects.bulk_create(rows)
    reach.rebuild_all()
    SchoolCard.touch_public()
    SchoolCard.touch_access()


def long_course() -> None:
    """A published course of COURSE_PAGES pages in sections of ten, each of two hundred words and a formula."""
    author = User.objects.get(username="teacher1")
    by = Actor(author, None, author.username)
    course = begin(Course(pk=COURSE, title="Длинный курс", annotation="Для замера."), by=by)
    text = "## Тема\n\n" + "слово другое " * 100 + "\n\n$$\n\\frac{1}{2}\n$$\n"
    for number in range(COURSE_PAGES):
        if number % 10 == 0:
            section = CoursePart.objects.create(
                course=course, kind="section", title=f"Раздел {number}", position=number
            )
        CoursePart.objects.create(
            course=course, parent=section, kind="page", title=f"Страница {number}", position=number, text=text
        )
    course.release, course.state, course.revised_on = build(course, by=by), "published", timezone.localdate()
    course.save()
    settle_element(course, by=by)


def main() -> None:
    grow()
    long_course()
    searching.fill()
    history.fill()
    achieving.fill()
    grid = entering.fill()
    with connection.cursor() as cursor:
        # What a server does by itself within a minute of so many new rows; SQLite knows the second word alone.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    sessions = {who: sessions_of(PEOPLE[PORTAL][who]) for who in ("admin", "pupil", "deputy", "classteacher", "keeper")}
    json.dump({"queries": counted(PORTAL, sessions, late=True), "grid": grid}, sys.stdout)
