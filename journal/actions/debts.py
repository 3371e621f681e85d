"""The verbs of academic debts: retakes are set, taken, and clear the debt (273-ФЗ, ст. 58)."""

import datetime
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.actions.notifications import notify
from accounts.actor import Actor
from accounts.models import User
from eios.lib import russian
from eios.lib.dates import today
from journal.actions.attestation import name_commission
from journal.attestation.pupils import family_of
from journal.models import AcademicDebt, Retake
from journal.models.attestation import MOST_RETAKES

SMALLEST_COMMISSION = 2


@transaction.atomic
def set_retake(
    debt: AcademicDebt, *, date: datetime.date, commission: Collection[User], note: str = "", by: Actor
) -> Retake:
    """The next of two retakes gets its day and its commission.

    Effects: the retake; the pupil and the parents are told; audit.
    Raises ValidationError: cleared, one is waiting, two are used up, a wrong day, a second one without a commission, a
    day beyond the year without a word why.
    """
    debt = _locked(debt)
    if not debt.is_open:
        raise ValidationError("Задолженность уже ликвидирована.")
    if debt.waiting:
        raise ValidationError(f"Сначала внесите результат: {debt.waiting}.")
    if len(debt.tries) >= MOST_RETAKES:
        raise ValidationError("Обе пересдачи использованы: больше двух раз не пересдают.")
    retake = Retake(debt=debt, number=len(debt.tries) + 1)
    _settle(retake, date, commission, note)
    retake.save()
    audit.record(by, "retake.set", retake, {"date": [None, str(date)]}, basis=retake.note)
    name_commission(retake, commission, "retake.commission_named", by)
    _tell_day(retake, by)
    return retake


@transaction.atomic
def change_retake(
    retake: Retake, *, date: datetime.date, commission: Collection[User], note: str = "", by: Actor
) -> None:
    """Another day or commission of a retake that has no result. Raises ValidationError as `set_retake`."""
    retake = _waiting(retake)
    before = audit.snapshot(retake, ("date", "note"))
    _settle(retake, date, commission, note)
    retake.save()
    changes = audit.difference(before, audit.snapshot(retake, ("date", "note")))
    if changes:
        audit.record(by, "retake.changed", retake, changes)
        _tell_day(retake, by)
    name_commission(retake, commission, "retake.commission_named", by)


@transaction.atomic
def cancel_retake(retake: Retake, *, by: Actor) -> None:
    """Takes back a retake that has no result: it is not counted. Raises ValidationError."""
    retake = _waiting(retake)
    entry = audit.entry(by, "retake.cancelled", retake, {"date": [str(retake.date), None]})
    retake.delete()
    audit.record_many([entry])


@transaction.atomic
def enter_retake(retake: Retake, code: str, *, by: Actor) -> AcademicDebt:
    """The result of a retake, or "" to take it back; of the last retake only.

    Effects: a passed one clears the debt with its day, of which the family is told; any other leaves it open; audit.
    Raises ValidationError: before its day, not the last one.
    """
    debt = _locked(retake.debt)
    retake = Retake.objects.select_for_update().get(pk=retake.pk)
    if retake.date > today():
        raise ValidationError(f"Пересдача — {russian.short_date(retake.date)}. До этого дня результата быть не может.")
    if debt.tries[-1].pk != retake.pk:
        raise ValidationError("После этой пересдачи назначена другая: её результат не меняется.")
    before = retake.words
    if retake.code == code:
        return debt
    retake.code = code
    retake.full_clean(exclude=["debt"])
    retake.save()
    audit.record(by, "retake.entered", retake, {"value": [before, retake.words]})
    _clear(debt, retake.date if retake.is_entered and not retake.is_failed else None, by)
    return debt


def _clear(debt: AcademicDebt, day: datetime.date | None, by: Actor) -> None:
    if debt.cleared_on == day:
        return
    before, debt.cleared_on = debt.cleared_on, day
    debt.full_clean(exclude=["gradebook", "pupil"])
    debt.save(update_fields=["cleared_on"])
    words = [str(one) if one else None for one in (before, day)]
    audit.record(by, "academic_debt.cleared" if day else "academic_debt.reopened", debt, {"cleared_on": words})
    if day:
        _tell(debt, f"задолженность ликвидирована {russian.short_date(day)}", f"cleared:{day}", by)


def _tell_day(retake: Retake, by: Actor) -> None:
    day = russian.short_date(retake.date)
    _tell(retake.debt, f"{retake.number}-я пересдача — {day}", f"{retake.number}:{retake.date}", by)


def _tell(debt: AcademicDebt, words: str, event: str, by: Actor) -> None:
    """The pupil and the parents."""
    text = f"{debt.pupil.get_short_name()}, {debt.subject}: {words}"
    people = family_of(debt.pupil, today())
    notify(people, "retake", key=f"debt:{debt.pk}:{event}", by=by, text=text, url=f"/journal/debts/{debt.pk}/")


def _settle(retake: Retake, date: datetime.date, commission: Collection[User], note: str) -> None:
    debt = retake.debt
    retake.date, retake.note = date, " ".join(note.split())
    former = [one.date for one in debt.tries if one.number < retake.number]
    after = max([debt.opened_on, *former])
    if date <= after:
        raise ValidationError({"date": f"Пересдача — позже {russian.short_date(after)}."})
    if date > debt.until and not retake.note:
        last = russian.short_date(debt.until)
        raise ValidationError(
            {"note": f"Год со дня задолженности кончается {last}. Напишите, какое время не считается: болезнь, отпуск."}
        )
    if retake.number == MOST_RETAKES and len(commission) < SMALLEST_COMMISSION:
        raise ValidationError({"commission": "Вторую пересдачу принимает комиссия: отметьте не меньше двух человек."})


def _locked(debt: AcademicDebt) -> AcademicDebt:
    return AcademicDebt.objects.select_for_update().get(pk=debt.pk)


def _waiting(retake: Retake) -> Retake:
    _locked(retake.debt)
    retake = Retake.objects.select_for_update().get(pk=retake.pk)
    if retake.is_entered:
        raise ValidationError("Результат уже внесён: пересдача не меняется.")
    return retake
