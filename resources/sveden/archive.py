"""«Сведения» as a ZIP of static pages for the official site: own style, relative links, files inside (8.3).

The archive holds what a guest may read, and nothing of it leads back to the portal.
"""

import dataclasses
import datetime
import hashlib
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import models
from django.template.loader import render_to_string

from accounts.models import SchoolCard, StoredFile
from eios.lib import russian
from resources import calendars, curricula, study_data
from resources import sections as registry
from resources.asker import Asker
from resources.models import AcademicCalendar, Curriculum, Document, Programme
from resources.sveden import pages
from resources.sveden.items import Item
from resources.sveden.pages import Page, Row
from resources.sveden.table import sections
from resources.topic_links import words_of

ROOT = "sveden"
STYLE = Path(__file__).parent.parent / "data" / "sveden_export.css"
# Up to this size an archive stays in memory.
IN_MEMORY = 20 * 1024 * 1024


class ExportRefused(Exception):
    """The archive can't be made; the message says why and what to do."""


@dataclass
class Archive:
    """A made archive: `file` stands at its beginning; `prints` say what each subsection held."""

    file: BinaryIO
    digest: str = ""
    size: int = 0
    pages: int = 0
    files: int = 0
    prints: dict[str, str] = field(default_factory=dict)


@dataclass
class Taken:
    """Things that pages lead to: each gets a place in the archive the first time that it is met."""

    date: datetime.date
    guest: Asker
    places: dict[models.Model, str] = field(default_factory=dict)

    def address(self, item: Item, up: str) -> str:
        """Where the item leads from a page that lies below the root by `up`; "" for what stays on the portal."""
        if item.target is None:
            return item.url if item.url.startswith(("http://", "https://", "mailto:")) else ""
        place = self.place(item.target)
        return f"{up}{place}" if place else ""

    def place(self, target: models.Model) -> str:
        if target not in self.places:
            self.places[target] = self._new_place(target)
        return self.places[target]

    def _new_place(self, target: models.Model) -> str:
        if isinstance(target, StoredFile):
            return _file_place(target) if target.is_ready else ""
        return f"docs/{target._meta.model_name}-{target.pk}.html" if self._is_open(target) else ""

    def _is_open(self, target: models.Model) -> bool:
        """Is it a paper whose section a guest may read? What the school closed on the portal isn't taken out of it."""
        slug = SECTIONS.get(type(target))
        return slug is not None and registry.is_open(self.guest, slug)

    def beside(self, file: StoredFile | None) -> str:
        """Where a file lies from a page of a paper; "" for none."""
        place = self.place(file) if file else ""
        return place and f"../{place}"


def make(school: SchoolCard, date: datetime.date) -> Archive:
    """The archive of the day. Raises ExportRefused: bytes of a file are missing, or the disk is full."""
    archive = Archive(tempfile.SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115 - the answer closes it
    try:
        with zipfile.ZipFile(archive.file, "w", zipfile.ZIP_DEFLATED) as zipped:
            _write(zipped, archive, school, date)
        _sign(archive)
    except FileNotFoundError as error:
        archive.file.close()
        raise ExportRefused("В хранилище портала нет одного из файлов. Сообщите системному администратору.") from error
    except OSError as error:
        archive.file.close()
        raise ExportRefused("Архив не удалось записать: на сервере нет места. Сообщите администратору.") from error
    return archive


def _write(zipped: zipfile.ZipFile, archive: Archive, school: SchoolCard, date: datetime.date) -> None:
    taken = Taken(date, Asker(None, school=school, date=date))
    found = pages.pages(sections().values(), school, date)
    archive.prints = {page.section.path: page.print for page in found}
    context = {"school": school, "date": date, "sections": list(sections().values())}
    _put(zipped, archive, "index.html", "resources/sveden_export_index.html", context | {"up": ""})
    for page in found:
        moved = {"page": _moved(page, taken, "../"), "section": page.section, "up": "../"}
        _put(
            zipped, archive, f"{page.section.path}/index.html", "resources/sveden_export_section.html", context | moved
        )
    for name, template, values in _papers(taken):
        _put(zipped, archive, name, template, context | values | {"up": "../"})
    for target, place in taken.places.items():
        if isinstance(target, StoredFile) and place:
            zipped.write(settings.MEDIA_ROOT / target.path, f"{ROOT}/{place}")
            archive.files += 1
    zipped.write(STYLE, f"{ROOT}/style.css")


def _put(zipped: zipfile.ZipFile, archive: Archive, name: str, template: str, context: dict) -> None:
    zipped.writestr(f"{ROOT}/{name}", render_to_string(template, context))
    archive.pages += 1


def _moved(page: Page, taken: Taken, up: str) -> Page:
    """The same page with addresses inside the archive."""
    blocks = tuple(
        dataclasses.replace(filled, rows=tuple(_moved_row(row, taken, up) for row in filled.rows))
        for filled in page.blocks
    )
    return dataclasses.replace(page, blocks=blocks)


def _moved_row(row: Row, taken: Taken, up: str) -> Row:
    cells = tuple(
        dataclasses.replace(cell, items=tuple(_moved_item(item, taken, up) for item in cell.items))
        for cell in row.cells
    )
    return dataclasses.replace(row, cells=cells)


def _moved_item(item: Item, taken: Taken, up: str) -> Item:
    return dataclasses.replace(item, url=taken.address(item, up))


def _papers(taken: Taken) -> Iterator[tuple[str, str, dict]]:
    """Pages of the papers that were met; what they carry is taken along."""
    for target, place in list(taken.places.items()):
        if place and type(target) in PAPERS:
            name = f"resources/sveden_export_{target._meta.model_name.removeprefix('academic')}.html"
            yield place, name, PAPERS[type(target)](target, taken)


def _document(document: Document, taken: Taken) -> dict:
    edition = document.edition_on(taken.date)
    file = (edition.file if edition else None) or document.file
    return {"document": document, "edition": edition, "file_place": taken.beside(file)}


def _programme(programme: Programme, taken: Taken) -> dict:
    whole = Programme.objects.select_related("subject", "year", "author", "order", "file").get(pk=programme.pk)
    # What everybody may know of, as in the open registry.
    known = set(whole.elements.filter(is_listed=True, parent__isnull=True).values_list("pk", flat=True))
    topics = list(whole.topics.with_links())
    for topic in topics:
        topic.words = words_of(topic, known)
    return {"programme": whole, "topics": topics, "file_place": taken.beside(whole.file)}


def _curriculum(plan: Curriculum, taken: Taken) -> dict:
    table = curricula.table_of(plan)
    return {
        "plan": plan,
        "table": table,
        "attestations": curricula.attestations(table),
        "limits_source": study_data.limits_source(),
    }


def _calendar(plan: AcademicCalendar, taken: Taken) -> dict:
    return {"plan": plan, "groups": calendars.grouped(plan.entries.all())}


# What becomes a page of the archive, and what the page shows.
PAPERS: dict[type[models.Model], Callable[[models.Model, Taken], dict]] = {
    Document: _document,
    Programme: _programme,
    Curriculum: _curriculum,
    AcademicCalendar: _calendar,
}

# The sections of the registry where they are read on the portal.
SECTIONS: dict[type[models.Model], str] = {
    Document: "documents",
    Programme: "programmes",
    Curriculum: "curricula",
    AcademicCalendar: "curricula",
}


def _file_place(file: StoredFile) -> str:
    stem, _, ending = file.name.rpartition(".")
    name = "".join(letter if letter.isalnum() else "-" for letter in russian.transliterate(stem or ending))
    return f"files/{file.key.hex[:8]}-{name[:60]}.{ending}" if stem else f"files/{file.key.hex[:8]}-{name[:60]}"


def _sign(archive: Archive) -> None:
    archive.size = archive.file.tell()
    archive.file.seek(0)
    archive.digest = hashlib.file_digest(archive.file, "sha256").hexdigest()
    archive.file.seek(0)
