"""Sound and video: enough of the container is walked through to know it whole and playable by browsers."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from eios.lib.filetypes.refusal import FileRefused, damaged

MOST_PARTS = 50_000
_LONGEST_INDEX = 16 * 1024 * 1024
_HANDLER = re.compile(rb"hdlr.{8}(soun|vide)", re.DOTALL)
_BRANDS_OF_PICTURES = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis")
_VORBIS, _OPUS, _FLAC, _SPEEX = b"\x01vorbis", b"OpusHead", b"\x7fFLAC", b"Speex   "

# Kilobits a second and samples a second of MPEG layer III; index 0 and the last one mean nothing.
_BITRATES = {
    True: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def examine(file: BinaryIO, head: bytes) -> str | None:
    """The media type, or None where the head is not that of sound or video. Raises FileRefused."""
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return _wav(file, head)
    if head.startswith(b"OggS"):
        return _ogg(file)
    if head[4:8] == b"ftyp":
        return _mp4(file, head[8:12])
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return _webm(file)
    if head.startswith(b"ID3") or _frame_length(head):
        return _mp3(file, head)
    return None


def _size(file: BinaryIO) -> int:
    return file.seek(0, 2)


def _wav(file: BinaryIO, head: bytes) -> str:
    declared = int.from_bytes(head[4:8], "little")
    # Recorders that write as they go leave the length unset.
    if declared not in (0, 0xFFFFFFFF) and declared + 8 > _size(file):
        raise damaged()
    file.seek(0)
    if b"fmt " not in file.read(4096):
        raise damaged()
    return "audio/wav"


def _ogg(file: BinaryIO) -> str:
    size, place, codec = _size(file), 0, b""
    for _ in range(MOST_PARTS):
        if place == size and codec:
            return "audio/ogg"
        file.seek(place)
        page = file.read(27)
        if len(page) < 27 or page[:5] != b"OggS\x00":
            raise damaged()
        table = file.read(page[26])
        codec = codec or file.read(8)
        if not codec.startswith((_VORBIS, _OPUS, _FLAC, _SPEEX)):
            raise FileRefused("В файле Ogg не звук, который умеют играть браузеры. Сохраните видео как MP4 или WebM.")
        place += 27 + page[26] + sum(table)
    raise damaged()


def _mp4(file: BinaryIO, brand: bytes) -> str:
    if brand in _BRANDS_OF_PICTURES:
        raise FileRefused("Снимки HEIC и AVIF открываются не везде. Сохраните снимок как JPEG и загрузите снова.")
    if brand == b"qt  " or brand.startswith(b"3g"):
        raise FileRefused("Видео MOV и 3GP открывается не везде. Сохраните его как MP4 и загрузите снова.")
    index = b""
    for name, place, length in _boxes(file):
        if name == b"moov" and length <= _LONGEST_INDEX:
            file.seek(place)
            index = file.read(length)
    tracks = set(_HANDLER.findall(index))
    if not tracks:
        raise damaged()
    return "video/mp4" if b"vide" in tracks else "audio/mp4"


def _boxes(file: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """Name, place and length of every box of the upper level; together they are the whole file."""
    size, place = _size(file), 0
    for _ in range(MOST_PARTS):
        if place == size:
            return
        file.seek(place)
        head = file.read(16)
        if len(head) < 8:
            raise damaged()
        length = int.from_bytes(head[:4], "big")
        if length == 1 and len(head) == 16:
            length = int.from_bytes(head[8:], "big")
        elif length == 0:
            length = size - place
        if length < 8 or place + length > size:
            raise damaged()
        yield head[4:8], place, length
        place += length
    raise damaged()


def _webm(file: BinaryIO) -> str:
    size = _size(file)
    file.seek(4)
    header_length, _ = _number(file)
    header = file.read(min(header_length, 4096))
    if b"\x42\x82\x84webm" not in header:
        raise FileRefused("Видео MKV открывается не везде. Сохраните его как MP4 или WebM и загрузите снова.")
    if file.read(4) != b"\x18\x53\x80\x67":
        raise damaged()
    length, is_unknown = _number(file)
    # Recorders in a browser write as they go and leave the length unset.
    if not is_unknown and file.tell() + length > size:
        raise damaged()
    return "video/webm"


def _number(file: BinaryIO) -> tuple[int, bool]:
    """A number of variable length of EBML, and whether it means «unknown»."""
    first = file.read(1)
    if not first or not first[0]:
        raise damaged()
    width = 9 - first[0].bit_length()
    rest = file.read(width - 1)
    value = int.from_bytes(bytes([first[0] & (0xFF >> width)]) + rest, "big")
    return value, value == (1 << 7 * width) - 1


def _mp3(file: BinaryIO, head: bytes) -> str:
    """After the tag, two frames that follow one another."""
    place = 0
    if head.startswith(b"ID3"):
        a, b, c, d = head[6:10]
        place = 10 + (a << 21 | b << 14 | c << 7 | d)
    file.seek(place)
    data = file.read(8192)
    padding = len(data) - len(data.lstrip(b"\x00"))
    data = data[padding:]
    length = _frame_length(data[:4])
    if not length or not _frame_length(data[length : length + 4]):
        raise damaged()
    return "audio/mpeg"


def _frame_length(head: bytes) -> int:
    """Bytes of the frame of MPEG layer III that begins here, or 0."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return 0
    version, rate_index = head[1] >> 3 & 3, head[2] >> 2 & 3
    bitrate_index = head[2] >> 4
    if version == 1 or rate_index == 3 or not 0 < bitrate_index < 15:
        return 0
    is_first = version == 3
    bitrate, rate = _BITRATES[is_first][bitrate_index - 1], _RATES[version][rate_index]
    return (144 if is_first else 72) * bitrate * 1000 // rate + (head[2] >> 1 & 1)
