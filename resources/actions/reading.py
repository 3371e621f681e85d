"""The verbs of who must read what: laying the duty, lifting it, reminding (3.2, 5.11)."""

import datetime

from django.db import transaction
from django.urls import reverse

from accounts.actions.dictionaries import delete_row, save_row
from accounts.actions.notifications import notify
from accounts.actor import Actor
from resources import reading
from resources.models import Document, MustRead

WEEK = 7


@transaction.atomic
def add_duty(duty: MustRead, *, by: Actor) -> MustRead:
    """These people must read the document from today on; they are told by the next reminder. Audited.

    Raises ValidationError: nobody or several are named, they must read it already.
    """
    duty.added_by = by.person
    # Two that are added at once wait here for each other.
    Document.objects.select_for_update().get(pk=duty.document_id)
    return save_row(duty, by=by)


@transaction.atomic
def remove_duty(duty: MustRead, *, by: Actor) -> None:
    """They need not read it any more; what they have read stays in the register. Audited."""
    delete_row(duty, by=by)


@transaction.atomic
def remind(date: datetime.date, *, by: Actor) -> tuple[int, int]:
    """Tells those who have not read what they must: on the first day, and once a week until they have.

    Returns (people told, documents). Who was told this week is not told again, however often this runs.
    """
    documents = reading.asked_for(date)
    return sum(_remind(one, date, by) for one in documents), len(documents)


def _remind(document: Document, date: datetime.date, by: Actor) -> int:
    edition = document.edition_on(date)
    begins = min(duty.begins(edition.in_force_from) for duty in document.duties)
    week = (date - begins).days // WEEK
    return notify(
        reading.who_must(document.duties, date).filter(reading.has_not_read(edition)),
        "document_unread", key=f"document:{edition.pk}:{week}", by=by,
        text=f"Прочитайте документ «{document}» и отметьте, что ознакомились.",
        url=reverse("resources:document_detail", args=[document.pk]),
    )  # fmt: skip
