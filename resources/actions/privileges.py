"""Privileges with a term, and administrators without one (5.3-5.5)."""

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from accounts.models import Appointment, Order, SchoolCard, User
from eios.lib.access import ADMINISTER
from eios.lib.dates import today
from resources import access
from resources.asker import asker_by
from resources.models import Element, ElementAdministrator, Privilege

AUDITED = ("element", "right", "person", "position", "status", "school_class", "starts", "ends", "order")


@transaction.atomic
def grant(privilege: Privilege, *, by: Actor) -> Privilege:
    """Gives a privilege to one grantee for a term. Audited. Raises ValidationError.

    The grantor administers the element, and gives nothing to himself; terms of one grantee on one element don't
    overlap. Two who grant at once come here one after another.
    """
    _begin([privilege], by)
    _give(privilege, by)
    SchoolCard.touch_access()
    return privilege


@transaction.atomic
def grant_many(privileges: Sequence[Privilege], *, by: Actor) -> Sequence[Privilege]:
    """Gives them all, or none. Each is audited. Raises ValidationError with a sentence for each refused grantee."""
    _begin(privileges, by)
    refused = []
    for privilege in privileges:
        try:
            _give(privilege, by)
        except ValidationError as refusal:
            refused += _named(privilege, refusal)
    if refused:
        raise ValidationError(refused)
    SchoolCard.touch_access()
    return privileges


def refusals(privileges: Sequence[Privilege], *, by: Actor) -> list[str]:
    """Why these can't be given, a sentence for each grantee; empty where all can. Writes nothing."""
    refused = []
    for privilege in privileges:
        try:
            _check(privilege, by)
        except ValidationError as refusal:
            refused += _named(privilege, refusal)
    return refused


@transaction.atomic
def extend(
    privilege: Privilege, ends: datetime.date | None, *, by: Actor, basis: str = "", order: Order | None = None
) -> Privilege:
    """Grants the term that follows: the same right from the day after the last, or from today where that is past.

    The former row stays as it was. Audited as a grant. Raises ValidationError.
    """
    if privilege.revoked_at:
        raise ValidationError("Эта привилегия отозвана: дайте новую.")
    if privilege.ends is None:
        raise ValidationError("Эта привилегия без срока: продлевать нечего.")
    name = privilege.grantee_field
    grantee = {name if name == "status" else f"{name}_id": privilege.grantee_value}
    following = Privilege(
        element=privilege.element, right=privilege.right, starts=next_start(privilege), ends=ends, basis=basis,
        order=order, **grantee,
    )  # fmt: skip
    return grant(following, by=by)


def next_start(privilege: Privilege) -> datetime.date:
    """The day on which the term that follows begins; of a privilege with a last day."""
    return max(privilege.ends + datetime.timedelta(days=1), today())


@transaction.atomic
def revoke(privilege: Privilege, reason: str, *, by: Actor) -> Privilege:
    """Ends a privilege at once. Audited. Raises ValidationError: no reason, or revoked already."""
    _check_grantor(by, privilege.element)
    if not reason.strip():
        raise ValidationError({"revoke_reason": "Укажите, почему привилегия отозвана."})
    standing = Privilege.objects.standing().filter(pk=privilege.pk)
    if not standing.update(revoked_at=timezone.now(), revoked_by=by.person, revoke_reason=reason.strip()[:300]):
        raise ValidationError("Эта привилегия уже отозвана.")
    privilege.refresh_from_db()
    audit.record(by, "privilege.revoked", privilege, {"revoked_at": [None, audit.plain(today())]}, reason)
    SchoolCard.touch_access()
    return privilege


@transaction.atomic
def name_administrator(element: Element, person: User, *, by: Actor, basis: str = "") -> None:
    """The person administers the element and its parts from now on (5.4). Audited. Raises ValidationError.

    Named by the system administrator, or by another administrator of the element; nobody names himself.
    """
    _check_namer(by, element)
    if by.person and person.pk == by.person.pk:
        raise ValidationError("Себя администратором не назначают.")
    if not person.is_alive or not person.is_employee:
        raise ValidationError("Администратором элемента может быть работник с действующей учётной записью.")
    if ElementAdministrator.objects.filter(content_object=element, user=person).exists():
        raise ValidationError("Этот человек уже администратор элемента.")
    ElementAdministrator.add(person, element)
    audit.record(by, "element.administrator_named", element, {"administrator": [None, str(person.pk)]}, basis)
    SchoolCard.touch_access()


@transaction.atomic
def remove_administrator(element: Element, person: User, *, by: Actor, basis: str = "") -> None:
    """The person does not administer the element any more; without others it falls to the system administrator.

    Audited. Raises ValidationError.
    """
    _check_namer(by, element)
    if not ElementAdministrator.remove(person, element):
        raise ValidationError("Этот человек не администратор этого элемента.")
    audit.record(by, "element.administrator_removed", element, {"administrator": [str(person.pk), None]}, basis)
    SchoolCard.touch_access()


def _begin(privileges: Sequence[Privilege], by: Actor) -> None:
    """Locks the elements and asks whether the grantor administers them."""
    keys = {privilege.element_id for privilege in privileges}
    for element in Element.objects.select_for_update().filter(pk__in=keys).order_by("pk"):
        _check_grantor(by, element)


def _give(privilege: Privilege, by: Actor) -> None:
    _check(privilege, by)
    privilege.save(force_insert=True)
    audit.record(by, "privilege.granted", privilege, _given(privilege), privilege.ground)


def _is_only_holder(person: User, privilege: Privilege) -> bool:
    """A position that nobody else holds today is the person by another name."""
    if privilege.position_id is None:
        return False
    holders = Appointment.objects.on(today()).filter(position=privilege.position_id).values_list("person", flat=True)
    return set(holders) == {person.pk}


def _check(privilege: Privilege, by: Actor) -> None:
    if by.person and privilege.person_id == by.person.pk:
        raise ValidationError({"person": "Себе привилегию не дают."})
    if by.person and _is_only_holder(by.person, privilege):
        raise ValidationError({"position": "Эту должность занимаете только вы: себе привилегию не дают."})
    privilege.granted_by = by.person
    # Nobody types the grantor; a command has none.
    privilege.full_clean(exclude=["granted_by"])
    _refuse_overlap(privilege)


def _named(privilege: Privilege, refusal: ValidationError) -> list[str]:
    return [f"{privilege.grantee}: {message}" for message in refusal.messages]


def _check_grantor(by: Actor, element: Element) -> None:
    """Nobody grants more than they hold. A command has no person and is trusted."""
    if by.person is None:
        return
    asker = asker_by(by)
    if not access.decide(asker, element, ADMINISTER).allowed:
        raise ValidationError("Привилегии элемента даёт и отзывает его администратор.")


def _check_namer(by: Actor, element: Element) -> None:
    if by.person and not by.person.is_system_administrator:
        _check_grantor(by, element)


def _refuse_overlap(privilege: Privilege) -> None:
    others = Privilege.objects.standing().of_grantee(privilege).overlapping(privilege.starts, privilege.ends)
    other = others.first()
    if other is None:
        return
    until = f"по {other.ends:%d.%m.%Y}" if other.ends else "без срока"
    raise ValidationError(
        {"starts": f"У этого получателя уже есть привилегия с {other.starts:%d.%m.%Y} {until}: сроки не должны "
         "пересекаться. Отзовите её или выберите другой срок."}
    )  # fmt: skip


def _given(privilege: Privilege) -> dict:
    return {
        name: [None, value] for name, value in audit.snapshot(privilege, AUDITED).items() if value not in (None, "")
    }
