"""Loading the acts on which the Regulation stands (1.2), and the Regulation."""

import datetime

from django.db import transaction

from accounts.actor import Actor
from eios.lib.dates import today
from resources.actions.documents import publish_edition, save_document
from resources.importing.acts import read_acts, read_regulation
from resources.models import Document


@transaction.atomic
def load_documents(*, by: Actor, in_force_from: datetime.date | None = None) -> int:
    """Adds what is missing, and changes nothing that stands: how many documents were added.

    What was loaded once is known by its code, whatever people made of it since; what they typed themselves by number
    and date, or by title. The Regulation gets its first edition, in force from the day given (today). Raises
    RegistryFileError.
    """
    regulation, text = read_regulation()
    added = [act for act in read_acts() if not _stands(act)]
    for act in added:
        save_document(act, by=by)
    if _stands(regulation):
        return len(added)
    save_document(regulation, by=by)
    publish_edition(regulation, text=text, in_force_from=in_force_from or today(), by=by)
    return len(added) + 1


def _stands(document: Document) -> bool:
    rows = Document.objects.all()
    if rows.filter(code=document.code).exists():
        return True
    if document.number and rows.filter(number=document.number, date=document.date).exists():
        return True
    return bool(document.title) and rows.filter(title=document.title).exists()
