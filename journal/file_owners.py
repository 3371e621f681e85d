"""Kinds of files that the journal owns, and who may read them."""

from dataclasses import replace

from accounts.hints import FILE_AUTHORISERS, FILE_KINDS
from accounts.models import StoredFile, User
from eios.lib.filetypes import kinds
from journal import rights


def loader_or_manager(person: User | None, file: StoredFile) -> bool:
    """Files of marks: for the one who gave the file while in service, and for those who keep the journal."""
    if person is None:
        return False
    return rights.manages(person) or (person.pk == file.owner_id and bool(person.led_classes))


FILE_KINDS.register("journal_import", replace(kinds.TABLE, title="файл с отметками"))
FILE_AUTHORISERS.register("journal_import", loader_or_manager)
