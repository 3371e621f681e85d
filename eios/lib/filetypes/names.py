"""Names of files as people gave them, made harmless for every system they may be saved on."""

import re
import unicodedata

from eios.lib.filetypes.kinds import TYPES

LONGEST = 200
# Control and format characters (NUL, line ends, direction overrides, zero width), lone surrogates, private use.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])", re.IGNORECASE)
# Endings that may be dropped from a name whose content says otherwise: «отчёт.pdf.exe» is «отчёт.pdf».
_OTHERS = (
    "bat bin chm cmd com cpl css dll doc docm dot exe gz hta htm html inf iso jar js jse lnk mht mhtml msi php phtml "
    "pl ppt pptm ps1 py rar reg rtf scr sh shtml svg svgz swf tar url vbe vbs wsf xht xhtml xls xlsm xml xsl xslt zip"
)
_KNOWN_ENDINGS = {ending for _, endings in TYPES.values() for ending in endings} | {*_OTHERS.split(), "7z"}


def clean_name(name: str, media_type: str) -> str:
    """The name without a path and unseen characters, at most 200 long, its ending that of the media type."""
    endings = TYPES[media_type][1]
    name = unicodedata.normalize("NFC", name.encode("utf-8", "ignore").decode())
    name = re.split(r"[/\\]", name)[-1]
    name = "".join(letter for letter in name if unicodedata.category(letter) not in _UNSEEN)
    name = " ".join(_FORBIDDEN.sub("_", name).split()).strip(". ")
    stem, ending = _split(name)
    ending = ending if ending in endings else endings[0]
    if not stem or _RESERVED.fullmatch(stem.split(".")[0].strip()):
        stem = f"_{stem}" if stem else "файл"
    return f"{stem[: LONGEST - len(ending) - 1].rstrip('. ')}.{ending}"


def _split(name: str) -> tuple[str, str]:
    """The stem without any known endings, and the last one of them: «а.pdf.html» → («а», «html»)."""
    last = ""
    while True:
        stem, dot, ending = name.rpartition(".")
        if not dot or ending.strip().casefold() not in _KNOWN_ENDINGS:
            return name.rstrip(". "), last
        last = last or ending.strip().casefold()
        name = stem
