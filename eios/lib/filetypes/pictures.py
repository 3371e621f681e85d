"""Pictures: what Pillow can read whole, within a limit of pixels that is asked before anything is unpacked."""

import io
import struct
import warnings
from typing import BinaryIO

from PIL import Image, ImageOps

from eios.lib.filetypes.kinds import FileKind
from eios.lib.filetypes.refusal import FileRefused, damaged

SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
_FORMATS = {"image/png": ["PNG"], "image/jpeg": ["JPEG", "MPO"], "image/gif": ["GIF"], "image/webp": ["WEBP"]}
# Which may carry a camera's words, and how they are written anew.
_WRITTEN = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
_METADATA = {"exif", "xmp", "XML:com.adobe.xmp", "comment", "photoshop"}
_UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError, OverflowError, struct.error)
# A progressive JPEG keeps six bytes for every pixel while it is read; larger ones are judged by their end alone.
_MOST_PROGRESSIVE = 16_000_000


def type_of(head: bytes) -> str | None:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return next((name for start, name in SIGNATURES.items() if head.startswith(start)), None)


def is_picture(media_type: str) -> bool:
    return media_type in _FORMATS


def examine(file: BinaryIO, media_type: str, kind: FileKind) -> None:
    """Raises FileRefused where the picture is too large, damaged or cut short."""
    if media_type == "image/webp":
        # Pillow gives memory to the whole canvas as soon as it opens one, so this size is read by ourselves.
        _check_pixels(*_webp_size(file), kind)
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(file, formats=_FORMATS[media_type]) as image:
                _check_pixels(*image.size, kind)
                _read(image, media_type)
    except (Image.DecompressionBombError, MemoryError) as error:
        raise _too_large(kind) from error
    except FileRefused:
        raise
    except _UNREADABLE as error:
        raise damaged() from error


def _check_pixels(width: int, height: int, kind: FileKind) -> None:
    if width * height > kind.max_pixels:
        raise _too_large(kind)
    if not width or not height:
        raise damaged()


def _too_large(kind: FileKind) -> FileRefused:
    most = kind.max_pixels // 1_000_000
    return FileRefused(f"В картинке больше {most} миллионов точек. Уменьшите её и попробуйте снова.")


def _read(image: Image.Image, media_type: str) -> None:
    """Looks through the file to its end with little memory: checksums of PNG, a JPEG at an eighth of its size."""
    if media_type == "image/png":
        image.verify()
    elif media_type == "image/jpeg":
        _read_jpeg(image)
    elif media_type == "image/gif":
        image.load()


def _read_jpeg(image: Image.Image) -> None:
    width, height = image.size
    if not image.info.get("progressive") or width * height <= _MOST_PROGRESSIVE:
        image.draft("L", (max(width // 8, 1), max(height // 8, 1)))
        image.load()
        return
    image.fp.seek(0, 2)
    image.fp.seek(max(image.fp.tell() - 65536, 0))
    if b"\xff\xd9" not in image.fp.read():
        raise damaged()


def _webp_size(file: BinaryIO) -> tuple[int, int]:
    """Width and height from the head of a WebP file. Raises FileRefused where it is cut short."""
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(30)
    if len(head) < 30 or int.from_bytes(head[4:8], "little") + 8 > size:
        raise damaged()
    chunk = head[12:16]
    if chunk == b"VP8X":
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    if chunk == b"VP8L" and head[20] == 0x2F:
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    if chunk == b"VP8 " and head[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", head[26:30])
        return width & 0x3FFF, height & 0x3FFF
    raise damaged()


def without_metadata(file: BinaryIO, media_type: str) -> bytes | None:
    """The same picture, upright, without what a camera wrote of place, time and device; None where it wrote nothing.

    Only of a picture that has been examined.
    """
    file.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(file, formats=_FORMATS[media_type]) as image:
            if media_type not in _WRITTEN or not (image.getexif() or _METADATA & image.info.keys()):
                return None
            upright, out = ImageOps.exif_transpose(image), io.BytesIO()
            # What is not handed over is not written.
            upright.info = {}
            upright.getexif().clear()
            upright.save(out, _WRITTEN[media_type], quality=90)
            return out.getvalue()
