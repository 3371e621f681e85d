"""Kinds of files that the journal owns, and who may read them."""

from dataclasses import replace

from accounts.hints import FILE_AUTHORISERS, FILE_KINDS
from accounts.models import StoredFile, User
from eios.lib.filetypes import kinds
from journal import rights

TEACHING_LOAD, IMPORT = "teaching_load", "journal_import"


def managers(person: User | None, file: StoredFile) -> bool:
    """Files of the load are for those who keep it."""
    return person is not None and rights.manages(person)


def loader_or_manager(person: User | None, file: StoredFile) -> bool:
    """Files of marks: for the one who gave the file while leading a class, and for those who keep the journal."""
    if person is None:
        return False
    return rights.manages(person) or (person.pk == file.owner_id and bool(person.led_classes))


FILE_KINDS.register(TEACHING_LOAD, replace(kinds.TABLE, title="файл нагрузки", max_bytes=5 * kinds.MIB))
FILE_AUTHORISERS.register(TEACHING_LOAD, managers)
FILE_KINDS.register(IMPORT, replace(kinds.TABLE, title="файл с отметками"))
FILE_AUTHORISERS.register(IMPORT, loader_or_manager)
