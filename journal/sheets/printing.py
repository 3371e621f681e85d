"""PDF files, each drawn in a process of its own that ends with it.

The library that draws them takes some 45 MiB: a worker that had loaded it would keep them for good, and few pages
are a PDF. Loading it costs a file a third of a second.
"""

import datetime
import importlib
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from django.utils import timezone

from eios.lib import russian

SHEET, FINAL_MARKS, GRADEBOOK = "journal.sheets.pdf", "journal.sheets.personal_pdf", "journal.paper_pdf"
CLASS_BOOK = "journal.paper_class_pdf"
# Lines of a class's contents on a page.
CONTENTS_LINES = 21
# How long one file may take, in seconds.
LONGEST = 60


@dataclass(frozen=True)
class Stamp:
    """What a sheet from the archive carries besides its content; a draft has no number."""

    made_at: datetime.datetime
    number: int | None = None
    sha256: str = ""

    @property
    def words(self) -> str:
        day = russian.short_date(timezone.localdate(self.made_at))
        if self.number is None:
            return f"Проект на {day}, в архив не сдан"
        return f"Ведомость № {self.number}, сдана в архив {day}. SHA-256 содержания: {self.sha256}"


def sheet(content: dict, stamp: Stamp) -> bytes:
    """The yearly sheet (7.3)."""
    return apart(SHEET, content, stamp)


def final_marks(marks, *, school: str, foot: str, made_at: datetime.datetime) -> bytes:
    """«Итоговые отметки» of a pupil."""
    return apart(FINAL_MARKS, marks, school=school, foot=foot, made_at=made_at)


def gradebook(content: dict, *, foot: str, made_at: datetime.datetime, first: int = 1, alone: bool = True) -> bytes:
    """A gradebook of the paper journal; within a class's one its pages count on from `first`."""
    return apart(GRADEBOOK, content, foot=foot, made_at=made_at, first=first, alone=alone)


def pages_of_contents(lines: int) -> int:
    """How many pages a class's title and contents take."""
    return -(-lines // CONTENTS_LINES)


def class_book(heading: dict, parts: list, *, foot: str, made_at: datetime.datetime) -> bytes:
    """The journal of a class: title, contents, then the parts (title, first page, path of its PDF)."""
    return apart(CLASS_BOOK, heading, parts, foot=foot, made_at=made_at)


def apart(module: str, *what, **words) -> bytes:
    """What the module's `draw` makes of these values, in a process of its own."""
    # Forked, the process has all that the worker has loaded; it asks nothing of the database.
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(_draw, module, what, words).result(LONGEST)


def _draw(module: str, what: tuple, words: dict) -> bytes:
    return importlib.import_module(module).draw(*what, **words)
