"""Kinds of files that this app owns, and who may read them; every app with files has such a module."""

from dataclasses import replace

from accounts.hints import FILE_AUTHORISERS, FILE_KINDS
from accounts.models import StoredFile, User
from accounts.staff import trainings_for
from eios.lib.filetypes import kinds


def everybody(person: User | None, file: StoredFile) -> bool:
    """The school's logo stands on public pages."""
    return True


def readers_of_training(person: User | None, file: StoredFile) -> bool:
    """The scan of a training opens to those who may open the record."""
    return person is not None and trainings_for(person).filter(scan=file).exists()


FILE_KINDS.register("logo", kinds.LOGO)
FILE_AUTHORISERS.register("logo", everybody)
FILE_KINDS.register("training_scan", replace(kinds.SCAN, title="документ об обучении"))
FILE_AUTHORISERS.register("training_scan", readers_of_training)
