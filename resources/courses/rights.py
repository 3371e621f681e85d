"""Who reads a course, who writes and who reviews it (1.4, 5.2-5.4). Reads only.

Readers see the release of courses whose element opens to them. At the desk stand the own courses; once submitted,
those of the ШМО that one heads; everybody's for those who run the section.
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import StoredFile, User
from resources import access, programmes, sections
from resources.asker import Asker, asker_for
from resources.models import Course, CourseAuthor, CourseMedia

SECTION, DESK = "courses", "course-desk"
State = Course.State


def readable_by(asker: Asker) -> QuerySet[Course]:
    """Published courses that open to the asker; none where the section is closed to them."""
    if not sections.is_open(asker, SECTION):
        return Course.objects.none()
    return Course.objects.readable().filter(element__in=access.open_keys(asker))


def runs(asker: Asker) -> bool:
    """Entrusted with the section, or its administrator: publishes, mends and archives everybody's."""
    return sections.may_contribute(asker, SECTION)


def may_begin(asker: Asker) -> bool:
    """Authors are employees to whom the desk opens."""
    return asker.person is not None and asker.person.is_employee and sections.is_open(asker, DESK)


def own(person: User) -> Q:
    """Courses that the person wrote or writes with others."""
    row = CourseAuthor.objects.filter(user=person, content_object=OuterRef("pk"))
    return Q(author=person) | Q(Exists(row))


def at_desk_of(asker: Asker) -> QuerySet[Course]:
    """What the asker writes or reviews, unpublished changes included; nothing to those who are no employees."""
    if not may_begin(asker):
        return Course.objects.none()
    if runs(asker):
        return Course.objects.all()
    headed = programmes.headed_groups(asker.person)
    given = Q(method_group__in=headed) & (~Q(state=State.WRITING) | Q(release__isnull=False))
    return Course.objects.filter(own(asker.person) | given)


@dataclass(frozen=True)
class Rights:
    """What the asker may do with a course as it stands; the page of each verb asks again, the action checks states."""

    write: bool = False
    share: bool = False
    submit: bool = False
    review: bool = False
    comment: bool = False
    withdraw: bool = False
    revise: bool = False
    archive: bool = False
    restore: bool = False
    delete: bool = False


def rights(asker: Asker, course: Course) -> Rights:
    """Which verbs stand open: by the state and by who asks. Nobody reviews what they wrote."""
    if not may_begin(asker):
        return Rights()
    all_of_them = runs(asker)
    is_author = course.author_id == asker.person.pk
    writes = is_author or CourseAuthor.objects.filter(user=asker.person, content_object=course).exists()
    heads = course.method_group_id in programmes.headed_groups(asker.person)
    may_write = writes or all_of_them
    return Rights(
        write=may_write and course.can_be_written,
        share=is_author or all_of_them,
        submit=may_write and course.state == State.WRITING,
        review=(heads or all_of_them) and not writes and course.state == State.REVIEW,
        comment=may_write or heads,
        withdraw=may_write and course.state == State.REVIEW,
        revise=may_write and course.state == State.PUBLISHED,
        archive=may_write and course.release_id is not None and course.can_be_written,
        restore=may_write and course.state == State.ARCHIVED,
        delete=may_write and course.release_id is None and course.state == State.WRITING,
    )


def may_read_file(person: User | None, file: StoredFile) -> bool:
    """A file that the release shows opens as the course does; others at the desk of those who write or review it."""
    asker = asker_for(person)
    rows = CourseMedia.objects.filter(Q(file=file) | Q(subtitles=file) | Q(poster=file) | Q(renditions__file=file))
    if rows.filter(releases__in=readable_by(asker).values("release")).exists():
        return True
    return at_desk_of(asker).filter(media__in=rows).exists()


def may_see_cover(person: User | None, file: StoredFile) -> bool:
    """The cover opens as the course's card does; at the desk to those who write or review it."""
    asker = asker_for(person)
    return readable_by(asker).filter(cover=file).exists() or at_desk_of(asker).filter(cover=file).exists()
