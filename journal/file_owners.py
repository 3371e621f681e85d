"""Files that the journal keeps, and who may read them."""

from dataclasses import replace

from accounts.hints import FILE_AUTHORISERS, FILE_KINDS
from accounts.models import StoredFile, User
from eios.lib.filetypes import kinds
from journal import rights

# Load
TEACHING_LOAD = "teaching_load"


def managers(person: User | None, file: StoredFile) -> bool:
    """Files of the load are for those who keep it."""
    return person is not None and rights.manages(person)


FILE_KINDS.register(TEACHING_LOAD, replace(kinds.TABLE, title="файл нагрузки", max_bytes=5 * kinds.MIB))
FILE_AUTHORISERS.register(TEACHING_LOAD, managers)
