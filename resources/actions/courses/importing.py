"""A course from an archive (1.6): all of it or nothing; a draft of the one who brought it."""

import hashlib
import tempfile
import zipfile
from pathlib import PurePosixPath
from typing import BinaryIO

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions import files
from accounts.actor import Actor
from eios.lib.filetypes import MIB, FileRefused
from resources.actions.courses.drafts import begin
from resources.actions.courses.media import make_smaller, measure
from resources.courses.archive import BadArchive, Package, Page, unpack
from resources.file_owners import COURSE_MEDIA, COURSE_POSTER, COURSE_SUBTITLES
from resources.models import Course, CourseMedia, CoursePart, CourseText, Subject


@transaction.atomic
def import_course(file: BinaryIO, *, by: Actor) -> tuple[Course, list[str]]:
    """A new draft with the pages, order and files of the archive, hash for hash; and remarks. Audited.

    Bytes that were stored before a refusal go by the clean-up of files. Raises BadArchive, ValidationError.
    """
    package = unpack(file)
    course = Course(**package.card | {"subject": Subject.objects.filter(name=package.card["subject"]).first()})
    begin(course, by=by)
    _put_pages(course, package.pages, by)
    for about in package.media:
        _put_media(course, package, about, by)
    audit.record(by, "course.imported", course, {"archive": [None, _digest(file)], "pages": [0, len(package.pages)]})
    return course, package.remarks


def _put_pages(course: Course, pages: list[Page], by: Actor) -> None:
    made: dict[str | None, CoursePart] = {}
    for position, page in enumerate(pages, 1):
        is_page = page.kind == CoursePart.Kind.PAGE
        part = CoursePart.objects.create(
            course=course, parent=made.get(page.parent), kind=page.kind, key=page.key, position=position,
            title=page.title, text=page.text, version=int(is_page), changed_by=by.person,
        )  # fmt: skip
        made[page.key] = part
        if is_page:
            CourseText.objects.create(
                part=part, number=1, title=page.title, text=page.text, origin=CourseText.Origin.IMPORTED,
                made_by=by.person, made_at=timezone.now(),
            )  # fmt: skip


def _put_media(course: Course, package: Package, about: dict, by: Actor) -> None:
    media = CourseMedia(course=course, name=about["name"], alt=about["alt"], credit=about["credit"])
    media.added_by, media.file = by.person, _stored(package, about["file"], about["title"], by)
    if media.file.sha256 != about["sha256"]:
        raise BadArchive(f"Файл «{about['name']}» изменён после выгрузки: его хеш не сходится.")
    if about["subtitles"]:
        media.subtitles = _stored(package, about["subtitles"], f"{about['name']}.vtt", by, kind=COURSE_SUBTITLES)
    if about["poster"]:
        media.poster = _stored(package, about["poster"], f"{about['name']}.png", by, kind=COURSE_POSTER)
    measure(media)
    media.full_clean()
    media.save()
    make_smaller(media, by)


def _stored(package: Package, name: str, title: str, by: Actor, *, kind: str = COURSE_MEDIA):
    """The entry as a stored file, judged by its content as every upload is. Raises BadArchive."""
    with tempfile.TemporaryFile() as copy:
        try:
            with package.archive.open(name) as entry:
                while piece := entry.read(MIB):
                    copy.write(piece)
        except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
            raise BadArchive(f"Файл «{name}» в архиве испорчен.") from error
        copy.seek(0)
        try:
            return files.store(File(copy, PurePosixPath(title).name), kind=kind, by=by, owner=None)
        except FileRefused as refusal:
            raise BadArchive(f"Файл «{name}»: {refusal}") from refusal


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(MIB):
        digest.update(piece)
    return digest.hexdigest()
