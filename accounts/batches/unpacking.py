"""What somebody gives at once: tables one by one, or a ZIP of them. Pure: bytes in, named bytes out."""

import contextlib
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from eios.lib.filetypes import office
from eios.lib.filetypes.refusal import FileRefused
from eios.lib.tables import MOST_BYTES

MOST_FILES = 1000
MOST_UNPACKED = 200 * 1024 * 1024
ZIP = b"PK\x03\x04"
# What archivers of other systems put beside the files themselves.
_RUBBISH = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")
# A picture inside a report: a child's photo, which is never stored.
_PICTURE = re.compile(rb"data:image/[a-zA-Z0-9.+-]+;base64,[A-Za-z0-9+/=\s%]+", re.IGNORECASE)


OLE = b"\xd0\xcf\x11\xe0"
_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0\x00\x10JFIF", b"\xff\xd8\xff\xe1")
# Where XLSX, DOCX and ODS keep pictures; a document stays whole with a dot in the place of each.
_MEDIA = re.compile(r"(?:xl/media/|word/media/|Pictures/|media/).+", re.IGNORECASE)
# A transparent PNG of one pixel.
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000b49444154789c636000020000050001"
    "7a5eab3f0000000049454e44ae426082"
)
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, ValueError, OSError, EOFError,
)  # fmt: skip


class BatchRefused(ValueError):
    """A sentence in Russian: why what was given can't be taken at all."""


@dataclass(frozen=True)
class Given:
    """A file: its name, without folders that mean nothing here, and its bytes."""

    name: str
    data: bytes


def unpack(files: Iterable[Given]) -> list[Given]:
    """All files, those in archives too. Raises BatchRefused: too many, too large, a damaged or locked archive."""
    found: list[Given] = []
    for file in files:
        found += _members(file) if _is_archive(file.data) else [file]
        if len(found) > MOST_FILES:
            raise BatchRefused(f"Файлов больше {MOST_FILES}. Разделите их на несколько загрузок.")
        if sum(len(one.data) for one in found) > MOST_UNPACKED:
            raise BatchRefused(f"Файлы вместе больше {MOST_UNPACKED // 1024 // 1024} МБ. Разделите их на части.")
    if not found:
        raise BatchRefused("В архиве нет файлов.")
    return found


def _is_archive(data: bytes) -> bool:
    """A ZIP that is no XLSX, ODS or DOCX."""
    if not data.startswith(ZIP):
        return False
    try:
        office.examine(io.BytesIO(data))
    except FileRefused:
        return not _names_office(data)
    return False


def _names_office(data: bytes) -> bool:
    """A broken or dangerous document is no archive: its reader says what is wrong with it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {entry.filename for entry in archive.infolist()}
    except _DAMAGED:
        return False
    return "[Content_Types].xml" in names or "mimetype" in names


def _members(file: Given) -> list[Given]:
    try:
        with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
            entries = [one for one in archive.infolist() if not one.is_dir() and not _is_rubbish(one.filename)]
            _check(file, entries)
            return [Given(_name(entry), archive.read(entry)) for entry in entries]
    except _DAMAGED as error:
        if isinstance(error, BatchRefused):
            raise
        raise BatchRefused(f"Архив «{file.name}» повреждён. Соберите его заново и загрузите ещё раз.") from error


def _check(file: Given, entries: list[zipfile.ZipInfo]) -> None:
    """By what the archive declares, before anything is unpacked: `read` keeps to the declared sizes."""
    if len(entries) > MOST_FILES:
        raise BatchRefused(f"В архиве «{file.name}» больше {MOST_FILES} файлов. Разделите его.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise BatchRefused(f"Архив «{file.name}» закрыт паролем. Снимите пароль и загрузите снова.")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise BatchRefused(f"Архив «{file.name}» распаковывается больше чем в {MOST_UNPACKED // 1024 // 1024} МБ.")
    if big := next((entry for entry in entries if entry.file_size > MOST_BYTES), None):
        raise BatchRefused(f"«{_name(big)}» в архиве больше {MOST_BYTES // 1024 // 1024} МБ: таблиц таких не бывает.")


def _is_rubbish(name: str) -> bool:
    folded = name.casefold()
    return folded.startswith(_RUBBISH) or folded.endswith(_RUBBISH)


def _name(entry: zipfile.ZipInfo) -> str:
    """The last part of the name; old archivers of Windows write it in cp866, which the format does not say."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("cp866")
    return re.split(r"[/\\]", name)[-1][:200] or "файл"


def without_pictures(data: bytes) -> bytes:
    """The same table without the pictures in it: in HTML they are cut out, in XLSX, ODS and DOCX each becomes a dot.

    Raises BatchRefused for an old XLS with a picture: it can't be taken out without spoiling the file.
    """
    if data.startswith(ZIP):
        return _without_media(data)
    if data.startswith(OLE) and any(mark in data for mark in _SIGNATURES):
        raise BatchRefused("В файле XLS есть рисунок. Удалите его или сохраните таблицу как XLSX и загрузите снова.")
    return _PICTURE.sub(b"", data) if b"data:image" in data.lower() else data


def _without_media(data: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            pictures = {entry.filename for entry in entries if _MEDIA.match(entry.filename)}
            if not pictures or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                # What is too large is refused by whoever reads it, and by the store.
                return data
            bare = io.BytesIO()
            with zipfile.ZipFile(bare, "w", zipfile.ZIP_DEFLATED) as copy:
                for entry in entries:
                    copy.writestr(entry, DOT if entry.filename in pictures else archive.read(entry))
    except _DAMAGED:
        raise BatchRefused("Файл повреждён. Откройте его у себя, сохраните заново и загрузите снова.") from None
    return bare.getvalue()
