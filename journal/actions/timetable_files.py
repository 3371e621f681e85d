"""A file of the week: kept to be looked at, then made the lines of a draft (6.2)."""

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.actions import files
from accounts.actor import Actor
from accounts.importing.plan import read_source
from accounts.models import StoredFile
from journal.actions import timetables
from journal.models import Timetable
from journal.timetable_plan import plan_of

FILE_KIND = "timetable"


def keep_file(upload: UploadedFile, *, by: Actor) -> StoredFile:
    """Keeps the file to be looked at; it goes a day later by itself. Raises FileRefused."""
    return files.store(upload, kind=FILE_KIND, by=by, owner=by.person)


@transaction.atomic
def fill_from(timetable: Timetable, file: StoredFile, seen: str, *, by: Actor) -> int:
    """The file's lessons in the place of the draft's own; how many. Effects as of `timetables.fill`. Raises
    ValidationError: another plan by now, mistakes in the file; TableError."""
    plan = plan_of(read_source(file), timetable.year, timetable.starts)
    if plan.mark != seen:
        raise ValidationError(timetables.STALE)
    if plan.wrong:
        raise ValidationError("В файле есть ошибки: исправьте их и загрузите файл снова.")
    return timetables.fill(timetable, plan.lines, plan.rooms, by=by)
