"""Office documents, which are ZIP archives: Word, Excel, PowerPoint and OpenDocument.

The archive is really unpacked, piece by piece and into nothing, since what it declares about itself may be a lie.
"""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from eios.lib.filetypes.kinds import MIB
from eios.lib.filetypes.refusal import FileRefused, damaged

SIGNATURE = b"PK\x03\x04"
MOST_ENTRIES, MOST_DIRECTORY = 5000, 2 * MIB
MOST_UNPACKED = 256 * MIB
# Ordinary documents shrink to a tenth or so; small ones may shrink more without harm.
MOST_RATIO, RATIO_FROM = 150, 16 * MIB
_CHUNK = 64 * 1024
_LONGEST_CONTENTS = 1 * MIB

_OOXML = ("wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation")
_OPENDOCUMENT = {
    f"application/vnd.oasis.opendocument.{name}".encode() for name in ("text", "spreadsheet", "presentation")
}
_UNSAFE_NAME = re.compile(r"^/|^[A-Za-z]:|\\|(?:^|/)\.\.(?:/|$)|[\x00-\x1f]")
_MACROS = re.compile(r"(?:^|/)vbaProject\.bin$|^(?:Basic|Scripts)/", re.IGNORECASE)
_EMBEDDED = re.compile(r"/embeddings/[^/]+\.(?:xlsx|docx|pptx)$", re.IGNORECASE)
_ARCHIVES = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"MSCF")

TOO_MUCH = "Файл распаковывается в слишком большой объём. Так устроены вредоносные архивы, поэтому он не принят."
ENCRYPTED = "Файл закрыт паролем, и его нельзя проверить. Снимите пароль и загрузите снова."
MACROS = "В документе есть макросы. Сохраните его в обычном виде (DOCX, XLSX, PPTX) и загрузите снова."
NOT_OFFICE = "Это архив, а архивы не принимаются: загрузите сами файлы."
INSIDE = "Внутри документа спрятан архив или ссылка на чужой файл, поэтому он не принят."


def examine(file: BinaryIO) -> str:
    """The media type of an office document. Raises FileRefused for another archive, a bomb, a lie or macros."""
    _check_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _check_entries(entries, archive.start_dir)
            return _look_through(file, entries)
    except (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, EOFError, ValueError) as error:
        if isinstance(error, FileRefused):
            raise
        raise damaged() from error


def _check_directory(file: BinaryIO) -> None:
    """The list of contents at the archive's end is short enough to be read at all."""
    size = file.seek(0, 2)
    file.seek(max(size - 65557, 0))
    tail = file.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) < place + 22:
        raise damaged()
    entries, length = struct.unpack("<HL", tail[place + 10 : place + 16])
    is_zip64 = tail[max(place - 20, 0) : place].startswith(b"PK\x06\x07")
    if entries > MOST_ENTRIES or length > MOST_DIRECTORY or is_zip64:
        raise FileRefused(TOO_MUCH)


def _check_entries(entries: list[zipfile.ZipInfo], room: int) -> None:
    """What the list of contents declares: names, links, passwords, sizes."""
    names = {entry.filename for entry in entries}
    if len(names) < len(entries) or len(entries) > MOST_ENTRIES:
        raise damaged()
    for entry in entries:
        mode = entry.external_attr >> 16
        if _UNSAFE_NAME.search(entry.orig_filename) or stat.S_ISLNK(mode):
            raise FileRefused(INSIDE)
        if entry.flag_bits & 0x1:
            raise FileRefused(ENCRYPTED)
        if _MACROS.search(entry.filename):
            raise FileRefused(MACROS)
    _check_sizes(sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries), room)


def _check_sizes(unpacked: int, packed: int, room: int) -> None:
    """`room` is what lies before the list of contents: more than that only entries lying over one another can fill."""
    if unpacked > MOST_UNPACKED or packed > room or (unpacked > RATIO_FROM and unpacked > packed * MOST_RATIO):
        raise FileRefused(TOO_MUCH)


def _look_through(file: BinaryIO, entries: list[zipfile.ZipInfo]) -> str:
    """Unpacks every entry, keeping only what tells the type."""
    total, kept = 0, {}
    for number, entry in enumerate(entries):
        size, check, start = 0, 0, b""
        keeps = entry.filename == "[Content_Types].xml" or (entry.filename == "mimetype" and number == 0)
        for chunk in _unpack(file, entry):
            size, check = size + len(chunk), zlib.crc32(chunk, check)
            if total + size > MOST_UNPACKED or size > entry.file_size:
                raise FileRefused(TOO_MUCH)
            if len(start) < (_LONGEST_CONTENTS if keeps else 8):
                start += chunk
        if size != entry.file_size or check != entry.CRC:
            raise damaged()
        if start.startswith(_ARCHIVES) and not _EMBEDDED.search(f"/{entry.filename}"):
            raise FileRefused(INSIDE)
        total += size
        if keeps:
            kept[entry.filename] = start
    return _type_told_by(kept)


def _type_told_by(kept: dict[str, bytes]) -> str:
    if (told := kept.get("mimetype", b"").strip()) in _OPENDOCUMENT:
        return told.decode()
    contents = kept.get("[Content_Types].xml", b"")
    if b"macroEnabled" in contents:
        raise FileRefused(MACROS)
    found = [name for name in _OOXML if f"{name}.main+xml".encode() in contents]
    if len(found) != 1:
        raise FileRefused(NOT_OFFICE)
    return f"application/vnd.openxmlformats-officedocument.{found[0]}"


def _unpack(file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The real bytes of an entry, not more than 64 KiB at a time."""
    file.seek(max(entry.header_offset, 0))
    head = file.read(30)
    if entry.header_offset < 0 or len(head) < 30 or not head.startswith(SIGNATURE):
        raise damaged()
    flags, name_length, extra_length = *struct.unpack("<H", head[6:8]), *struct.unpack("<HH", head[26:30])
    name = file.read(name_length).decode("utf-8" if flags & 0x800 else "cp437", "replace")
    if flags & 0x1:
        raise FileRefused(ENCRYPTED)
    if name != entry.orig_filename:
        raise damaged()
    file.seek(extra_length, 1)
    if entry.compress_type == zipfile.ZIP_STORED:
        yield from _pieces(file, entry.compress_size)
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        yield from _inflated(_pieces(file, entry.compress_size))
    else:
        raise damaged()


def _pieces(file: BinaryIO, left: int) -> Iterator[bytes]:
    while left:
        piece = file.read(min(left, _CHUNK))
        if not piece:
            raise damaged()
        left -= len(piece)
        yield piece


def _inflated(pieces: Iterator[bytes]) -> Iterator[bytes]:
    stream = zlib.decompressobj(-15)
    for piece in pieces:
        while piece:
            yield stream.decompress(piece, _CHUNK)
            piece = stream.unconsumed_tail
    while not stream.eof:
        chunk = stream.decompress(b"", _CHUNK) or stream.flush()
        if not chunk:
            raise damaged()
        yield chunk
    if stream.unused_data:
        raise damaged()
