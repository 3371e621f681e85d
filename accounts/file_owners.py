"""Kinds of files that this app owns, and who may read them; every app with files has such a module."""

from dataclasses import replace

from accounts.hints import FILE_AUTHORISERS, FILE_KINDS
from accounts.models import StoredFile, User
from accounts.models.people import MANAGEMENT_LEVEL
from eios.lib.filetypes import kinds


def everybody(person: User | None, file: StoredFile) -> bool:
    """The school's logo stands on public pages."""
    return True


def management(person: User | None, file: StoredFile) -> bool:
    """Scans of orders are for those to whom orders open."""
    return person is not None and person.level >= MANAGEMENT_LEVEL


FILE_KINDS.register("logo", kinds.LOGO)
FILE_AUTHORISERS.register("logo", everybody)

ORDER_SCAN = replace(kinds.SCAN, title="скан приказа", types=frozenset({"application/pdf", "image/jpeg"}))
FILE_KINDS.register("order_scan", ORDER_SCAN)
FILE_AUTHORISERS.register("order_scan", management)


def uploader_or_management(person: User | None, file: StoredFile) -> bool:
    """Lists of pupils and staff: for the one who gave the file, and for the management."""
    return person is not None and (person.pk == file.owner_id or person.level >= MANAGEMENT_LEVEL)


FILE_KINDS.register("registration", replace(kinds.TABLE, title="регистрационная ведомость"))
FILE_AUTHORISERS.register("registration", uploader_or_management)
