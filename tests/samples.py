"""Files made on the spot: sound ones of every type that the store takes, and parts to spoil them with."""

import io
import struct
import wave
import zipfile
import zlib

from PIL import Image

OOXML = "application/vnd.openxmlformats-officedocument."
MAIN_PARTS = {
    "docx": OOXML + "wordprocessingml.document",
    "xlsx": OOXML + "spreadsheetml.sheet",
    "pptx": OOXML + "presentationml.presentation",
}
OPENDOCUMENT = "application/vnd.oasis.opendocument."
JAVASCRIPT = b"1 0 obj << /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >> endobj\n"


def picture(form="PNG", size=(40, 30), mode="RGB", **options) -> bytes:
    """Noise, so that nothing shrinks to nothing."""
    image = Image.effect_noise(size, 60).convert(mode)
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A PNG that declares this size and holds next to no pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + body


def webp_of(width: int, height: int) -> bytes:
    """A WebP canvas that declares this size."""
    canvas = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + canvas
    return b"RIFF" + struct.pack("<I", len(body)) + body


def pdf(inside: bytes = b"", stream: bytes = b"", about: bytes = b"") -> bytes:
    """A PDF with something inside, outside of streams or in one."""
    held = b"2 0 obj << " + about + b" >>\nstream\n" + stream + b"\nendstream endobj\n"
    return b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n" + inside + held + b"trailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"


def zipped(entries: dict, *, first: tuple = (), **options) -> bytes:
    """A ZIP archive; values are bytes or text, keys are names or ZipInfo."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", options.get("compression", zipfile.ZIP_DEFLATED)) as archive:
        for name, content in first:
            archive.writestr(name, content, zipfile.ZIP_STORED)
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def contents_of(kind: str) -> str:
    return f'<Types><Override PartName="/main.xml" ContentType="{MAIN_PARTS[kind]}.main+xml"/></Types>'


def office(kind="docx", extra: dict | None = None) -> bytes:
    """DOCX, XLSX or PPTX as far as anybody looks."""
    return zipped({"[Content_Types].xml": contents_of(kind), "main.xml": "<w/>", **(extra or {})})


def opendocument(kind="text", extra: dict | None = None) -> bytes:
    return zipped({"content.xml": "<office/>", **(extra or {})}, first=[("mimetype", OPENDOCUMENT + kind)])


def wav() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(1600))
    return out.getvalue()


def mp3(tag: bytes = b"ID3\x04\x00\x00\x00\x00\x00\x0a" + bytes(10)) -> bytes:
    """Three silent frames of 128 kbit/s at 44.1 kHz: 417 bytes each."""
    return tag + (b"\xff\xfb\x90\x00" + bytes(413)) * 3


def ogg(codec: bytes = b"OpusHead\x01\x01", pages: int = 2) -> bytes:
    page = b"OggS\x00" + bytes(21)
    return b"".join(page + bytes([1, 20]) + (codec if not n else b"").ljust(20, b"\0") for n in range(pages))


def _box(name: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body) + 8) + name + body


def mp4(*tracks: bytes, brand: bytes = b"isom") -> bytes:
    handlers = b"".join(_box(b"hdlr", bytes(8) + track + bytes(13)) for track in tracks or (b"vide", b"soun"))
    return _box(b"ftyp", brand + bytes(4)) + _box(b"moov", handlers) + _box(b"mdat", bytes(500))


def webm(doctype: bytes = b"webm", length: bytes = b"\x40\x64") -> bytes:
    header = b"\x42\x82" + bytes([0x80 | len(doctype)]) + doctype
    return b"\x1a\x45\xdf\xa3" + bytes([0x80 | len(header)]) + header + b"\x18\x53\x80\x67" + length + bytes(100)


def all_sound() -> dict[str, tuple[str, bytes]]:
    """Every type that the store knows: {media type: (a name, bytes)}."""
    return {
        "application/pdf": ("скан.pdf", pdf()),
        "image/png": ("к.png", picture()),
        "image/jpeg": ("к.jpeg", picture("JPEG")),
        "image/webp": ("к.webp", picture("WEBP")),
        "image/gif": ("к.gif", picture("GIF", mode="P")),
        MAIN_PARTS["docx"]: ("д.docx", office("docx")),
        MAIN_PARTS["xlsx"]: ("т.xlsx", office("xlsx")),
        MAIN_PARTS["pptx"]: ("п.pptx", office("pptx")),
        OPENDOCUMENT + "text": ("д.odt", opendocument("text")),
        OPENDOCUMENT + "spreadsheet": ("т.ods", opendocument("spreadsheet")),
        OPENDOCUMENT + "presentation": ("п.odp", opendocument("presentation")),
        "application/vnd.ms-excel": ("т.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le")),
        "text/plain": ("т.txt", "Привет, мир".encode()),
        "audio/mpeg": ("з.mp3", mp3()),
        "audio/ogg": ("з.opus", ogg()),
        "audio/wav": ("з.wav", wav()),
        "text/vtt": ("субтитры.vtt", b"WEBVTT\n\n00:00.000 --> 00:01.000\nHi\n"),
        "audio/mp4": ("з.m4a", mp4(b"soun", brand=b"M4A ")),
        "video/mp4": ("в.mp4", mp4()),
        "video/webm": ("в.webm", webm()),
    }
