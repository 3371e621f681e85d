"""Privileges with a term, and administrators without one (5.3-5.5)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from accounts.models import SchoolCard, User
from eios.lib.access import ADMINISTER
from eios.lib.dates import today
from resources import access
from resources.asker import Asker
from resources.models import Element, ElementAdministrator, Privilege

AUDITED = ("element", "right", "person", "position", "status", "school_class", "starts", "ends", "order")


@transaction.atomic
def grant(privilege: Privilege, *, by: Actor) -> Privilege:
    """Gives a privilege to one grantee for a term. Audited. Raises ValidationError.

    The grantor administers the element, and gives nothing to himself; terms of one grantee on one element don't
    overlap. Two who grant at once come here one after another.
    """
    element = Element.objects.select_for_update().get(pk=privilege.element_id)
    _check_grantor(by, element)
    if by.person and privilege.person_id == by.person.pk:
        raise ValidationError({"person": "Себе привилегию не дают."})
    privilege.granted_by = by.person
    # A command has no person.
    privilege.full_clean(exclude=["granted_by"])
    _refuse_overlap(privilege)
    privilege.save(force_insert=True)
    audit.record(by, "privilege.granted", privilege, _given(privilege), privilege.ground)
    SchoolCard.touch_access()
    return privilege


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
    if by.person and person.pk == by.person.pk and not by.person.is_system_administrator:
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


def _check_grantor(by: Actor, element: Element) -> None:
    """Nobody grants more than they hold. A command has no person and is trusted."""
    if by.person is None:
        return
    asker = Asker(by.person, school=SchoolCard.current(), address=by.address or "")
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
