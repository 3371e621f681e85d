"""What may be taken for which purpose: media types, sizes, and what a browser may show in place.

An app names its own purposes and registers them in `accounts.hints.FILE_KINDS`, usually one of the ready-made kinds
with a title of its own: `replace(SCAN, title="скан приказа")`.
"""

from dataclasses import dataclass, replace

KIB, MIB = 1024, 1024 * 1024

# Media type → how people call it, and the endings that its files may have; the first one is given where none fits.
TYPES: dict[str, tuple[str, tuple[str, ...]]] = {
    "application/pdf": ("PDF", ("pdf",)),
    "image/png": ("PNG", ("png",)),
    "image/jpeg": ("JPEG", ("jpg", "jpeg")),
    "image/webp": ("WebP", ("webp",)),
    "image/gif": ("GIF", ("gif",)),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("DOCX", ("docx",)),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("XLSX", ("xlsx",)),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ("PPTX", ("pptx",)),
    "application/vnd.oasis.opendocument.text": ("ODT", ("odt",)),
    "application/vnd.oasis.opendocument.spreadsheet": ("ODS", ("ods",)),
    "application/vnd.oasis.opendocument.presentation": ("ODP", ("odp",)),
    "application/vnd.ms-excel": ("XLS", ("xls",)),
    "text/plain": ("текст", ("txt", "csv", "md")),
    "text/vtt": ("субтитры WebVTT", ("vtt",)),
    "audio/mpeg": ("MP3", ("mp3",)),
    "audio/ogg": ("Ogg", ("ogg", "oga", "opus")),
    "audio/wav": ("WAV", ("wav",)),
    "audio/mp4": ("M4A", ("m4a",)),
    "video/mp4": ("MP4", ("mp4", "m4v")),
    "video/webm": ("WebM", ("webm",)),
}

PICTURES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})
# Old Excel, and HTML under its name: read for the table in them, never taken as a document.
OLD_EXCEL = "application/vnd.ms-excel"
# Known from other text only where it is taken.
SUBTITLES = "text/vtt"
OFFICE = frozenset(name for name in TYPES if name.startswith("application/vnd.")) - {OLD_EXCEL}
SOUND_AND_VIDEO = frozenset(name for name in TYPES if name.startswith(("audio/", "video/")))


@dataclass(frozen=True)
class FileKind:
    """A purpose of files and its limits.

    `inline` names the media types that a browser may show in place; the rest is only saved. PDF is never shown in
    place: the sandbox in which files are served closes the browsers' viewers. `is_shared` files are open to everybody
    and kept by browsers and proxies. `is_kept_if_public`: what a guest may read now stays in the visitor's browser,
    which asks each time whether it still may. `without_metadata`: pictures lose what a camera wrote of place, time and
    device.
    """

    title: str
    types: frozenset[str]
    max_bytes: int
    max_pixels: int = 40_000_000
    inline: frozenset[str] = frozenset()
    is_shared: bool = False
    is_kept_if_public: bool = False
    without_metadata: bool = False

    @property
    def type_names(self) -> str:
        """«PDF, PNG, JPEG», in the order of the table."""
        return ", ".join(title for name, (title, _) in TYPES.items() if name in self.types)

    @property
    def endings(self) -> str:
        """For the `accept` of an input: «.pdf,.png,.jpg,.jpeg»."""
        return ",".join(f".{end}" for name, (_, ends) in TYPES.items() if name in self.types for end in ends)


PICTURE = FileKind("картинка", PICTURES, 10 * MIB, inline=PICTURES)
LOGO = FileKind(
    "логотип",
    PICTURES - {"image/gif"},
    2 * MIB,
    max_pixels=16_000_000,
    inline=PICTURES - {"image/gif"},
    is_shared=True,
)
SCAN = FileKind("скан", frozenset({"application/pdf", "image/jpeg", "image/png"}), 20 * MIB, inline=PICTURES)
DOCUMENT = FileKind("документ", OFFICE | {"application/pdf", "text/plain"}, 20 * MIB)
TABLE = FileKind("таблица", frozenset(name for name in OFFICE if "sheet" in name) | {OLD_EXCEL, "text/plain"}, 20 * MIB)
MEDIA = FileKind("звук или видео", SOUND_AND_VIDEO, 60 * MIB, inline=SOUND_AND_VIDEO)
WORK = replace(
    MEDIA, title="работа", types=DOCUMENT.types | PICTURES | SOUND_AND_VIDEO, inline=SOUND_AND_VIDEO | PICTURES
)


def size_text(size: int) -> str:
    """A size for people: «20 МБ», «512 КБ», «1,4 МБ»."""
    if size < KIB:
        return f"{size}\N{NO-BREAK SPACE}Б"
    number, unit = (size / MIB, "МБ") if size >= MIB else (size / KIB, "КБ")
    text = f"{number:.1f}".removesuffix(".0").replace(".", ",")
    return f"{text}\N{NO-BREAK SPACE}{unit}"
