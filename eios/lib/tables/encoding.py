"""Bytes of a text file → text: BOM, then what the file says of itself, then UTF-8, then Windows-1251."""

import codecs
import re

from eios.lib.tables.refusal import DAMAGED, TableError

_BOMS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
_DECLARED = re.compile(rb"""charset\s*=\s*["']?([A-Za-z0-9_-]{2,30})""", re.IGNORECASE)
# What a page may declare; anything else is passed over.
_KNOWN = {"utf-8": "utf-8", "utf8": "utf-8", "windows-1251": "cp1251", "cp1251": "cp1251", "koi8-r": "koi8-r"}


def decode(data: bytes) -> str:
    """The text. Raises TableError for what is no text."""
    for name in _candidates(data):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise TableError(DAMAGED)


def _candidates(data: bytes) -> list[str]:
    for mark, name in _BOMS:
        if data.startswith(mark):
            return [name]
    declared = _DECLARED.search(data[:4096])
    told = [_KNOWN[declared[1].decode().lower()]] if declared and declared[1].decode().lower() in _KNOWN else []
    return [*told, "utf-8", "cp1251"]
