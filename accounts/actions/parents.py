"""Confirming a lawful representative: a known person gets one more child, an unknown one an account (9.1)."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.actions.people import confirm_relation, create_person
from accounts.actor import Actor
from accounts.models import Relation, User
from accounts.parents import folded

BASIS = "Подтверждение законного представителя"


@transaction.atomic
def add_representative(
    pupil: User,
    *,
    kind: str,
    basis: str,
    starts: datetime.date,
    person: User | None = None,
    names: dict | None = None,
    by: Actor,
) -> Relation:
    """Confirms the relation on the document (`basis`); `person` is a known one, otherwise one is added of these names.

    Effects: for a new person an account without password, which opens by the relation where the school gives parents
    cabinets; the relation; audit entries. Pressed twice, it adds nobody twice.
    Raises ValidationError: the same representative stands already, no document, one's own relation.
    """
    if person is not None and person == by.person:
        raise ValidationError("Вас самих законным представителем подтверждает другой работник.")
    # Two presses of one button come here one after another, and the second finds what the first has added.
    User.objects.select_for_update().get(pk=pupil.pk)
    if person is None:
        _refuse_namesake(pupil, names, starts)
        person = create_person(**names, by=by, basis=BASIS)
    return confirm_relation(parent=person, pupil=pupil, kind=kind, starts=starts, basis=basis, by=by)


def _refuse_namesake(pupil: User, names: dict, starts: datetime.date) -> None:
    wanted = folded(names["surname"], names["name"], names.get("patronymic", ""))
    for row in Relation.objects.overlapping(starts, None).filter(pupil=pupil).select_related("parent"):
        other = row.parent
        if folded(other.surname, other.name, other.patronymic) == wanted and _may_be(other, names.get("birth_date")):
            raise ValidationError(f"{other} уже записан законным представителем этого обучающегося.")


def _may_be(person: User, birth_date: datetime.date | None) -> bool:
    return birth_date is None or person.birth_date is None or birth_date == person.birth_date
