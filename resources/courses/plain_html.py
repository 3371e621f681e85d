"""A course as pages that open from a disk, without the portal: own style, relative addresses, files inside (1.6)."""

import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.template.loader import render_to_string

from eios.lib.filetypes import MIB
from resources.courses.archive import IN_MEMORY, Page
from resources.courses.links import Links, media_of
from resources.courses.rendering import render
from resources.models import Course, CourseMedia, CoursePart

STYLE = Path(__file__).parent.parent / "data" / "course_export.css"
TEMPLATE = "resources/course_export.html"


def pack(course: Course, pages: list[Page], media: list[CourseMedia], *, source: str, citation: str) -> BinaryIO:
    """The archive, at its beginning. `source` is the line of 12.1, `citation` how to cite the course."""
    names = {page.key: f"{number:03d}.html" for number, page in enumerate(pages, 1) if _is_page(page)}
    links = Links(media={row.name: _near(row) for row in media}, pages=names)
    readable = [page for page in pages if _is_page(page)]
    common = {"course": course, "pages": pages, "names": names, "source": source, "citation": citation}
    out = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (the answer closes it)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("style.css", STYLE.read_text(encoding="utf-8"))
        contents = [(page, names.get(page.key)) for page in pages]
        archive.writestr("index.html", render_to_string(TEMPLATE, common | {"contents": contents}))
        for place, page in enumerate(readable):
            around = {
                "before": names[readable[place - 1].key] if place else "index.html",
                "after": names[readable[place + 1].key] if place + 1 < len(readable) else "index.html",
            }
            drawn = render(page.text, links)
            archive.writestr(
                names[page.key], render_to_string(TEMPLATE, common | around | {"page": page, "drawn": drawn})
            )
        for row in media:
            _copy(archive, f"media/{row.name}", row.file)
            if row.subtitles:
                _copy(archive, f"media/{row.name}.vtt", row.subtitles)
    out.seek(0)
    return out


def _is_page(page: Page) -> bool:
    return page.kind == CoursePart.Kind.PAGE


def _near(row: CourseMedia):
    subtitles = f"media/{row.name}.vtt" if row.subtitles else ""
    return replace(media_of(row), address=f"media/{row.name}", smaller=(), poster="", subtitles=subtitles)


def _copy(archive: zipfile.ZipFile, name: str, stored) -> None:
    with open(settings.MEDIA_ROOT / stored.path, "rb") as source, archive.open(name, "w") as target:
        while piece := source.read(MIB):
            target.write(piece)
