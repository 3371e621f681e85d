"""What is read from a file itself: size of a picture in points, length of a recording; smaller pictures, subtitles."""

import io
import re
from typing import BinaryIO

from PIL import Image, ImageOps
from tinytag import TinyTag, TinyTagException

# Widths of the smaller pictures: a phone, a phone of twice the density or a tablet.
WIDTHS = (480, 960)
QUALITY = 80
_TIME = re.compile(r"(?m)^(\d{1,2}:)?\d{2}:\d{2}[.,]\d{3} --> (\d{1,2}:)?\d{2}:\d{2}[.,]\d{3}")
_COMMA = re.compile(r"(?<=\d{2}:\d{2}),(?=\d{3})")
MOST_SUBTITLES = 512 * 1024


class NotSubtitles(ValueError):
    """The file holds no subtitles."""


def picture_size(file: BinaryIO) -> tuple[int, int]:
    """Width and height as the picture is shown, a turned camera included."""
    file.seek(0)
    with Image.open(file) as image:
        width, height = image.size
        turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    return (height, width) if turned else (width, height)


def smaller(file: BinaryIO, width: int) -> list[tuple[int, bytes]]:
    """The picture as WebP at each of WIDTHS that is narrower than it; a moving GIF is left alone."""
    found = []
    file.seek(0)
    with Image.open(file) as image:
        if getattr(image, "is_animated", False):
            return []
        upright = ImageOps.exif_transpose(image)
        upright = upright if upright.mode in ("RGB", "RGBA") else upright.convert("RGBA")
        for wanted in WIDTHS:
            if wanted < width:
                copy = upright.resize((wanted, max(1, round(upright.height * wanted / upright.width))))
                out = io.BytesIO()
                copy.save(out, "WEBP", quality=QUALITY)
                found.append((wanted, out.getvalue()))
    return found


def seconds_of(file: BinaryIO) -> int | None:
    """The length of a recording; None where the container does not tell."""
    file.seek(0)
    try:
        length = TinyTag.get(file_obj=file).duration
    except (TinyTagException, ValueError, LookupError, OSError, ArithmeticError):
        return None
    return round(length) if length else None


def subtitles_of(data: bytes) -> str:
    """WebVTT of a VTT or an SRT file, in UTF-8 or cp1251. Raises NotSubtitles with a sentence."""
    if len(data) > MOST_SUBTITLES:
        raise NotSubtitles("Файл субтитров больше 512 КБ: похоже, это не субтитры.")
    text = _decoded(data).replace("\r\n", "\n").replace("\r", "\n").strip()
    if not _TIME.search(text):
        raise NotSubtitles("В файле нет строк вида «00:00:01.000 --> 00:00:04.000»: это не субтитры VTT или SRT.")
    if text.startswith("WEBVTT"):
        return f"{text}\n"
    return f"WEBVTT\n\n{_COMMA.sub('.', text)}\n"


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1251", errors="replace")
