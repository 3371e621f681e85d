"""The archive of a portfolio: opens without the portal, from a disk, without the internet (11, 12.1)."""

import datetime
import json
import tempfile
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings
from django.template.loader import render_to_string

from eios.lib import zipping
from eios.lib.filetypes import MIB
from portfolio.plain import Packed

IN_MEMORY = 20 * MIB
PAGE, VALUES, README, STYLE = "index.html", "portfolio.json", "README.txt", "style.css"


@dataclass(frozen=True)
class Label:
    """What the archive says of itself: the number under which it is verified, where, and its source (12.1)."""

    number: str
    made_on: datetime.date
    source: str
    verify_url: str


def pack(packed: Packed, label: Label) -> BinaryIO:
    """The archive, at its beginning. Raises OSError where the bytes of a file are missing."""
    out = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (the answer closes it)
    context = {"values": packed.values, "label": label}
    about = {"number": label.number, "made_on": label.made_on.isoformat(), "source": label.source,
             "verify": label.verify_url, "sha256": packed.sha256}  # fmt: skip
    values = json.dumps({"export": about, "portfolio": packed.values}, ensure_ascii=False, indent=1)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipping.entry(PAGE), render_to_string("portfolio/archive/index.html", context))
        archive.writestr(zipping.entry(STYLE), render_to_string("portfolio/archive/style.css"))
        archive.writestr(zipping.entry(README), render_to_string("portfolio/archive/readme.txt", context))
        archive.writestr(zipping.entry(VALUES), values)
        for path, stored in packed.files.items():
            zipping.copy_file(archive, path, settings.MEDIA_ROOT / stored.path, stored.size)
    out.seek(0)
    return out
