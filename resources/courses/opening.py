"""A page of a course as it is opened: its text, its place, and how the reader has read it. One query; reads only."""

import functools
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.safestring import SafeString

from eios.lib.citation import Author
from resources import access, sections
from resources.asker import Asker
from resources.courses.contents import Contents, Spot, contents_of
from resources.courses.rights import SECTION
from resources.models import Course, CoursePart, PageVisit
from resources.models.course_releases import safe

# Stand in the composed statement for what each request puts there.
SOME_COURSE, SOME_NUMBER, SOME_PERSON = -1, 2**31 - 1, -2
NOBODY = 0
LARGEST_KEY = 2**63 - 1  # SQLite refuses to be asked for a larger one


@dataclass(frozen=True)
class Opened:
    """A page before its reader; `author` is whom to cite."""

    course: Course
    author: Author
    contents: Contents
    spot: Spot
    html: str
    is_read: bool
    is_marked: bool

    @property
    def drawn(self) -> SafeString:
        return safe(self.html)


def opened_by(asker: Asker, course: int, number: int) -> Opened | None:
    """The page with this number, if the course opens to the asker; the rule is asked in memory, not in SQL."""
    if max(course, number) > LARGEST_KEY or not sections.is_open(asker, SECTION):
        return None
    person = asker.person.pk if asker.person else NOBODY
    sql, parameters = _statement()
    values = {SOME_COURSE: course, SOME_NUMBER: number, SOME_PERSON: person}
    row = next(iter(Course.objects.raw(sql, [values.get(known, known) for known in parameters])), None)
    if row is None or row.element_id not in access.open_keys(asker):
        return None
    contents = contents_of(row.release_id)
    author = Author(row.surname, row.name, row.patronymic)
    return Opened(row, author, contents, contents.spot(number), row.html, bool(row.is_read), bool(row.is_marked))


@functools.cache
def _statement() -> tuple[str, tuple]:
    """Pages of courses are read all day: composing the query anew would cost several times as much as running it."""
    return _pages().query.sql_with_params()


def _pages() -> QuerySet[Course]:
    page = {"release__parts__number": SOME_NUMBER, "release__parts__kind": CoursePart.Kind.PAGE}
    visit = PageVisit.objects.filter(part=OuterRef("release__parts__part"), person=SOME_PERSON)
    author = {name: F(f"author__{name}") for name in ("surname", "name", "patronymic")}
    rows = Course.objects.readable().filter(pk=SOME_COURSE, **page).order_by()
    rows = rows.only("title", "annotation", "element", "release")
    return rows.annotate(
        html=F("release__parts__html"),
        is_read=Exists(visit.filter(is_read=True)),
        is_marked=Exists(visit.filter(is_marked=True)),
        **author,
    )
