"""Files inside cards: put there and taken away by the element's administrator (5.4)."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts import audit
from accounts.actions import files
from accounts.actor import Actor
from accounts.models import SchoolCard
from resources.file_owners import ELEMENT_FILE
from resources.models import Element, ElementFile

AUDITED = ("element", "title", "file")


@transaction.atomic
def add_file(element: Element, upload: UploadedFile, *, title: str, by: Actor) -> ElementFile:
    """Puts a file inside the card; it opens to those to whom the card does.

    Effects: the stored file on the quota of who gives it; audit. Raises ValidationError, FileRefused.
    """
    row = ElementFile(element=element, title=" ".join(title.split()), added_by=by.person)
    row.full_clean(exclude=["file", "added_by"])
    row.file = files.store(upload, kind=ELEMENT_FILE, by=by, owner=by.person)
    row.save(force_insert=True)
    audit.record(by, "element_file.added", row, audit.difference({}, audit.snapshot(row, AUDITED)))
    SchoolCard.touch_public()
    return row


@transaction.atomic
def remove_file(row: ElementFile, *, by: Actor) -> None:
    """The file is in the card no more, and nobody reads it; its bytes go by the clean-up of files. Audited."""
    changes = {name: [value, None] for name, value in audit.snapshot(row, AUDITED).items()}
    audit.record(by, "element_file.deleted", row, changes)
    row.delete()
    SchoolCard.touch_public()
