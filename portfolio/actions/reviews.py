"""The verbs of reviews: written by any participant, moderated, answered, revoked; none is ever deleted (1.3 d)."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions.notifications import notify
from accounts.actor import Actor
from accounts.models import User
from eios.lib.dates import today
from portfolio import rights
from portfolio.freezing import refuse_frozen
from portfolio.models import Criterion, Review, ReviewPoints, Rubric, WorkVersion
from portfolio.notification_kinds import REVIEW

State, Capacity = Review.State, Review.Capacity
# Whose word waits until somebody of the school has read it.
MODERATED = frozenset({Capacity.PUPIL, Capacity.OUTSIDER})
EMPTY = "Напишите рецензию, поставьте баллы или отметку."
OWN_WORK = "Свою работу не рецензируют."


@transaction.atomic
def write(
    version: WorkVersion, *, text: str = "", mark: int | None = None, rubric: Rubric | None = None,
    points: Mapping[Criterion, int] | None = None, by: Actor,
) -> Review:  # fmt: skip
    """One's review of a sealed version that one sees: published at once, a pupil's after moderation.

    Effects: the review with its points, audit, authors told of a published one. Raises ValidationError: nothing said,
    the own work, a version that is not sealed or not seen, reviewed already, no status, frozen.
    """
    person = by.person
    capacity = rights.capacity_of(person)
    version = rights.versions_seen(person, today()).select_related("work__owner").filter(pk=version.pk).first()
    if version is None or capacity is None or not version.is_sealed:
        raise ValidationError("Эту версию рецензировать нельзя.")
    if version.work.authors.filter(person=person).exists():
        raise ValidationError(OWN_WORK)
    review = Review(version=version, reviewer=person, capacity=capacity, text=text, mark=mark, rubric=rubric)
    return save_review(review, points or {}, by=by)


def save_review(review: Review, points: Mapping[Criterion, int], *, by: Actor) -> Review:
    """Writes a new review, an outsider's too. Raises ValidationError. Inside a transaction."""
    work = review.version.work
    type(work).objects.select_for_update(of=("self",)).get(pk=work.pk)
    refuse_frozen(work.owner)
    if not (review.text.strip() or review.mark or points):
        raise ValidationError(EMPTY)
    refuse_wrong_points(review.rubric, points)
    is_moderated = review.capacity in MODERATED
    review.state = State.WAITING if is_moderated else State.PUBLISHED
    review.published_at = None if is_moderated else timezone.now()
    review.full_clean()
    review.save()
    ReviewPoints.objects.bulk_create(
        ReviewPoints(review=review, criterion=criterion, points=number) for criterion, number in points.items()
    )
    audit.record(by, "review.written", review, {"state": [None, review.state], "capacity": [None, review.capacity]})
    if not is_moderated:
        _tell_authors(review, by)
    return review


def refuse_wrong_points(rubric: Rubric | None, points: Mapping[Criterion, int]) -> None:
    """Raises ValidationError for points without a rubric, of another one, or beyond what a criterion gives."""
    for criterion, number in points.items():
        if rubric is None or criterion.rubric_id != rubric.pk:
            raise ValidationError("Баллы — не по этой рубрике. Откройте страницу ещё раз.")
        if not 0 <= number <= criterion.most:
            raise ValidationError(f"«{criterion}»: от 0 до {criterion.most}.")


# Moderation


@transaction.atomic
def publish(review: Review, *, by: Actor) -> Review:
    """Lets a waiting review be read. Effects: authors told, audit. Raises ValidationError."""
    row = _waiting(review, by)
    row.state, row.published_at = State.PUBLISHED, timezone.now()
    row.decided_by, row.decided_at = by.person, row.published_at
    row.save(update_fields=["state", "published_at", "decided_by", "decided_at"])
    audit.record(by, "review.published", row, {"state": [State.WAITING, State.PUBLISHED]})
    _tell_authors(row, by)
    return row


def publish_many(reviews: Iterable[Review], *, by: Actor) -> tuple[int, list[str]]:
    """Publishes those that still wait: how many, and whose could not be, each with the reason."""
    done, refused = 0, []
    for review in reviews:
        try:
            publish(review, by=by)
        except ValidationError as refusal:
            refused.append(f"{review.author_words}: {' '.join(refusal.messages)}")
        else:
            done += 1
    return done, refused


@transaction.atomic
def decline(review: Review, reason: str, *, by: Actor) -> Review:
    """Keeps a waiting review from being read; the reviewer is told why. Raises ValidationError."""
    row = _waiting(review, by)
    row.state, row.reason = State.DECLINED, reason
    row.decided_by, row.decided_at = by.person, timezone.now()
    row.full_clean()
    row.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    audit.record(by, "review.declined", row, {"state": [State.WAITING, State.DECLINED]})
    if row.reviewer is not None:
        text = f"Рецензия на «{row.version.work}» не опубликована: {reason}"
        notify([row.reviewer], REVIEW, key=f"review:{row.pk}:declined", by=by, text=text, url=_url(row))
    return row


@transaction.atomic
def revoke(review: Review, reason: str, *, by: Actor) -> Review:
    """Takes a review back, the own one or one that one moderates; its trace stays. Raises ValidationError."""
    row = _locked(review)
    is_own = by.person is not None and row.reviewer_id == by.person.pk
    if not is_own and not rights.reviews_moderated(by.person, today()).filter(pk=row.pk).exists():
        raise ValidationError("Отозвать рецензию может её автор или школа.")
    if row.state not in (State.WAITING, State.PUBLISHED):
        raise ValidationError("Эта рецензия уже не действует.")
    refuse_frozen(row.version.work.owner)
    before = row.state
    row.state, row.reason, row.ended_by, row.ended_at = State.REVOKED, reason, by.person, timezone.now()
    row.full_clean()
    row.save(update_fields=["state", "reason", "ended_by", "ended_at"])
    audit.record(by, "review.revoked", row, {"state": [before, State.REVOKED]})
    return row


@transaction.atomic
def answer(review: Review, text: str, *, by: Actor) -> Review:
    """An author's answer to a published review; written anew it stands in the place of the former one. Raises
    ValidationError: not an author, not published, frozen."""
    row = _locked(review)
    if not rights.is_author(by.person, row.version.work):
        raise ValidationError("Отвечают авторы работы.")
    if row.state != State.PUBLISHED:
        raise ValidationError("Эта рецензия уже не опубликована.")
    refuse_frozen(row.version.work.owner)
    row.answer, row.answered_by, row.answered_at = text, by.person, timezone.now()
    row.full_clean()
    row.save(update_fields=["answer", "answered_by", "answered_at"])
    audit.record(by, "review.answered", row)
    if row.reviewer is not None:
        words = f"На вашу рецензию на «{row.version.work}» ответил автор."
        notify([row.reviewer], REVIEW, key=f"review:{row.pk}:answered", by=by, text=words, url=_url(row))
    return row


def _waiting(review: Review, by: Actor) -> Review:
    row = _locked(review)
    if not rights.reviews_moderated(by.person, today()).filter(pk=row.pk).exists():
        raise ValidationError("Эту рецензию проверяет другой.")
    if row.state != State.WAITING:
        raise ValidationError("Рецензию уже проверили или отозвали.")
    refuse_frozen(row.version.work.owner)
    return row


def _locked(review: Review) -> Review:
    rows = Review.objects.select_for_update(of=("self",)).select_related("version__work__owner", "reviewer")
    return rows.get(pk=review.pk)


def _tell_authors(review: Review, by: Actor) -> None:
    authors = User.objects.filter(
        authorships__work=review.version.work_id, authorships__agreed_at__isnull=False
    ).distinct()  # fmt: skip
    text = f"Новая рецензия на «{review.version.work}»: {review.author_words}."
    notify(authors, REVIEW, key=f"review:{review.pk}", by=by, text=text, url=_url(review))


def _url(review: Review) -> str:
    return f"/portfolio/works/{review.version.work_id}/?version={review.version.number}#review-{review.pk}"
