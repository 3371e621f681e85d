"""Reviews as pages show them: several side by side, never averaged; rubrics that fit a work. Reads only."""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.models import Appointment, Enrolment, User
from portfolio import rights
from portfolio.content import Opinion, opinion_of
from portfolio.models import Review, ReviewPoints, Rubric, Work, WorkAuthor, WorkVersion

State = Review.State


@dataclass(frozen=True)
class Shown:
    """A review as this reader sees it, with what the reader may do about it."""

    opinion: Opinion
    is_own: bool
    may_answer: bool
    may_revoke: bool
    may_moderate: bool

    @property
    def review(self) -> Review:
        return self.opinion.review


def reviews_for(person: User, version: WorkVersion, date: datetime.date) -> list[Shown]:
    """Published ones, the own one in any state, those that the person moderates; the newest last. Constant queries."""
    rows = rights.reviews_seen(person, date).filter(version=version)
    moderated = set(rights.reviews_moderated(person, date).filter(version=version).values_list("pk", flat=True))
    is_author = rights.is_author(person, version.work)
    return [_shown(row, person, moderated, is_author) for row in with_points(rows)]


def _shown(row: Review, person: User, moderated: set[int], is_author: bool) -> Shown:
    is_own = row.reviewer_id == person.pk
    is_standing = row.state in (State.WAITING, State.PUBLISHED)
    return Shown(
        opinion_of(row), is_own,
        may_answer=is_author and row.state == State.PUBLISHED,
        may_revoke=is_standing and (is_own or row.pk in moderated),
        may_moderate=row.state == State.WAITING and row.pk in moderated,
    )  # fmt: skip


def with_points(rows: QuerySet[Review]) -> list[Review]:
    """Rows with points, reviewer and version: two queries."""
    points = ReviewPoints.objects.select_related("criterion").order_by("criterion__order", "pk")
    rows = rows.select_related("reviewer", "invitation", "rubric", "answered_by", "decided_by", "version__work")
    return list(rows.prefetch_related(Prefetch("points", points)).order_by("pk"))


def may_write(person: User, version: WorkVersion) -> bool:
    """Of a version that the person sees: sealed, another's, not reviewed by the person yet."""
    if not version.is_sealed or rights.capacity_of(person) is None:
        return False
    if WorkAuthor.objects.filter(work=version.work_id, person=person).exists():
        return False
    return not version.reviews.filter(reviewer=person, state__in=[State.WAITING, State.PUBLISHED]).exists()


def waiting(person: User, date: datetime.date) -> QuerySet[Review]:
    """What the person has to read before it is published, the longest waiting first."""
    rows = rights.reviews_moderated(person, date).filter(state=State.WAITING)
    points = ReviewPoints.objects.select_related("criterion").order_by("criterion__order", "pk")
    rows = rows.select_related("reviewer", "invitation", "version__work__owner")
    return rows.prefetch_related(Prefetch("points", points)).order_by("created_at", "pk")


def waiting_of_leader(key: int, date: datetime.date) -> QuerySet[Review]:
    """What waits for the class teacher with this key, for the counter in the cabinet."""
    led = Appointment.objects.on(date).filter(person=key, position__code="class_teacher", school_class__isnull=False)
    pupils = Enrolment.objects.on(date).filter(school_class__in=led.values("school_class")).values("pupil")
    authors = WorkAuthor.objects.filter(work=OuterRef("version__work"), agreed_at__isnull=False, person__in=pupils)
    return Review.objects.filter(Exists(authors), state=State.WAITING).exclude(reviewer=key)


def rubrics_for(work: Work) -> QuerySet[Rubric]:
    """Active ones of the work's subject and kind; those of any subject or kind too."""
    fits = Q(kind="") | Q(kind=work.kind)
    fits &= Q(subject__isnull=True) | Q(subject=work.subject_id)
    return Rubric.objects.filter(fits, is_active=True).order_by("title", "pk")


def rubrics_kept(person: User) -> QuerySet[Rubric]:
    """Those that the person may change: the own ones, for the management all."""
    return Rubric.objects.all() if rights.manages(person) else Rubric.objects.filter(created_by=person)
