"""Handing accounts of libraries out: to whole classes and to one, and taking them back (10.6)."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.actor import Actor
from accounts.models import User
from eios.lib import crypto
from eios.lib.russian import plural
from resources import pools
from resources.actions.credential_links import send
from resources.actions.credentials import issue, take_from_pool
from resources.actions.requests import serve_waiting
from resources.models import Element, ExternalCredential

Source = ExternalCredential.Source


@transaction.atomic
def hand_out(
    element: Element, people: Sequence[User], *, by: Actor, as_many_as_there_are: bool = False
) -> list[ExternalCredential]:
    """Gives each of the people one free account of the element's pools, in their order; all or none.

    With `as_many_as_there_are` the first ones get what there is. Effects: as of `take_from_pool`; requests of those who
    were waiting are confirmed. Two who hand out at once come here one after another. Raises ValidationError: fewer are
    free than wanted (says how many are missing), somebody has an account already, a key is missing.
    """
    Element.objects.select_for_update().get(pk=element.pk)
    free = pools.free(element)
    if not free:
        raise ValidationError("Свободных учётных записей нет: создайте партию или загрузите ответ библиотеки.")
    if free < len(people) and not as_many_as_there_are:
        raise ValidationError(too_few(len(people), free))
    given = [_one(element, person, by) for person in people[:free]]
    serve_waiting(element, by=by)
    return given


def too_few(wanted: int, free: int) -> str:
    """What to say where fewer are free than wanted."""
    lack = wanted - free
    words = plural(lack, "учётной записи", "учётных записей", "учётных записей")
    return (
        f"Не хватает {lack} {words}: нужно {wanted}, свободно {free}. Никому не выдано. Отметьте «Выдать скольким "
        "хватит» или подготовьте ещё партию."
    )


def _one(element: Element, person: User, by: Actor) -> ExternalCredential:
    try:
        given = take_from_pool(element, person, by=by)
    except ValidationError as refusal:
        raise ValidationError(f"{person.get_full_name()}: {' '.join(refusal.messages)}") from refusal
    except crypto.CannotOpen as error:
        raise ValidationError(str(error)) from error
    if given is None:
        raise ValidationError("Пока вы выбирали, свободные учётные записи кончились. Никому не выдано.")
    return given


@transaction.atomic
def note_given_by_library(element: Element, people: Sequence[User], *, by: Actor) -> list[ExternalCredential]:
    """Records that the library itself hands these people their accounts, in its own cabinet; no password is kept.

    Requests of those who were waiting are confirmed. Raises ValidationError.
    """
    given = [issue(element, person, login="", password="", source=Source.LIBRARY, by=by) for person in people]
    serve_waiting(element, by=by)
    return given


def send_links(given: Sequence[ExternalCredential], *, by: Actor) -> int:
    """A one-time link by e-mail to everybody who has an address; how many were sent. Effects: as of `send`."""
    reachable = [one for one in given if one.person.email]
    for one in reachable:
        send(one, by=by)
    return len(reachable)
