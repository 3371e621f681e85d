"""Reviews of elements (3.1) and what is known of outside services before they are connected (5.1)."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from accounts.models import SchoolCard
from eios.lib.dates import today, year_after
from resources.models import ConnectionAnswer, Element, Review, ServiceConnection
from resources.reviews import lacks_of

REVIEWED = ("element", "on", "complies", "ground", "next_due")
CONNECTED = ("element", "data_passed", "ground", "ground_words", "place")
CHANGED_MEANWHILE = "Пока вы смотрели, сведения изменились. Откройте страницу заново."


@transaction.atomic
def add_review(
    element: Element, *, complies: bool, ground: str, by: Actor, on: datetime.date | None = None, note: str = "",
    next_due: datetime.date | None = None,
) -> Review:  # fmt: skip
    """The element was reviewed on the day; the next time is due a year later, or sooner. Audited.

    The same review sent twice is one. Raises ValidationError: a day to come, a term beyond a year, nothing said of what
    is wrong.
    """
    Element.objects.select_for_update().get(pk=element.pk)
    on = on or today()
    review = Review(element=element, on=on, complies=complies, ground=ground.strip(), note=note.strip(), by=by.person)
    review.next_due = next_due or year_after(on)
    _check_days(review)
    if same := _same(review):
        return same
    review.full_clean()
    review.save(force_insert=True)
    audit.record(by, "review.added", review, audit.difference({}, audit.snapshot(review, REVIEWED)), review.ground)
    return review


def _check_days(review: Review) -> None:
    if review.on > today():
        raise ValidationError({"on": "Этот день ещё не наступил."})
    if review.next_due > year_after(review.on):
        raise ValidationError({"next_due": "Проверка — раз в год: следующая не позже чем через год."})


def _same(review: Review) -> Review | None:
    told = {name: getattr(review, name) for name in ("element", "on", "complies", "ground", "note", "next_due", "by")}
    return Review.objects.filter(**told).first()


@transaction.atomic
def save_connection(
    element: Element, values: dict, answers: dict[str, tuple[str, str]], *, seen: str, by: Actor
) -> ServiceConnection:
    """Writes what is known of the service: `values` by fields, `answers` by requirements, (answer, words) each.

    Effects: a confirmation of what stood there before is void; the public card says nothing of it until the next one.
    Audited. `seen` is the version that was shown, "" where there was none. Raises ValidationError.
    """
    row = Element.objects.select_for_update().get(pk=element.pk)
    connection = _seen(row, seen) or ServiceConnection(element=row)
    before = _told(connection)
    for name, value in values.items():
        setattr(connection, name, value)
    connection.full_clean(exclude=["element"])
    changes = audit.difference(before, audit.snapshot(connection, CONNECTED) | _answers_told(answers))
    if not changes and connection.pk:
        return connection
    connection.changed_at, connection.changed_by = timezone.now(), by.person
    connection.confirmed_at = connection.confirmed_by = None
    connection.save()
    _write_answers(connection, answers)
    audit.record(by, "connection.changed", connection, changes)
    SchoolCard.touch_public()
    return connection


@transaction.atomic
def confirm_connection(element: Element, *, seen: str, by: Actor) -> ServiceConnection:
    """The system administrator confirms what he has seen: the service meets what is asked (5.1). Audited.

    Effects: the public card says which data are passed and on what ground. Raises ValidationError with what lacks.
    """
    if by.person and not by.person.is_system_administrator:
        raise ValidationError("Подключение подтверждает системный администратор.")
    Element.objects.select_for_update().get(pk=element.pk)
    connection = _seen(element, seen)
    if connection is None:
        raise ValidationError("Сначала опишите подключение.")
    if lacks := lacks_of(connection):
        raise ValidationError(lacks)
    if connection.is_confirmed:
        return connection
    connection.confirmed_at, connection.confirmed_by = timezone.now(), by.person
    connection.save(update_fields=["confirmed_at", "confirmed_by"])
    audit.record(by, "connection.confirmed", connection)
    SchoolCard.touch_public()
    return connection


def _seen(element: Element, seen: str) -> ServiceConnection | None:
    found = ServiceConnection.objects.filter(element=element).first()
    if (found.version if found else "") != seen:
        raise ValidationError(CHANGED_MEANWHILE)
    return found


def _told(connection: ServiceConnection) -> dict:
    """Fields and answers as the trail keeps them."""
    if not connection.pk:
        return {}
    answers = {row.requirement: (row.answer, row.words) for row in connection.answers.all()}
    return audit.snapshot(connection, CONNECTED) | _answers_told(answers)


def _answers_told(answers: dict[str, tuple[str, str]]) -> dict:
    """Every requirement is named: an answer that was taken back is a change too."""
    named = {one.value: answers.get(one.value) for one in ConnectionAnswer.Requirement}
    return {f"requirement_{name}": " — ".join(filter(None, pair)) if pair else None for name, pair in named.items()}


def _write_answers(connection: ServiceConnection, answers: dict[str, tuple[str, str]]) -> None:
    connection.answers.all().delete()
    rows = [
        ConnectionAnswer(connection=connection, requirement=one.value, answer=answers[one][0], words=answers[one][1])
        for one in ConnectionAnswer.Requirement
        if one in answers
    ]
    for row in rows:
        row.full_clean(exclude=["connection"])
    ConnectionAnswer.objects.bulk_create(rows)
