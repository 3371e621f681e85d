"""The life of courses: who reviews which, what keeps one from being published, what is due for revision (1.6).

Reads only.
"""

import datetime
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from accounts.fact_rules import METHOD_GROUP_HEAD
from accounts.models import Appointment, MethodGroup, SchoolCard, User
from eios.lib.dates import today
from resources import sections
from resources.asker import Asker
from resources.courses.rights import SECTION, runs
from resources.models import Course, CourseComment, CoursePart, CourseText, ReleasedPart
from resources.programmes import headed_groups
from resources.requests import deciders_of

State = Course.State
# A course is looked through every year.
REVISED_EVERY = datetime.timedelta(days=365)


def page_of(course: Course) -> str:
    """Where those who write and review it settle its life."""
    return reverse("resources:desk_course_life", args=[course.pk])


def review_page(course: int, part: int) -> str:
    """Where a page is read with its remarks."""
    return reverse("resources:desk_course_read", args=[course, part])


def writers(course: Course) -> list[User]:
    """The author and the co-authors."""
    rows = User.objects.filter(Q(pk=course.author_id) | Q(courseauthor__content_object=course))
    return list(rows.distinct())


def reviewers(course: Course) -> list[User]:
    """Today's head of the course's ШМО, else the administrators of the section; never those who write it."""
    wrote = [person.pk for person in writers(course)]
    heads = Appointment.objects.on(today()).filter(
        position__code=METHOD_GROUP_HEAD, method_group=course.method_group_id or 0
    )
    found = list(User.objects.alive(today()).filter(pk__in=heads.values("person")).exclude(pk__in=wrote))
    return found or [person for person in _who_run_it() if person.pk not in wrote]


def _who_run_it() -> list[User]:
    """Living administrators of the section, or the system administrators (5.4)."""
    school = SchoolCard.current()
    section = sections.by_slug(school, SECTION)
    return deciders_of([section], school, today())[section.pk]


def lacks(course: Course) -> list[str]:
    """What must be mended before a review, in sentences; a few pages are named."""
    pages = course.parts.standing().filter(kind=CoursePart.Kind.PAGE)
    if not pages.exists():
        return ["В курсе нет ни одной страницы: добавьте её."]
    empty = list(pages.filter(text="").values_list("title", flat=True)[:4])
    if not empty:
        return []
    names = ", ".join(f"«{title}»" for title in empty[:3]) + (" и другие" if len(empty) > 3 else "")
    return [f"Без текста: {names}. Напишите их или уберите."]


def differs_from_release(course: Course) -> bool:
    """Has a page changed since the release, or did parts come and go?"""
    shown = set(course.release.parts.values_list("part", flat=True))
    return bool(changed_parts(course)) or shown != set(course.parts.standing().values_list("pk", flat=True))


def changed_parts(course: Course) -> set[int]:
    """Keys of pages that differ from what is read, new ones too; all where nothing is read yet."""
    pages = course.parts.standing().filter(kind=CoursePart.Kind.PAGE)
    shown = ReleasedPart.objects.filter(release=course.release_id, part=OuterRef("pk"))
    rows = pages.annotate(then=Subquery(shown.values("text__number")[:1]), name=Subquery(shown.values("title")[:1]))
    return set(
        rows.filter(Q(then__isnull=True) | ~Q(then=F("version")) | ~Q(name=F("title"))).values_list("pk", flat=True)
    )


def comments_of(course: Course) -> QuerySet[CourseComment]:
    return CourseComment.objects.filter(part__course=course).select_related("author", "settled_by", "part")


def text_of(comment: CourseComment) -> CourseText | None:
    """The page as it stood when the remark was made."""
    return CourseText.objects.filter(part=comment.part_id, number=comment.version).first()


# --- revision and the board ------------------------------------------------------------------------------------------


def overdue(date: datetime.date) -> QuerySet[Course]:
    """Read courses that nobody has looked through for a year."""
    return Course.objects.readable().filter(revised_on__lt=date - REVISED_EVERY)


def is_overdue(course: Course, date: datetime.date) -> bool:
    return course.is_readable and course.revised_on is not None and course.revised_on < date - REVISED_EVERY


def to_review(head: int, date: datetime.date) -> QuerySet[Course]:
    """What waits for the ШМО that the person with this key heads on the date; the own ones are another's matter."""
    headed = Appointment.objects.on(date).filter(person=head, position__code=METHOD_GROUP_HEAD)
    rows = Course.objects.filter(state=State.REVIEW, method_group__in=headed.values("method_group"))
    return rows.exclude(Q(author=head) | Q(author_rows__user=head))


def to_revise(author: int, date: datetime.date) -> QuerySet[Course]:
    return overdue(date).filter(author=author)


def returned_to(author: int) -> QuerySet[Course]:
    """The author's courses that came back with a reason."""
    return Course.objects.filter(state=State.WRITING, author=author).exclude(returned_because="")


@dataclass(frozen=True)
class GroupRow:
    """A ШМО on the board: how many courses are read, and those that ask for something."""

    group: MethodGroup | None
    read: int
    in_review: list[Course]
    overdue: list[Course]
    idle: list[Course]


def groups_of_board(asker: Asker) -> set[int] | None:
    """Keys of ШМО that the asker's board shows; None is all: a head's own, else everything."""
    return None if runs(asker) else headed_groups(asker.person) or None


def board(groups: set[int] | None, date: datetime.date) -> list[GroupRow]:
    """Courses by ШМО: in review, overdue, serving no programme; two queries. `groups`: None is all of them."""
    rows = Course.objects.filter(Q(release__isnull=False) | Q(state=State.REVIEW)).exclude(state=State.ARCHIVED)
    if groups is not None:
        rows = rows.filter(method_group__in=groups)
    rows = rows.for_lists().annotate(topic_count=Count("topics", distinct=True))
    by_group: dict[MethodGroup | None, list[Course]] = {}
    for row in rows.order_by("method_group__name", "title", "pk"):
        by_group.setdefault(row.method_group, []).append(row)
    return [
        GroupRow(
            group, sum(row.is_readable for row in found), [row for row in found if row.state == State.REVIEW],
            [row for row in found if is_overdue(row, date)],
            [row for row in found if row.is_readable and not row.topic_count],
        )
        for group, found in by_group.items()
    ]  # fmt: skip
