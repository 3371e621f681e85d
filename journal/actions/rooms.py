"""The verbs of rooms: saved, removed while nothing is held in them (1.3 b)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError

from accounts.actions.dictionaries import delete_row, save_row
from accounts.actor import Actor
from accounts.marks import Seen, refuse_stale
from journal.models import Room

IN_USE = "В этом кабинете стоят уроки, поэтому убрать его нельзя. Снимите отметку «в нём проводят уроки»."


@transaction.atomic
def save_room(row: Room, *, seen: Seen | None = None, by: Actor) -> Room:
    """Adds or changes a room; lessons that are in it stay. Audited. Raises ValidationError, Stale."""
    refuse_stale(row, seen)
    return save_row(row, by=by)


def remove_room(row: Room, *, by: Actor) -> None:
    """Audited. Raises ValidationError where a lesson or a timetable names it."""
    try:
        with transaction.atomic():
            delete_row(row, by=by)
    except ProtectedError as error:
        raise ValidationError(IN_USE) from error
