"""Who may read a stored file: the app that owns its kind decides; a kind without an owner is closed."""

from accounts.hints import FILE_AUTHORISERS
from accounts.models import StoredFile, User


def may_read(person: User | None, file: StoredFile) -> bool:
    """May the person who passed the gate (None is a guest) read the file?"""
    return file.kind in FILE_AUTHORISERS and FILE_AUTHORISERS[file.kind](person, file)
