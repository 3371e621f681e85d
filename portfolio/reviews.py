"""Reviews of a version as pages show them, side by side and never averaged; rubrics; what waits (1.3 d). Reads only."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.models import Appointment, Enrolment, User
from eios.lib.dates import today
from portfolio import invitations, rights
from portfolio.freezing import is_frozen
from portfolio.models import FormerAuthor, Review, ReviewPoints, Rubric, Work, WorkAuthor, WorkVersion

STANDING = (Review.State.WAITING, Review.State.PUBLISHED)
TAGS = {"waiting": "wait", "published": "ok", "declined": "no", "revoked": ""}


@dataclass(frozen=True)
class Draft:
    """What a reviewer says; points by the keys of the rubric's criteria."""

    text: str = ""
    mark: int | None = None
    rubric: Rubric | None = None
    points: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Card:
    """One review for one reader: who, as whom, when, points by criteria, and what the reader may do with it."""

    review: Review
    lines: list[ReviewPoints]
    is_own: bool
    is_moderator: bool
    may_answer: bool
    may_revoke: bool

    @property
    def total(self) -> str:
        """«17 из 20», or nothing where there are no points."""
        if not self.lines:
            return ""
        return f"{sum(one.points for one in self.lines)} из {sum(one.criterion.most for one in self.lines)}"

    @property
    def tag(self) -> str:
        return TAGS[self.review.state]

    @property
    def is_ended(self) -> bool:
        return self.review.state in (Review.State.DECLINED, Review.State.REVOKED)


@dataclass(frozen=True)
class Block:
    """Reviews of a version as one person sees them."""

    version: WorkVersion
    cards: list[Card]
    may_review: bool
    may_invite: bool
    # (number, how many) of other versions that have published reviews.
    others: list[tuple[int, int]]


def with_all(rows: QuerySet[Review]) -> QuerySet[Review]:
    """With all that a card shows; two queries for any number."""
    points = ReviewPoints.objects.select_related("criterion").order_by("criterion__order", "pk")
    people = rows.select_related("reviewer", "invitation", "rubric", "answered_by", "ended_by", "decided_by")
    return people.prefetch_related(Prefetch("points", points))


def reviews_for(person: User, version: WorkVersion, versions: Sequence[WorkVersion]) -> Block:
    """What the person sees of the version's reviews. `versions` are those of the work that the person sees, this one
    among them: asked before."""
    work, date = version.work, today()
    named = list(work.authors.filter(person=person).values_list("agreed_at", flat=True))
    is_author = any(named)
    moderated = set(rights.reviews_moderated(person, date).filter(version=version).values_list("pk", flat=True))
    seen = Q(state=Review.State.PUBLISHED) | Q(reviewer=person) | Q(pk__in=moderated)
    if is_author:
        seen |= Q(state=Review.State.REVOKED, published_at__isnull=False)
    rows = list(with_all(version.reviews.filter(seen)).order_by("published_at", "pk"))
    frozen = is_frozen(work.owner)
    cards = [_card(one, person, is_author=is_author, moderated=moderated, frozen=frozen) for one in rows]
    has_own = any(one.is_own and not one.is_ended for one in cards)
    open_to_words = version.is_sealed and not frozen
    is_stranger = not named and not work.former.filter(person=person).exists()
    may_invite = open_to_words and invitations.may_ask(person, is_author=is_author)
    return Block(
        version, cards, open_to_words and is_stranger and not has_own and rights.capacity_of(person) is not None,
        may_invite, _others(version, versions),
    )  # fmt: skip


def _others(version: WorkVersion, versions: Sequence[WorkVersion]) -> list[tuple[int, int]]:
    rows = Review.objects.published().filter(version__in=[one.pk for one in versions if one.pk != version.pk])
    counts = rows.order_by("-version__number").values_list("version__number").annotate(Count("pk"))
    return list(counts)


def card_for(person: User, review: Review) -> Card:
    """One review, read by `with_all`."""
    date = today()
    moderated = set(rights.reviews_moderated(person, date).filter(pk=review.pk).values_list("pk", flat=True))
    work = review.version.work
    is_author = rights.is_author(person, work)
    return _card(review, person, is_author=is_author, moderated=moderated, frozen=is_frozen(work.owner))


def _card(review: Review, person: User, *, is_author: bool, moderated: set[int], frozen: bool) -> Card:
    is_own, is_moderator = review.reviewer_id == person.pk, review.pk in moderated
    standing = review.state in STANDING
    return Card(
        review, list(review.points.all()), is_own, is_moderator,
        may_answer=is_author and review.state == Review.State.PUBLISHED and not frozen,
        may_revoke=standing and not frozen and (is_own or (is_moderator and may_take_down(person, review))),
    )  # fmt: skip


@dataclass(frozen=True)
class Written:
    """A review in its writer's list; `sees_work` while the writer sees the version that it is of."""

    review: Review
    sees_work: bool

    @property
    def tag(self) -> str:
        return TAGS[self.review.state]


def by_person(person: User) -> QuerySet[Review]:
    """What the person has written, in any state, the newest first."""
    rows = Review.objects.filter(reviewer=person).select_related("version__work__owner", "ended_by", "answered_by")
    return rows.order_by("-created_at", "-pk")


def written(person: User, rows: Iterable[Review], date: datetime.date) -> list[Written]:
    """One query for any number of them."""
    rows = list(rows)
    seen = rights.versions_seen(person, date).filter(pk__in=[one.version_id for one in rows])
    keys = set(seen.values_list("pk", flat=True))
    return [Written(one, one.version_id in keys) for one in rows]


def may_take_down(person: User, review: Review) -> bool:
    """Another's published review: of an employee the management alone, of others those who moderate too."""
    if review.state != Review.State.PUBLISHED:
        return False
    return rights.manages(person) or review.capacity != Review.Capacity.TEACHER


def version_to_review(person: User, date: datetime.date) -> QuerySet[WorkVersion]:
    """Sealed versions that the person sees and is not an author of, agreed or only named, and never was."""
    named, left = (kind.objects.filter(work=OuterRef("work"), person=person) for kind in (WorkAuthor, FormerAuthor))
    return rights.versions_seen(person, date).filter(~Exists(named), ~Exists(left), sealed_at__isnull=False)


def reviewers_before(version: WorkVersion, date: datetime.date) -> list[User]:
    """Whose reviews of the work's other versions stand, and who may read and review this one. The rule of access is
    asked for each of them: they are few, and a rule of its own would drift from it."""
    standing = Review.objects.filter(version__work=version.work_id, state__in=STANDING).exclude(version=version)
    people = User.objects.with_standing(date).filter(pk__in=standing.values("reviewer")).order_by("pk")
    return [one for one in people if version_to_review(one, date).filter(pk=version.pk).exists()]


# Moderation


def waiting(person: User, date: datetime.date) -> QuerySet[Review]:
    """What the person lets be published, the oldest first."""
    rows = rights.reviews_moderated(person, date).filter(state=Review.State.WAITING)
    return rows.order_by("created_at", "pk")


def waiting_of_leader(key: int, date: datetime.date) -> QuerySet[Review]:
    """What waits for the class teacher with this key, for the counter in the cabinet."""
    led = Appointment.objects.on(date).filter(person=key, position__code="class_teacher", school_class__isnull=False)
    enrolled = Enrolment.objects.on(date).filter(school_class__in=led.values("school_class"))
    authors = WorkAuthor.objects.filter(
        work=OuterRef("version__work"), agreed_at__isnull=False, person__in=enrolled.values("pupil")
    )
    return Review.objects.filter(Exists(authors), state=Review.State.WAITING).exclude(reviewer=key)


# Rubrics


def rubrics_for(work: Work) -> QuerySet[Rubric]:
    """Rubrics by which the work may be reviewed, those made for it first; also retired ones, begun when they stood."""
    fitting = Q(subject__isnull=True) | Q(subject=work.subject_id)
    rows = Rubric.objects.filter(fitting, Q(kind="") | Q(kind=work.kind))
    return rows.order_by("-subject", "-kind", "title", "pk")


def rubric_asked(work: Work, asked: str) -> tuple[list[Rubric], Rubric | None]:
    """(offered rubrics, the one of the address; without a word in it the first one; None for «none»)."""
    offered = list(rubrics_for(work).filter(is_active=True))
    if not asked:
        return offered, offered[0] if offered else None
    if not asked.isdecimal() or len(asked) > 9:
        return offered, None
    return offered, rubrics_for(work).filter(pk=int(asked)).first()


def rubrics_listed(*, retired: bool) -> QuerySet[Rubric]:
    used = Exists(Review.objects.filter(rubric=OuterRef("pk")))
    rows = Rubric.objects.filter(is_active=not retired).select_related("subject", "created_by")
    return rows.prefetch_related("criteria").annotate(is_used=used)


def may_change(person: User, rubric: Rubric) -> bool:
    """The own ones; the management all."""
    return rights.manages(person) or rubric.created_by_id == person.pk
