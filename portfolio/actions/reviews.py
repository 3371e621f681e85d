"""The verbs of reviews: write, publish or decline, revoke, answer; by invited outsiders too (1.3 d).

A review never changes and is never deleted: who thinks better of it revokes it and writes anew.
"""

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.actions.notifications import notify
from accounts.actor import Actor
from accounts.models import User
from eios.lib.dates import today
from portfolio import invitations, reviews, rights
from portfolio.freezing import refuse_frozen
from portfolio.models import Invitation, Review, ReviewPoints, Rubric, WorkVersion
from portfolio.notification_kinds import REVIEW
from portfolio.reviews import Draft

EMPTY = "Напишите рецензию, поставьте баллы или отметку."
GONE = "Этой рецензии вы уже не видите."
DECIDED = "Эту рецензию уже проверили или отозвали."
NOT_TO_REVIEW = "Рецензию на эту версию вы написать не можете."
RUBRIC_CHANGED = "Рубрику тем временем изменили: посмотрите критерии ещё раз."
DEAD = "Ссылка больше не действует."
TWICE = "Ваша рецензия на эту версию уже есть. Чтобы написать иначе, сначала отзовите её."
BY_MODERATION = (Review.Capacity.PUPIL, Review.Capacity.OUTSIDER)
STATE = ("state", "reason")


@transaction.atomic
def write(version: WorkVersion, draft: Draft, *, by: Actor) -> Review:
    """One's review of a sealed version. A teacher's or a parent's is published at once, a pupil's waits.

    Effects: the review with its points; the authors are told when it is published; audit. Raises ValidationError: not
    to be seen, not sealed, an author's own, a second one, empty, frozen.
    """
    # Locked, so that of two posts at once the second finds the first one's review.
    WorkVersion.objects.select_for_update().get(pk=version.pk)
    person, date = by.person, today()
    capacity = rights.capacity_of(person)
    if capacity is None or not reviews.version_to_review(person, date).filter(pk=version.pk).exists():
        raise ValidationError(NOT_TO_REVIEW)
    if version.reviews.filter(reviewer=person, state__in=reviews.STANDING).exists():
        raise ValidationError(TWICE)
    return _add(Review(version=version, reviewer=person, capacity=capacity), draft, by)


@transaction.atomic
def write_invited(invitation: Invitation, draft: Draft, *, by: Actor) -> Review:
    """The one review of an invited outsider; it waits for moderation, and the link is used up.

    Of two posts at once one gets through. Raises ValidationError: dead meanwhile, empty, an author with the link.
    """
    work = invitation.version.work
    if by.person and any(rows.filter(person=by.person).exists() for rows in (work.authors, work.former)):
        raise ValidationError("Это приглашение для рецензента: автор не пишет рецензию на свою работу.")
    # By key and by what is asked alone: a condition that joins would be read before the lock is got.
    living = Invitation.objects.filter(pk=invitation.pk, used_at__isnull=True, revoked_at__isnull=True)
    if not living.filter(expires_at__gt=timezone.now()).update(used_at=timezone.now()):
        raise ValidationError(DEAD)
    if not invitations.may_be_shown(invitation.version.work, today()):
        raise ValidationError(DEAD)
    made = Review(version=invitation.version, invitation=invitation, capacity=Review.Capacity.OUTSIDER)
    return _add(made, draft, by)


def _add(review: Review, draft: Draft, by: Actor) -> Review:
    refuse_frozen(review.version.work.owner)
    review.text, review.mark, review.rubric = draft.text.strip(), draft.mark, draft.rubric
    if not (review.text or review.mark or draft.points):
        raise ValidationError(EMPTY)
    points = _points(draft)
    is_published = review.capacity not in BY_MODERATION
    review.state = Review.State.PUBLISHED if is_published else Review.State.WAITING
    review.published_at = timezone.now() if is_published else None
    review.full_clean()
    review.save()
    ReviewPoints.objects.bulk_create(ReviewPoints(review=review, criterion_id=key, points=n) for key, n in points)
    audit.record(by, "work_review.added", review, {"state": [None, review.state], "version": [None, review.version_id]})
    if is_published:
        _tell_authors(review, by)
    return review


def _points(draft: Draft) -> Sequence[tuple[int, int]]:
    """(criterion, points) of the rubric as it is stored now. Raises ValidationError."""
    if draft.rubric is None:
        if draft.points:
            raise ValidationError(RUBRIC_CHANGED)
        return ()
    Rubric.objects.select_for_update().get(pk=draft.rubric.pk)
    most = dict(draft.rubric.criteria.values_list("pk", "most"))
    if set(most) != set(draft.points):
        raise ValidationError(RUBRIC_CHANGED)
    if any(not 0 <= number <= most[key] for key, number in draft.points.items()):
        raise ValidationError("Баллов — от нуля до наибольшего по критерию.")
    return tuple(draft.points.items())


# Moderation


@transaction.atomic
def publish(review: Review, *, by: Actor) -> Review:
    """Lets a waiting review be seen. Effects: the authors and the reviewer are told; audit. Raises ValidationError:
    decided already, not to be moderated by this person, frozen."""
    review = _moderated(review, by)
    _settle(review, by, "work_review.published", state=Review.State.PUBLISHED, published_at=timezone.now())
    _tell_authors(review, by)
    _tell_reviewer(review, by, "passed", f"Ваша рецензия опубликована: «{review.version.work.title}».")
    return review


@transaction.atomic
def publish_many(keys: Sequence[int], *, by: Actor) -> tuple[int, list[str]]:
    """(how many were published, why others were not). Raises ValidationError where nothing was ticked."""
    if not keys:
        raise ValidationError("Отметьте рецензии, которые публикуете.")
    count, refused = 0, []
    for row in Review.objects.filter(pk__in=keys).order_by("pk"):
        try:
            with transaction.atomic():
                publish(row, by=by)
            count += 1
        except ValidationError as refusal:
            refused += refusal.messages
    return count, sorted(set(refused))


@transaction.atomic
def decline(review: Review, reason: str, *, by: Actor) -> Review:
    """Does not let it be seen, with a reason. Effects: the reviewer who has an account is told; audit."""
    reason = _reason(reason, "Напишите, почему рецензия не опубликована.")
    review = _moderated(review, by)
    _settle(review, by, "work_review.declined", state=Review.State.DECLINED, reason=reason)
    text = f"Ваша рецензия на работу «{review.version.work.title}» не опубликована. {reason}"
    _tell_reviewer(review, by, "declined", text)
    return review


def _settle(review: Review, by: Actor, action: str, **fields) -> None:
    _write(review, by, action, fields | {"decided_by": by.person, "decided_at": timezone.now()})


def _moderated(review: Review, by: Actor) -> Review:
    found = _locked(review)
    if not rights.reviews_moderated(by.person, today()).filter(pk=review.pk).exists():
        raise ValidationError(GONE)
    if found.state != Review.State.WAITING:
        raise ValidationError(DECIDED)
    return found


def _locked(review: Review) -> Review:
    rows = Review.objects.select_for_update(of=("self",)).select_related("version__work__owner", "reviewer")
    found = rows.get(pk=review.pk)
    refuse_frozen(found.version.work.owner)
    return found


# Revoking and answering


@transaction.atomic
def revoke(review: Review, reason: str, *, by: Actor) -> Review:
    """Takes one's own review back, or another's published one down. The trace stays: who, when and why.

    Effects: it is seen no more but by those who moderate and as «отозвана» by the authors; whose review another has
    taken down is told why; audit. Raises ValidationError: ended already, not one's own and not to be taken down, no
    reason, frozen.
    """
    reason = _reason(reason, "Напишите, почему рецензия отозвана.")
    review = _locked(review)
    if review.state not in (Review.State.WAITING, Review.State.PUBLISHED):
        raise ValidationError(DECIDED)
    if review.reviewer_id != by.person.pk:
        moderated = rights.reviews_moderated(by.person, today()).filter(pk=review.pk).exists()
        if not (moderated and reviews.may_take_down(by.person, review)):
            raise ValidationError(GONE)
    fields = {"state": Review.State.REVOKED, "reason": reason, "ended_by": by.person, "ended_at": timezone.now()}
    _write(review, by, "work_review.revoked", fields)
    if review.reviewer_id != by.person.pk:
        text = f"Школа сняла вашу рецензию на работу «{review.version.work.title}». {reason}"
        _tell_reviewer(review, by, "revoked", text)
    return review


@transaction.atomic
def answer(review: Review, text: str, *, by: Actor) -> Review:
    """An author's answer to a published review; a later one takes its place, and the trail knows of each.

    Effects: the reviewer who has an account is told once; audit. Raises ValidationError: not an author, not published.
    """
    review, text = _locked(review), text.strip()
    if not rights.is_author(by.person, review.version.work) or review.state != Review.State.PUBLISHED:
        raise ValidationError(GONE)
    if not text:
        raise ValidationError({"answer": "Напишите ответ."})
    before = audit.snapshot(review, ("answer",))
    review.answer, review.answered_by, review.answered_at = text, by.person, timezone.now()
    review.save(update_fields=["answer", "answered_by", "answered_at"])
    changes = audit.difference(before, audit.snapshot(review, ("answer",)))
    if changes:
        audit.record(by, "work_review.answered", review, changes)
    _tell_reviewer(review, by, "answered", f"Автор ответил на вашу рецензию: «{review.version.work.title}».")
    return review


def _reason(words: str, missing: str) -> str:
    words = " ".join(words.split())
    if not words:
        raise ValidationError({"reason": missing})
    return words


def _write(review: Review, by: Actor, action: str, fields: Mapping) -> None:
    before = audit.snapshot(review, STATE)
    for name, value in fields.items():
        setattr(review, name, value)
    review.save(update_fields=list(fields))
    audit.record(by, action, review, audit.difference(before, audit.snapshot(review, STATE)))


def _tell_authors(review: Review, by: Actor) -> None:
    work = review.version.work
    people = User.objects.filter(authorships__work=work, authorships__agreed_at__isnull=False)
    notify(
        people, REVIEW, key=f"review-published:{review.pk}", by=by, letter="published",
        text=f"Новая рецензия на работу «{work.title}»: {review.author_words}.", url=page_of(review),
    )  # fmt: skip


def _tell_reviewer(review: Review, by: Actor, event: str, text: str) -> None:
    """On the review's own page, since the work may be shown no more. An outsider has no account to be told in."""
    if review.reviewer:
        url = reverse("portfolio:review_detail", args=[review.pk])
        notify([review.reviewer], REVIEW, key=f"review-{event}:{review.pk}", by=by, letter=event, text=text, url=url)


def page_of(review: Review) -> str:
    """The review among the others, on the page of its version."""
    version = review.version
    address = reverse("portfolio:work_detail", args=[version.work_id])
    return f"{address}?version={version.number}#review-{review.pk}"
