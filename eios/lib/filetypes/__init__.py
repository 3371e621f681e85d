"""The type of a file by its content, and whether a file of this type may be taken.

Names and declared types are never believed. `examine` reads a file with little memory, however it was made, and says in
Russian why it is not taken.
"""

from typing import BinaryIO

from eios.lib.filetypes import media, office, pdf, pictures, spreadsheets, text
from eios.lib.filetypes.kinds import MIB, OLD_EXCEL, SUBTITLES, TYPES, FileKind, size_text
from eios.lib.filetypes.names import clean_name
from eios.lib.filetypes.refusal import FileRefused

__all__ = [
    "MIB",
    "TYPES",
    "FileKind",
    "FileRefused",
    "check_size",
    "clean_name",
    "examine",
    "size_text",
    "without_metadata",
]

# Formats that people do bring, each with what to do instead.
UNWANTED = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": (
        "Старый формат Word, Excel или PowerPoint либо файл с паролем. Сохраните его как DOCX, XLSX, PPTX без пароля."
    ),
    b"{\\rtf": "Документы RTF не принимаются. Сохраните его как DOCX или PDF.",
    b"Rar!": office.NOT_OFFICE,
    b"7z\xbc\xaf": office.NOT_OFFICE,
    b"\x1f\x8b": office.NOT_OFFICE,
    b"MZ": "Программы не принимаются.",
    b"\x7fELF": "Программы не принимаются.",
    b"BM": "Картинки BMP не принимаются. Сохраните её как PNG или JPEG.",
    b"II*\x00": "Картинки TIFF не принимаются. Сохраните её как PNG, JPEG или PDF.",
    b"\xff\xfe": "Текст в старой кодировке UTF-16. Сохраните его в кодировке UTF-8.",
    b"\xfe\xff": "Текст в старой кодировке UTF-16. Сохраните его в кодировке UTF-8.",
    b"MM\x00*": "Картинки TIFF не принимаются. Сохраните её как PNG, JPEG или PDF.",
}


def check_size(size: int, kind: FileKind) -> None:
    """Raises FileRefused for an empty file and for one over the limit of the kind."""
    if size == 0:
        raise FileRefused("Файл пуст.")
    if size > kind.max_bytes:
        raise FileRefused(f"Файл больше {size_text(kind.max_bytes)} — столько можно самое большее.")


def examine(file: BinaryIO, kind: FileKind) -> str:
    """The media type of an open file that may be taken for this purpose. Raises FileRefused."""
    check_size(file.seek(0, 2), kind)
    media_type = _type_of(file, kind)
    if media_type is None:
        raise FileRefused(f"Такие файлы не принимаются. Подойдут: {kind.type_names}.")
    if media_type not in kind.types:
        raise FileRefused(f"Это {TYPES[media_type][0]}, а здесь принимаются: {kind.type_names}.")
    return media_type


def without_metadata(file: BinaryIO, media_type: str) -> bytes | None:
    """An examined picture without what a camera wrote; None where there is nothing to take away."""
    return pictures.without_metadata(file, media_type) if pictures.is_picture(media_type) else None


def _type_of(file: BinaryIO, kind: FileKind) -> str | None:
    file.seek(0)
    head = file.read(64)
    if head.startswith(pdf.SIGNATURE):
        pdf.examine(file)
        return "application/pdf"
    if picture := pictures.type_of(head):
        if picture in kind.types:
            pictures.examine(file, picture, kind)
        return picture
    if head.startswith(office.SIGNATURE):
        return office.examine(file)
    if OLD_EXCEL in kind.types and spreadsheets.is_xls(file, head):
        return OLD_EXCEL
    for start, advice in UNWANTED.items():
        if head.startswith(start):
            raise FileRefused(advice)
    return media.examine(file, head) or _text_type(file, head, kind)


def _text_type(file: BinaryIO, head: bytes, kind: FileKind) -> str | None:
    if not text.is_text(file):
        return None
    return SUBTITLES if SUBTITLES in kind.types and text.is_subtitles(head) else "text/plain"
