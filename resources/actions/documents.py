"""The verbs of documents: their editions come into force, people read them, acts lose force (3.2, 3.3, 5.11, 13)."""

import datetime

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max

from accounts import audit
from accounts.actions import files
from accounts.actions.dictionaries import save_row
from accounts.actor import Actor
from accounts.marks import Seen, refuse_stale
from accounts.models import Order, SchoolCard
from eios.lib.dates import today
from resources.file_owners import DOCUMENT_FILE
from resources.models import Acquaintance, Condition, Document, Edition


class StaleEdition(ValidationError):
    """What was read is not what is in force."""

    def __init__(self):
        super().__init__("Пока страница была открыта, вышла новая редакция. Прочитайте её.")


@transaction.atomic
def save_document(
    document: Document, *, by: Actor, file: UploadedFile | bool | None = None, seen: Seen | None = None
) -> Document:
    """Adds or changes a document; its texts are editions. `file`: a new one, False to take it away. Audited.

    Raises ValidationError, Stale: it is not what was `seen`; FileRefused.
    """
    refuse_stale(document, seen)
    document.file = _settled(document.file, file, by)
    saved = save_row(document, by=by)
    _tell()
    return saved


@transaction.atomic
def publish_edition(
    document: Document, *, in_force_from: datetime.date, text: str = "", basis: str = "", by: Actor,
    file: UploadedFile | bool | None = None, **details,
) -> Edition:  # fmt: skip
    """Adds an edition that ends the former on its day (13); who has read the former is asked again from then on.

    `details`: how it was adopted and approved, by names of the fields. Effects: the edition with the next number;
    audit. Raises ValidationError: not after the latest edition's day, before its order or protocol; FileRefused.
    """
    # Two publications at once wait here for each other.
    locked = Document.objects.select_for_update().get(pk=document.pk)
    _refuse_without_force(locked, in_force_from)
    latest = locked.editions.aggregate(number=Max("number"), day=Max("in_force_from"))
    if latest["day"] and in_force_from <= latest["day"]:
        day = f"{latest['day']:%d.%m.%Y}"
        raise ValidationError({"in_force_from": f"Предыдущая редакция действует с {day}: новая начинается позже."})
    edition = Edition(
        document=document, number=(latest["number"] or 0) + 1, text=text, in_force_from=in_force_from, basis=basis,
        **details,
    )  # fmt: skip
    return _save_edition(edition, file, by)


@transaction.atomic
def correct_edition(
    edition: Edition, *, by: Actor, file: UploadedFile | bool | None = None, seen: Seen | None = None
) -> Edition:
    """Corrects an edition that nobody has read yet; its place in order stays. Audited.

    Raises Stale; ValidationError: read already, the day is not between those of its neighbours; FileRefused.
    """
    # Publications wait at the document, readers at the edition: whoever reads it now comes before or after.
    Document.objects.select_for_update().get(pk=edition.document_id)
    old = Edition.objects.select_for_update().get(pk=edition.pk)
    if old.acquaintances.exists():
        raise ValidationError("С этой редакцией уже ознакомились: изменить её нельзя, опубликуйте новую.")
    refuse_stale(edition, seen)
    _refuse_other_place(edition)
    return _save_edition(edition, file, by)


def _save_edition(edition: Edition, file: UploadedFile | bool | None, by: Actor) -> Edition:
    _refuse_early(edition)
    edition.file = _settled(edition.file, file, by)
    saved = save_row(edition, by=by, basis=edition.approval[:300])
    _tell()
    return saved


def _refuse_other_place(edition: Edition) -> None:
    """A corrected day keeps the editions in the order of their numbers."""
    others = edition.document.editions.exclude(pk=edition.pk)
    before = others.filter(number__lt=edition.number).order_by("-number").first()
    after = others.filter(number__gt=edition.number).order_by("number").first()
    if before and edition.in_force_from <= before.in_force_from:
        day = f"{before.in_force_from:%d.%m.%Y}"
        raise ValidationError({"in_force_from": f"Предыдущая редакция действует с {day}: эта начинается позже."})
    if after and edition.in_force_from >= after.in_force_from:
        day = f"{after.in_force_from:%d.%m.%Y}"
        raise ValidationError({"in_force_from": f"Следующая редакция действует с {day}: эта начинается раньше."})


def _refuse_early(edition: Edition) -> None:
    """An edition begins on the day of its protocol and its order or later, and the order is one that stands (13.1)."""
    if edition.protocol_date and edition.in_force_from < edition.protocol_date:
        day = f"{edition.protocol_date:%d.%m.%Y}"
        raise ValidationError({"in_force_from": f"Протокол от {day}: редакция не может действовать раньше него."})
    if edition.order_id is None:
        return
    # A cancellation of the order at this moment comes before or after.
    order = Order.objects.select_for_update().get(pk=edition.order_id)
    if not order.can_approve:
        raise ValidationError({"order": "Нужен исполненный и не отменённый приказ по основной деятельности."})
    if edition.in_force_from < order.date:
        day = f"{order.date:%d.%m.%Y}"
        raise ValidationError({"in_force_from": f"Приказ от {day}: редакция не может действовать раньше него."})


def _refuse_without_force(document: Document, date: datetime.date) -> None:
    if document.has_lost_force(date):
        day = f"{document.lost_force_on:%d.%m.%Y}"
        raise ValidationError({"in_force_from": f"Документ утратил силу {day}: новых редакций у него не бывает."})


@transaction.atomic
def lose_force(document: Document, *, on: datetime.date, replaced_by: Document | None = None, by: Actor) -> Document:
    """From the day on the document is in force no more; nobody has to read it then (1.2).

    Effects: the day and what replaces it; audit. Raises ValidationError: doors open by having read it, editions are to
    come after that day, it would replace itself.
    """
    row = Document.objects.select_for_update().get(pk=document.pk)
    bound = Condition.objects.filter(document=row).select_related("element")
    if names := ", ".join(f"«{condition.element}»" for condition in bound):
        raise ValidationError(f"Ознакомления с документом требуют элементы: {names}. Сначала снимите условие.")
    if row.editions.filter(in_force_from__gte=on).exists():
        raise ValidationError({"on": "В этот день или позже начинает действовать редакция документа."})
    old = audit.snapshot(row, ("lost_force_on", "replaced_by"))
    row.lost_force_on, row.replaced_by = on, replaced_by
    return _save_force(row, old, by)


@transaction.atomic
def restore_force(document: Document, *, by: Actor) -> Document:
    """Takes back a mark that was made by mistake. Audited."""
    row = Document.objects.select_for_update().get(pk=document.pk)
    old = audit.snapshot(row, ("lost_force_on", "replaced_by"))
    row.lost_force_on = row.replaced_by = None
    return _save_force(row, old, by)


def _save_force(row: Document, old: dict, by: Actor) -> Document:
    if row.replaced_by_id == row.pk:
        raise ValidationError({"replaced_by": "Документ не может заменить сам себя."})
    row.save(update_fields=["lost_force_on", "replaced_by"])
    if changes := audit.difference(old, audit.snapshot(row, ("lost_force_on", "replaced_by"))):
        audit.record(by, "document.force_changed", row, changes)
    _tell()
    return row


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


def _settled(current, file: UploadedFile | bool | None, by: Actor):
    """The school's own file: on nobody's quota."""
    return files.settle(current, file, kind=DOCUMENT_FILE, by=by, owner=None)


def _tell() -> None:
    """Guests see documents, and what is remembered of conditions has their names in it."""
    SchoolCard.touch_public()
    SchoolCard.touch_access()
