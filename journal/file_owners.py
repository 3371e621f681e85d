"""Kinds of files that the journal owns, and who may read them."""

from dataclasses import replace

from accounts.hints import FILE_AUTHORISERS, FILE_KINDS
from accounts.models import StoredFile, User
from eios.lib.dates import today
from eios.lib.filetypes import FileKind, kinds
from journal import rights
from journal.actions import paper, sheets
from journal.books import memberships
from journal.models import ArchivedSheet, HomeworkFile

TEACHING_LOAD, IMPORT, HOMEWORK_FILE = "teaching_load", "journal_import", "homework"


def managers(person: User | None, file: StoredFile) -> bool:
    """Files of the load, and drafts of all sheets, are for those who keep them."""
    return person is not None and rights.manages(person)


def loader_or_manager(person: User | None, file: StoredFile) -> bool:
    """Files of marks: for the one who gave the file while leading a class, and for those who keep the journal."""
    if person is None:
        return False
    return rights.manages(person) or (person.pk == file.owner_id and bool(person.led_classes))


FILE_KINDS.register(TEACHING_LOAD, replace(kinds.TABLE, title="файл нагрузки", max_bytes=5 * kinds.MIB))
FILE_AUTHORISERS.register(TEACHING_LOAD, managers)
FILE_KINDS.register("timetable", replace(kinds.TABLE, title="файл расписания", max_bytes=5 * kinds.MIB))
FILE_AUTHORISERS.register("timetable", managers)
FILE_KINDS.register(IMPORT, replace(kinds.TABLE, title="файл с отметками"))
FILE_AUTHORISERS.register(IMPORT, loader_or_manager)


# Yearly sheets
def reader_of_class(person: User | None, file: StoredFile) -> bool:
    """An archived sheet says who was ill: for those who see the whole class (access.md)."""
    row = ArchivedSheet.objects.filter(file=file).select_related("school_class").first()
    return row is not None and person is not None and rights.sees_class(person, row.school_class)


SHEET = FileKind("сводная ведомость", frozenset({"application/pdf"}), 20 * kinds.MIB)
FILE_KINDS.register(sheets.SHEET_FILE, SHEET)
FILE_AUTHORISERS.register(sheets.SHEET_FILE, reader_of_class)
# Drafts of a whole school's sheets lie for a day, until the clean-up.
FILE_KINDS.register(sheets.DRAFT_FILE, replace(SHEET, title="проект сводной ведомости"))
FILE_AUTHORISERS.register(sheets.DRAFT_FILE, managers)


# Journals of classes on paper lie for a day too; their own page gives them out, to who started the work
def nobody(person: User | None, file: StoredFile) -> bool:
    return False


FILE_KINDS.register(paper.FILE, replace(SHEET, title="журнал класса для печати", max_bytes=60 * kinds.MIB))
FILE_AUTHORISERS.register(paper.FILE, nobody)


# Files of homework
def readers_of_homework(person: User | None, file: StoredFile) -> bool:
    """Who sees the gradebook, who taught there on the lesson's day, and whoever reads the diary of one of its pupils:
    of one who belonged to it on the lesson's day or later, since a week shows the task till it is due (access.md)."""
    row = HomeworkFile.objects.filter(file=file).select_related("homework__lesson__gradebook").first()
    if row is None or person is None:
        return False
    lesson, date = row.homework.lesson, today()
    if rights.gradebooks_seen(person, date).filter(pk=lesson.gradebook_id).exists():
        return True
    if rights.taught(person, lesson.gradebook_id, lesson.date, date):
        return True
    pupils = rights.diaries_of(person, date).values("pk")
    return memberships(lesson.gradebook).filter(pupil__in=pupils).overlapping(lesson.date, None).exists()


FILE_KINDS.register(HOMEWORK_FILE, replace(kinds.WORK, title="файл задания", without_metadata=True))
FILE_AUTHORISERS.register(HOMEWORK_FILE, readers_of_homework)
