"""Kinds of files that this app owns, and who may read them; every app with files has such a module."""

from accounts.hints import FILE_AUTHORISERS, FILE_KINDS
from accounts.models import StoredFile, User
from eios.lib.filetypes import kinds


def everybody(person: User | None, file: StoredFile) -> bool:
    """The school's logo stands on public pages."""
    return True


FILE_KINDS.register("logo", kinds.LOGO)
FILE_AUTHORISERS.register("logo", everybody)
