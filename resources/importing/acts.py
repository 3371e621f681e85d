"""Acts of clause 1.2 and the Regulation itself, as the data files have them."""

import tomllib

from eios.lib.data_files import read_toml
from resources.importing.seed import DATA, RegistryFileError
from resources.models import Document

ACTS, REGULATION = "acts.toml", "regulation.md"


def read_acts() -> list[Document]:
    """Documents of the file, not saved; each has a code. Raises RegistryFileError."""
    try:
        tables = read_toml(DATA / ACTS)["act"]
        return [_document(table) for table in tables]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise RegistryFileError(f"{ACTS}: файл не читается как перечень актов: {error}") from error


def _document(table: dict) -> Document:
    return Document(
        code=f"act-{table['n']}", level=table["level"], kind=table["kind"], title=table["title"],
        short_name=table.get("short", ""), issuer=table["issuer"], number=table["number"], date=table.get("date"),
    )  # fmt: skip


def read_regulation() -> tuple[Document, str]:
    """The Regulation, not saved, and the text of its first edition. Raises RegistryFileError."""
    try:
        text = (DATA / REGULATION).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RegistryFileError(f"{REGULATION}: файл не читается: {error}") from error
    document = Document(
        code="regulation", kind=Document.Kind.REGULATION, short_name="Положение об ЭИОС",
        title="Положение об электронной информационно-образовательной среде МКОУООШ №29",
    )  # fmt: skip
    return document, text
