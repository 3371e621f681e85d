"""Kinds of files that this app owns, and who may read them."""

from dataclasses import replace

from accounts.hints import FILE_AUTHORISERS, FILE_KINDS
from accounts.models import StoredFile, User
from eios.lib.filetypes import kinds


def system_administrator(person: User | None, file: StoredFile) -> bool:
    """Files of the registry are for those who load them."""
    return person is not None and person.is_system_administrator


# Registry files
FILE_KINDS.register("registry", replace(kinds.TABLE, title="файл реестра", max_bytes=5 * kinds.MIB))
FILE_AUTHORISERS.register("registry", system_administrator)
