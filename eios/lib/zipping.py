"""ZIP archives that say nothing of the hour when they were made; large files are copied piece by piece."""

import zipfile
from pathlib import Path

# The day that the format of ZIP begins with: the hour of an export is no part of what is exported.
EPOCH = (1980, 1, 1, 0, 0, 0)
PIECE = 1024 * 1024


def entry(name: str, method: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    """A file of the archive that everybody may read once it is unpacked."""
    made = zipfile.ZipInfo(name, EPOCH)
    made.compress_type, made.external_attr = method, 0o644 << 16
    return made


def copy_file(archive: zipfile.ZipFile, name: str, path: Path, size: int) -> None:
    """Pictures, sound and documents are packed already: they are copied as they are. Raises OSError."""
    made = entry(name, zipfile.ZIP_STORED)
    made.file_size = size
    with open(path, "rb") as source, archive.open(made, "w") as target:
        while piece := source.read(PIECE):
            target.write(piece)
