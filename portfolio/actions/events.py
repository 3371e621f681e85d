"""The verbs of events: enter, change and remove one, its participants too (11.1)."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery

from accounts import audit
from accounts.actions.dictionaries import delete_row, save_row
from accounts.actor import Actor
from accounts.marks import Seen, refuse_stale
from accounts.models import Enrolment
from eios.lib.dates import today
from eios.lib.russian import short_date
from portfolio import events
from portfolio.actions.telling import tell_entered
from portfolio.events import OWN, Participant
from portfolio.freezing import FROZEN
from portfolio.models import Achievement, Event, Occasion, Origin, Portfolio, State, title_key


@transaction.atomic
def save_event(event: Event, *, seen: Seen | None = None, by: Actor) -> Event:
    """Adds or changes an event; what its participants' entries copy of it changes with it, in one statement. Audited.

    Raises ValidationError: known already, another changed it meanwhile, a participant's portfolio is frozen.
    """
    is_new = event._state.adding
    if not is_new:
        refuse_stale(event, seen)
    event.title_key = title_key(event.title)
    if not event.title_key:
        raise ValidationError({"title": "Назовите мероприятие словами."})
    if twin := events.twin_of(event):
        raise ValidationError(known(twin))
    if is_new:
        event.created_by = by.person
    elif event.date > today() and event.participants.exists():
        raise ValidationError({"date": "У мероприятия есть участники с результатами: его день не может быть впереди."})
    try:
        with transaction.atomic():
            save_row(event, by=by)
    except IntegrityError:
        raise ValidationError(known(events.twin_of(event) or event)) from None
    if not is_new:
        _carry_over(event)
    return event


def known(event: Event) -> str:
    """The clear message of a double: which event it is, and who entered it."""
    who = f", внёс {event.created_by.initials}" if event.created_by else ""
    return f"Такое мероприятие уже внесено: «{event.title}», {short_date(event.date)}{who}. Добавьте участников туда."


def _carry_over(event: Event) -> None:
    """One statement for all participants; the grade on the day follows the day."""
    copied = occasion_of(event)
    rows = event.participants.exclude(**{"title_key": event.title_key, **copied})
    if not rows.exists():
        return
    refuse_frozen_among(event.participants.values("pupil"))
    grades = Enrolment.objects.on(event.date).filter(pupil=OuterRef("pupil")).order_by("-starts", "-pk")
    event.participants.update(
        title_key=event.title_key, grade=Subquery(grades.values("school_class__grade")[:1]), **copied
    )


def _lock(pk: int) -> Event:
    """Whoever writes participants of an event waits for another who does. Raises ValidationError: it is gone."""
    event = Event.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if event is None:
        raise ValidationError("Мероприятие только что удалили.")
    return event


def occasion_of(event: Event) -> dict:
    return {name: getattr(event, name) for name in Occasion.OCCASION}


def refuse_frozen_among(pupils) -> None:
    """Raises ValidationError that names whose portfolio is frozen."""
    rows = Portfolio.objects.filter(pupil__in=pupils, frozen_at__isnull=False).select_related("pupil")
    names = ", ".join(row.pupil.get_full_name() for row in rows[:5])
    if names:
        raise ValidationError(f"{FROZEN} Это: {names}.")


@transaction.atomic
def remove_event(event: Event, *, by: Actor) -> None:
    """The event goes, and with it the entries of its participants, from what they have shown too. Audited.

    Raises ValidationError: a participant's portfolio is frozen.
    """
    event = _lock(event.pk)
    refuse_frozen_among(event.participants.values("pupil"))
    drop(event.participants.all(), by=by)
    delete_row(event, by=by)


def drop(rows: Iterable[Achievement], *, by: Actor) -> None:
    """Entries go; those that were said to be doubles of them stand for themselves again. Audited one by one."""
    rows = list(rows)
    keys = [row.pk for row in rows]
    entries = [audit.entry(by, "achievement.deleted", row, _said(row, gone=True)) for row in rows]
    Achievement.objects.filter(same_as__in=keys).update(same_as=None)
    Achievement.objects.filter(pk__in=keys).delete()
    audit.record_many(entries)


@transaction.atomic
def add_participants(event: Event, people: list[Participant], *, by: Actor) -> int:
    """Each gets a confirmed entry of the school's. Returns how many.

    Effects: the entries; pupils and parents are told; audit, one by one. Raises ValidationError: nobody, the day has
    not come, somebody takes part already, a portfolio is frozen.
    """
    event = _lock(event.pk)
    if not people:
        raise ValidationError("Укажите результат хотя бы одному участнику.")
    if event.date > today():
        raise ValidationError("Мероприятие ещё впереди: участников с результатами вносят в этот день или позже.")
    pupils = [one.pupil for one in people]
    there = event.participants.filter(pupil__in=pupils).select_related("pupil")
    if names := ", ".join(row.pupil.get_full_name() for row in there):
        raise ValidationError(f"В этом мероприятии уже есть: {names}.")
    refuse_frozen_among(pupils)
    rows = Achievement.objects.bulk_create(entries_of(event, people, by=by))
    audit.record_many(audit.entry(by, "achievement.added", row, _said(row)) for row in rows)
    tell_entered(rows, deed=f"event:{event.pk}:{rows[0].pk}", by=by)
    return len(rows)


def entries_of(event: Event, people: list[Participant], *, by: Actor, **more) -> list[Achievement]:
    """Unsaved entries of the event's participants; one query."""
    grades = dict(
        Enrolment.objects.on(event.date)
        .filter(pupil__in=[one.pupil for one in people])
        .order_by("starts", "pk")
        .values_list("pupil", "school_class__grade")
    )
    return [
        Achievement(
            pupil=one.pupil, event=event, title_key=event.title_key, origin=Origin.STAFF, state=State.CONFIRMED,
            grade=grades.get(one.pupil.pk), created_by=by.person, **occasion_of(event), **more,
            **{name: getattr(one, name) for name in OWN},
        )
        for one in people
    ]  # fmt: skip


@transaction.atomic
def change_participant(row: Achievement, *, seen: Seen | None = None, by: Actor) -> Achievement:
    """Another result, place, team or mentor. Audited. Raises ValidationError: frozen, changed meanwhile."""
    _lock(row.event_id)
    refuse_frozen_among([row.pupil_id])
    refuse_stale(row, seen)
    return save_row(row, by=by)


@transaction.atomic
def remove_participant(row: Achievement, *, by: Actor) -> None:
    """The entry goes, from what the pupil has shown too. Audited. Raises ValidationError for a frozen portfolio."""
    _lock(row.event_id)
    refuse_frozen_among([row.pupil_id])
    drop([row], by=by)


def _said(row: Achievement, *, gone: bool = False) -> dict:
    """What the trail keeps of an entry; what is personal in it the trail hides by itself."""
    values = audit.snapshot(row, ("pupil", "title", "date", "origin", "outcome"))
    return {name: [value, None] if gone else [None, value] for name, value in values.items()}
