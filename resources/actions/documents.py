"""The verbs of documents: their editions come into force, people read them (3.2, 3.3, 5.11, 13)."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from accounts import audit
from accounts.actions.dictionaries import save_row
from accounts.actor import Actor
from accounts.models import SchoolCard
from eios.lib.dates import today
from resources.models import Acquaintance, Document, Edition


class StaleEdition(ValidationError):
    """What was read is not what is in force."""

    def __init__(self):
        super().__init__("Пока страница была открыта, вышла новая редакция. Прочитайте её.")


@transaction.atomic
def save_document(document: Document, *, by: Actor) -> Document:
    """Adds or changes a document; its texts are editions. Audited. Raises ValidationError."""
    saved = save_row(document, by=by)
    _tell()
    return saved


@transaction.atomic
def publish_edition(
    document: Document, *, text: str, in_force_from: datetime.date, basis: str = "", by: Actor
) -> Edition:
    """Adds an edition that ends the former on its day (13); who has read the former is asked again from then on.

    Effects: the edition with the next number; audit. Raises ValidationError: not after the latest edition's day.
    """
    # Two publications at once wait here for each other.
    Document.objects.select_for_update().get(pk=document.pk)
    latest = document.editions.aggregate(number=Max("number"), day=Max("in_force_from"))
    if latest["day"] and in_force_from <= latest["day"]:
        day = f"{latest['day']:%d.%m.%Y}"
        raise ValidationError({"in_force_from": f"Предыдущая редакция действует с {day}: новая начинается позже."})
    edition = Edition(
        document=document, number=(latest["number"] or 0) + 1, text=text, in_force_from=in_force_from, basis=basis
    )
    saved = save_row(edition, by=by, basis=basis)
    _tell()
    return saved


@transaction.atomic
def correct_edition(edition: Edition, *, by: Actor) -> Edition:
    """Corrects an edition that nobody has read yet; its place in order stays. Raises ValidationError."""
    # Whoever reads it at this moment comes before or after.
    old = Edition.objects.select_for_update().get(pk=edition.pk)
    if old.acquaintances.exists():
        raise ValidationError("С этой редакцией уже ознакомились: изменить её нельзя, опубликуйте новую.")
    saved = save_row(edition, by=by, basis=edition.basis)
    _tell()
    return saved


@transaction.atomic
def acquaint(edition: Edition, *, by: Actor) -> Acquaintance:
    """The person has read the edition in force (3.2). Once: a second tick changes nothing.

    Effects: the acquaintance with moment and address; audit. Raises StaleEdition where another edition is in force.
    """
    row = Edition.objects.select_for_update().get(pk=edition.pk)
    if row.document.edition_on(today()) != row:
        raise StaleEdition
    given, is_new = Acquaintance.objects.get_or_create(
        person=by.person, edition=row, defaults={"address": by.address or None}
    )
    if is_new:
        audit.record(by, "document.acquainted", row, {"person": [None, str(by.person.pk)]})
    return given


def _tell() -> None:
    """Guests see documents, and what is remembered of conditions has their names in it."""
    SchoolCard.touch_public()
    SchoolCard.touch_access()
