"""Pictures, sound, video and files of a course: taken in, described, replaced, taken out (1.6, 3.6)."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum

from accounts import audit
from accounts.actions import files
from accounts.actor import Actor
from eios.lib.filetypes import MIB, FileRefused, size_text
from eios.lib.russian import transliterate
from resources.actions.courses.drafts import touch_draft
from resources.courses import measuring
from resources.file_owners import COURSE_MEDIA
from resources.models import Course, CourseMedia, CourseRendition

STEM = 60
_ODD = re.compile(r"[^a-z0-9]+")


@transaction.atomic
def add_media(course: Course, upload: UploadedFile, *, alt: str = "", by: Actor) -> CourseMedia:
    """A file of the course under a name of its own, with smaller copies of a picture, on the limit of the course.

    Audited. Raises FileRefused, ValidationError.
    """
    touch_draft(course)
    _check_limit(course, upload.size)
    stored = files.store(upload, kind=COURSE_MEDIA, by=by, owner=None)
    media = CourseMedia(course=course, name=free_name(course, stored.name), file=stored, alt=alt, added_by=by.person)
    measure(media)
    media.full_clean()
    media.save()
    make_smaller(media, by)
    audit.record(by, "course.media_added", course, {"file": [None, media.name]})
    return media


@transaction.atomic
def describe_media(media: CourseMedia, *, alt: str, credit: str, by: Actor) -> None:
    """What is shown for those who do not see it, and whose it is. Audited."""
    touch_draft(media.course)
    before = audit.snapshot(media, ("alt", "credit"))
    media.alt, media.credit = alt, credit
    media.full_clean()
    media.save(update_fields=["alt", "credit"])
    audit.record(by, "course.media_changed", media.course, audit.difference(before, audit.snapshot(media, before)))


@transaction.atomic
def replace_media(media: CourseMedia, upload: UploadedFile, *, by: Actor) -> CourseMedia:
    """Another file under the same name: pages show it from the next release on. Audited. Returns its row.

    What a release shows stays as it is, under a name with «-old». Raises FileRefused, ValidationError: other media.
    """
    touch_draft(media.course)
    _check_limit(media.course, upload.size)
    stored = files.store(upload, kind=COURSE_MEDIA, by=by, owner=None)
    if stored.media_type.partition("/")[0] != media.file.media_type.partition("/")[0]:
        raise ValidationError("Под этим именем на страницах стоит файл другого рода: загрузите новый отдельно.")
    if media.releases.exists():
        media = _successor(media)
    media.file = stored
    measure(media)
    media.save()
    media.renditions.all().delete()
    make_smaller(media, by)
    audit.record(by, "course.media_changed", media.course, {"file": [None, media.name]})
    return media


def _successor(media: CourseMedia) -> CourseMedia:
    """The name passes on to a new row; the former stays with the releases that show it."""
    name, values = media.name, {field: getattr(media, field) for field in ("alt", "credit", "subtitles", "poster")}
    stem, _, ending = name.rpartition(".")
    media.name = free_name(media.course, f"{stem}-old.{ending}")
    media.save(update_fields=["name"])
    return CourseMedia(course=media.course, name=name, added_by=media.added_by, **values)


@transaction.atomic
def set_subtitles(media: CourseMedia, upload: UploadedFile | None, *, by: Actor) -> None:
    """Subtitles of a recording, VTT or SRT; None takes them away. Audited. Raises FileRefused, ValidationError."""
    touch_draft(media.course)
    media.subtitles = None
    if upload is not None:
        try:
            text = measuring.subtitles_of(upload.read())
        except measuring.NotSubtitles as refusal:
            raise ValidationError(str(refusal)) from refusal
        name = f"{media.name.rpartition('.')[0]}.txt"
        media.subtitles = files.store(ContentFile(text.encode(), name), kind=COURSE_MEDIA, by=by, owner=None)
    media.save(update_fields=["subtitles"])
    audit.record(by, "course.media_changed", media.course, {"file": [None, media.name]})


@transaction.atomic
def delete_media(media: CourseMedia, *, by: Actor) -> None:
    """Out of the course; bytes go by the clean-up. Audited. Raises ValidationError: a page or a release names it."""
    touch_draft(media.course)
    if media.releases.exists():
        raise ValidationError("Файл показан в опубликованном выпуске: его нельзя убрать, можно только заменить.")
    if pages := pages_naming(media):
        raise ValidationError(f"Файл стоит на страницах: {', '.join(pages[:5])}. Сначала уберите его оттуда.")
    name, course = media.name, media.course
    media.delete()
    audit.record(by, "course.media_removed", course, {"file": [name, None]})


def pages_naming(media: CourseMedia) -> list[str]:
    """Titles of standing pages whose text names the file."""
    rows = media.course.parts.standing().filter(text__contains=f"media/{media.name}")
    return list(rows.values_list("title", flat=True))


def bytes_of(course: Course) -> int:
    """How much the course's files take, smaller copies not counted."""
    return course.media.aggregate(total=Sum("file__size"))["total"] or 0


def free_name(course: Course, name: str) -> str:
    """«Опыт 1.PNG» → opyt-1.png; with a number where that is taken."""
    stem, _, ending = name.rpartition(".")
    words = _ODD.sub("-", "".join(transliterate(one) or one for one in stem.casefold())).strip("-")[:STEM].strip("-")
    words, ending = words or "file", _ODD.sub("", ending.casefold())[:5]
    taken = set(course.media.values_list("name", flat=True))
    names = (f"{words}.{ending}", *(f"{words}-{number}.{ending}" for number in range(2, 10_000)))
    return next(name for name in names if name not in taken)


def _check_limit(course: Course, size: int | None) -> None:
    taken, most = bytes_of(course), settings.COURSE_MEDIA_MB * MIB
    if taken + (size or 0) > most:
        raise FileRefused(f"Файлы курса занимают {size_text(taken)} из {size_text(most)}: этот не помещается.")


def measure(media: CourseMedia) -> None:
    """Size of a picture, length of a recording, read from the stored file."""
    with open(settings.MEDIA_ROOT / media.file.path, "rb") as file:
        media.width = media.height = media.seconds = None
        if media.is_picture:
            media.width, media.height = measuring.picture_size(file)
        elif media.is_sound or media.is_video:
            media.seconds = measuring.seconds_of(file)


def make_smaller(media: CourseMedia, by: Actor) -> None:
    """Copies of a picture for narrow screens."""
    if not media.is_picture or not media.width:
        return
    with open(settings.MEDIA_ROOT / media.file.path, "rb") as file:
        copies = measuring.smaller(file, media.width)
    for width, data in copies:
        name = f"{media.name.rpartition('.')[0]}-{width}.webp"
        stored = files.store(ContentFile(data, name), kind=COURSE_MEDIA, by=by, owner=None)
        CourseRendition.objects.create(media=media, width=width, file=stored)
