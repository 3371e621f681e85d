"""PDF: whole, and without anything in it that runs."""

import io
import mmap
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from eios.lib.filetypes.refusal import FileRefused, damaged

SIGNATURE = b"%PDF-"
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|RichMedia)(?![A-Za-z0-9_.\-])")
_STREAM, _STREAM_ENDS = re.compile(rb"\bstream\r?\n"), re.compile(rb"endstream")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_END = re.compile(rb"%%EOF")
RUNS = "Этот PDF содержит сценарий или запуск программ. Сохраните его без них, например через «Печать в PDF»."
# Objects packed in streams are unpacked for the look, up to this much in all.
_MOST_UNPACKED = 32 * 1024 * 1024


def examine(file: BinaryIO) -> None:
    """Raises FileRefused for a PDF that is cut short or shows scripts, launching of programs or Flash.

    An encrypted or wilfully tangled PDF can hide them: that is why no PDF is ever shown in place.
    """
    with _bytes_of(file) as data:
        if not _END.search(data, max(len(data) - 2048, 0)):
            raise damaged()
        for text in _texts(data):
            if _ACTIVE.search(_ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), text)):
                raise FileRefused(RUNS)


@contextmanager
def _bytes_of(file: BinaryIO) -> Iterator[mmap.mmap | bytes]:
    """The file's bytes to search in, without reading it into memory where it lies on a disk."""
    try:
        number = file.fileno()
    except (AttributeError, io.UnsupportedOperation):
        file.seek(0)
        yield file.read()
        return
    file.flush()
    with mmap.mmap(number, 0, access=mmap.ACCESS_READ) as data:
        yield data


def _texts(data: mmap.mmap | bytes) -> Iterator[bytes]:
    """What stands outside streams, and the streams that hold packed objects."""
    place, budget = 0, _MOST_UNPACKED
    while found := _STREAM.search(data, place):
        before = bytes(data[place : found.start()])
        yield before
        ends = _STREAM_ENDS.search(data, found.end())
        if ends is None:
            place = found.end()
            break
        if budget > 0 and b"/ObjStm" in before[-1000:]:
            unpacked = _unpacked(bytes(data[found.end() : ends.start()]), budget)
            budget -= len(unpacked)
            yield unpacked
        place = ends.end()
    yield bytes(data[place:])


def _unpacked(packed: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, most)
    except zlib.error:
        return b""
