"""What schools call .xls: workbooks of the old Excel, and HTML saved under that name. Only where a kind takes them."""

import re
from typing import BinaryIO

from eios.lib.filetypes.refusal import FileRefused

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[a-z!?]", re.IGNORECASE)
_MACROS, _PACKAGE = "_VBA_PROJECT".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le")
_BOOKS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))


def is_xls(file: BinaryIO, head: bytes) -> bool:
    """Raises FileRefused for macros, for a password, and for the old Word, which looks alike from without."""
    if _MARKUP.match(head):
        return _is_page(file)
    if not head.startswith(SIGNATURE):
        return False
    file.seek(0)
    content = file.read()
    if _PACKAGE in content:
        raise FileRefused("Файл закрыт паролем, и его нельзя прочитать. Снимите пароль и загрузите снова.")
    if _MACROS in content:
        raise FileRefused("В таблице есть макросы. Сохраните её в обычном виде (XLSX) и загрузите снова.")
    return any(name in content for name in _BOOKS)


def _is_page(file: BinaryIO) -> bool:
    """It is never shown, only read or saved: text with a table in it."""
    file.seek(0)
    content = file.read()
    return b"\x00" not in content and b"<table" in content.lower()
