"""Kinds of files that the journal takes. To teach it another system, write one module and name it here."""

from collections.abc import Sequence

from eios.lib.tables import Sheet, TableError
from journal.importing.importers.base import Importer, UnknownHead, titles_in
from journal.importing.importers.dated import ClassDates, StudentTotal
from journal.importing.importers.results import ClassResults, FinalMarks
from journal.importing.items import Reading

IMPORTERS: tuple[Importer, ...] = (StudentTotal(), ClassDates(), FinalMarks(), ClassResults())
BY_CODE = {one.code: one for one in IMPORTERS}
SOURCES = ("Сетевой город. Образование", "Моя школа", "Другая система")


def read(sheets: Sequence[Sheet], said: dict | None = None) -> Reading:
    """By the first importer that knows the file. `said`: what the one who loads it has said of it.

    Raises TableError where none does; UnknownHead where it is a table, and a person may say what names its rows.
    """
    said = said or {}
    for importer in IMPORTERS:
        if importer.recognises(sheets, said):
            return importer.read(sheets, said)
    kinds = "; ".join(f"«{one.title}» — {one.looks}" for one in IMPORTERS)
    titles = titles_in(sheets)
    text = f"Не похоже ни на один из известных отчётов. Портал читает: {kinds}."
    raise UnknownHead(text, titles) if titles else TableError(text)
