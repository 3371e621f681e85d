"""Plain text and subtitles: UTF-8 or Windows-1251, nothing unprintable, and no page or drawing in disguise."""

import codecs
import re
from typing import BinaryIO

from eios.lib.filetypes.refusal import FileRefused

_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[a-z!?/]", re.IGNORECASE)
_ABSENT_IN_1251 = b"\x98"
_SUBTITLES = re.compile(rb"(?:\xef\xbb\xbf)?WEBVTT(?:\s|\Z)")
_CHUNK = 64 * 1024


def is_text(file: BinaryIO) -> bool:
    """Is every byte of the file one of a text? Raises FileRefused for HTML, SVG and other markup."""
    file.seek(0)
    is_utf8, is_1251, decoder = True, True, codecs.getincrementaldecoder("utf-8")()
    first = True
    while chunk := file.read(_CHUNK):
        if _CONTROL.search(chunk):
            return False
        if first and _MARKUP.match(chunk):
            raise FileRefused("Веб-страницы, рисунки SVG и файлы XML не принимаются: сохраните как PDF или PNG.")
        first = False
        is_1251 = is_1251 and _ABSENT_IN_1251 not in chunk
        is_utf8 = is_utf8 and _decodes(decoder, chunk)
        if not is_utf8 and not is_1251:
            return False
    return is_1251 or _decodes(decoder, b"", final=True)


def is_subtitles(head: bytes) -> bool:
    """Does a text begin as WebVTT does?"""
    return _SUBTITLES.match(head) is not None


def _decodes(decoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True
