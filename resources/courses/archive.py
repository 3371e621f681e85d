"""A course as one archive (1.6; docs/course-archive.md): the same bytes for the same course; read with distrust."""

import hashlib
import json
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from django.conf import settings

from accounts.models import StoredFile
from eios.lib import zipping
from eios.lib.filetypes import MIB, size_text
from resources.courses.tree import order
from resources.models import Course, CourseMedia, CoursePart
from resources.models.course_media import NAME
from resources.models.courses import KEY, MOST_LETTERS

FORMAT, VERSION = "eios-course", 1
MANIFEST = "manifest.json"
IN_MEMORY = 20 * MIB
MOST_ENTRIES, MOST_PARTS, MOST_MANIFEST = 3000, 500, 4 * MIB


class BadArchive(Exception):
    """It is no archive of a course, or a damaged one; `reasons` are sentences."""

    def __init__(self, *reasons: str):
        self.reasons = list(reasons)
        super().__init__(" ".join(reasons))


# --- out --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Page:
    """A section or a page as it is taken out: `parent` is the key of the section around it."""

    key: str
    kind: str
    title: str
    text: str
    parent: str | None


def released(course: Course) -> tuple[list[Page], list[CourseMedia]]:
    """What readers see."""
    rows = course.release.parts.select_related("part", "text").defer("html", "search").order_by("number")
    keys = {row.number: row.part.key for row in rows}
    pages = [
        Page(row.part.key, row.kind, row.title, row.text.text if row.text else "", keys.get(row.section))
        for row in rows
    ]
    return pages, list(course.release.media.select_related("file", "subtitles", "poster").order_by("name"))


def written(course: Course) -> tuple[list[Page], list[CourseMedia]]:
    """What the authors have at their desk."""
    parts = [place.part for place in order(list(course.parts.standing()))]
    keys = {part.pk: part.key for part in parts}
    pages = [Page(part.key, part.kind, part.title, part.text, keys.get(part.parent_id)) for part in parts]
    return pages, list(course.media.select_related("file", "subtitles", "poster").order_by("name"))


def pack(course: Course, pages: list[Page], media: list[CourseMedia]) -> BinaryIO:
    """The archive, at its beginning. Names of people are in it only as the authors gave them."""
    out = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (the answer closes it)
    manifest = {
        "format": FORMAT, "version": VERSION,
        "course": {
            "title": course.title, "annotation": course.annotation, "authors": course.byline,
            "subject": course.subject.name if course.subject else "", "grades": [course.grade_from, course.grade_to],
        },
        "parts": [_about_page(page, number) for number, page in enumerate(pages, 1)],
        "media": [_about_media(row) for row in media],
    }  # fmt: skip
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipping.entry(MANIFEST), json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True))
        for number, page in enumerate(pages, 1):
            if page.kind == CoursePart.Kind.PAGE:
                archive.writestr(zipping.entry(_page_file(number, page)), page.text)
        for name, stored in _files(media):
            zipping.copy_file(archive, name, settings.MEDIA_ROOT / stored.path, stored.size)
    out.seek(0)
    return out


def _about_page(page: Page, number: int) -> dict:
    about = {"key": page.key, "kind": page.kind, "title": page.title, "parent": page.parent}
    if page.kind == CoursePart.Kind.PAGE:
        about |= {"file": _page_file(number, page), "sha256": hashlib.sha256(page.text.encode()).hexdigest()}
    return about


def _about_media(row: CourseMedia) -> dict:
    about = {
        "name": row.name, "file": f"media/{row.name}", "type": row.file.media_type, "size": row.file.size,
        "sha256": row.file.sha256, "title": row.file.name, "alt": row.alt, "credit": row.credit,
    }  # fmt: skip
    if row.subtitles:
        about |= {"subtitles": _subtitles(row), "subtitles_sha256": row.subtitles.sha256}
    if row.poster:
        about |= {"poster": _poster(row), "poster_sha256": row.poster.sha256}
    return about


def _files(media: list[CourseMedia]) -> Iterator[tuple[str, StoredFile]]:
    for row in media:
        yield f"media/{row.name}", row.file
        if row.subtitles:
            yield _subtitles(row), row.subtitles
        if row.poster:
            yield _poster(row), row.poster


def _subtitles(row: CourseMedia) -> str:
    return f"media/{row.name}.vtt"


def _poster(row: CourseMedia) -> str:
    return f"media/{row.name}.poster"


def _page_file(number: int, page: Page) -> str:
    return f"pages/{number:03d}-{page.key}.md"


# --- in ---------------------------------------------------------------------------------------------------------------


@dataclass
class Package:
    """A read archive: everything checked but the media, whose bytes are checked as they are stored."""

    archive: zipfile.ZipFile
    card: dict
    pages: list[Page]
    media: list[dict]
    remarks: list[str] = field(default_factory=list)


def unpack(file: BinaryIO) -> Package:
    """Reads and checks an archive that somebody brought. Raises BadArchive; nothing is written anywhere."""
    try:
        archive = zipfile.ZipFile(file)
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise BadArchive("Это не архив ZIP, или он обрезан.") from error
    _check_entries(entries)
    manifest = _manifest(archive)
    pages, media = _parts(archive, manifest), _media(archive, manifest)
    named = {MANIFEST, *(about.get("file") for about in manifest["parts"]), *(one["file"] for one in media)}
    named |= {one[name] for one in media for name in ("subtitles", "poster") if one[name]}
    extra = [entry.filename for entry in entries if entry.filename not in named and not entry.is_dir()]
    remarks = [f"Лишние файлы не взяты: {len(extra)}."] if extra else []
    return Package(archive, _card(manifest), pages, media, remarks)


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise BadArchive(f"В архиве больше {MOST_ENTRIES} файлов: это не курс.")
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names):
        raise BadArchive("В архиве два файла с одним именем.")
    if sum(entry.file_size for entry in entries) > (settings.COURSE_MEDIA_MB + 50) * MIB:
        raise BadArchive(f"Распакованный, архив больше {size_text(settings.COURSE_MEDIA_MB * MIB)}.")
    for entry in entries:
        name = entry.filename
        if name.startswith(("/", "\\")) or "\\" in name or ":" in name or ".." in name.split("/"):
            raise BadArchive(f"Имя «{name[:80]}» ведёт за пределы архива.")
        if entry.flag_bits & 1:
            raise BadArchive("Архив под паролем: портал таких не читает.")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise BadArchive(f"«{name[:80]}» — ссылка на другой файл: таких в архиве курса не бывает.")


def _manifest(archive: zipfile.ZipFile) -> dict:
    data = _read(archive, MANIFEST, MOST_MANIFEST)
    try:
        manifest = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadArchive("Файл manifest.json не читается: архив испорчен или сделан не порталом.") from error
    is_ours = isinstance(manifest, dict) and manifest.get("format") == FORMAT
    if not is_ours or not all(_is_list(manifest.get(name)) for name in ("parts", "media")):
        raise BadArchive("В manifest.json не описание курса портала.")
    if manifest.get("version") != VERSION:
        raise BadArchive(f"Архив версии {str(manifest.get('version'))[:20]}, а портал читает версию {VERSION}.")
    return manifest


def _is_list(value) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _card(manifest: dict) -> dict:
    about = manifest.get("course")
    about = about if isinstance(about, dict) else {}
    grades = about.get("grades")
    grades = grades if isinstance(grades, list) and len(grades) == 2 else [None, None]
    whole = all(isinstance(one, int) and 1 <= one <= 11 for one in grades) and grades[0] <= grades[1]
    title = _words(about, "title", 200)
    if not title:
        raise BadArchive("В manifest.json нет названия курса.")
    return {
        "title": title, "annotation": _words(about, "annotation", 1000) or title,
        "authors_line": _words(about, "authors", 300), "subject": _words(about, "subject", 200),
        "grade_from": grades[0] if whole else None, "grade_to": grades[1] if whole else None,
    }  # fmt: skip


def _parts(archive: zipfile.ZipFile, manifest: dict) -> list[Page]:
    abouts = manifest["parts"]
    if len(abouts) > MOST_PARTS:
        raise BadArchive(f"В курсе больше {MOST_PARTS} страниц и разделов.")
    pages: list[Page] = []
    sections: set[str] = set()
    for about in abouts:
        key, kind, parent = about.get("key"), about.get("kind"), about.get("parent")
        if not isinstance(key, str) or not KEY.regex.match(key) or key in {page.key for page in pages}:
            raise BadArchive(f"Ключ «{str(key)[:20]}» повторяется или написан неверно.")
        if kind not in CoursePart.Kind.values or (parent is not None and parent not in sections):
            raise BadArchive(f"Часть «{_words(about, 'title', 60)}» стоит не в разделе, который идёт перед ней.")
        if kind == CoursePart.Kind.SECTION:
            sections.add(key)
        text = _text(archive, about) if kind == CoursePart.Kind.PAGE else ""
        pages.append(Page(key, kind, _words(about, "title", 200) or "Без названия", text, parent))
    if not any(page.kind == CoursePart.Kind.PAGE for page in pages):
        raise BadArchive("В архиве нет ни одной страницы.")
    return pages


def _text(archive: zipfile.ZipFile, about: dict) -> str:
    name = _words(about, "file", 200)
    data = _read(archive, name, 4 * MOST_LETTERS)
    if hashlib.sha256(data).hexdigest() != about.get("sha256"):
        raise BadArchive(f"Страница «{_words(about, 'title', 60)}» изменена после выгрузки: её хеш не сходится.")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise BadArchive(f"Файл {name} не в кодировке UTF-8.") from error
    if len(text) > MOST_LETTERS or "\x00" in text:
        raise BadArchive(f"Страница «{_words(about, 'title', 60)}» слишком длинная или испорчена.")
    return text


def _media(archive: zipfile.ZipFile, manifest: dict) -> list[dict]:
    found, names, there = [], set(), set(archive.namelist())
    for about in manifest["media"]:
        name, file, subtitles = _words(about, "name", 90), _words(about, "file", 200), _words(about, "subtitles", 200)
        poster = _words(about, "poster", 200)
        if not NAME.regex.match(name) or name in names:
            raise BadArchive(f"Имя файла «{name[:60]}» повторяется или написано неверно.")
        for one in filter(None, (file, subtitles, poster)):
            if one not in there:
                raise BadArchive(f"В архиве нет файла «{one[:80]}», который назван в manifest.json.")
        names.add(name)
        found.append({
            "name": name, "file": file, "sha256": about.get("sha256"), "title": _words(about, "title", 200) or name,
            "alt": _words(about, "alt", 500), "credit": _words(about, "credit", 300), "subtitles": subtitles,
            "poster": poster,
        })  # fmt: skip
    return found


def _read(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """A small entry whole. Raises BadArchive: not there, too large, damaged."""
    try:
        with archive.open(name) as entry:
            data = entry.read(most + 1)
    except KeyError as error:
        raise BadArchive(f"В архиве нет файла «{name[:80]}».") from error
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, RuntimeError) as error:
        raise BadArchive(f"Файл «{name[:80]}» в архиве испорчен.") from error
    if len(data) > most:
        raise BadArchive(f"Файл «{name[:80]}» больше {size_text(most)}.")
    return data


def _words(about: dict, name: str, most: int) -> str:
    value = about.get(name)
    return " ".join(value.replace("\x00", "").split())[:most] if isinstance(value, str) else ""
