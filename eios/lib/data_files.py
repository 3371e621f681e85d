"""Tables that come with the portal, as TOML files."""

import tomllib
from pathlib import Path


def read_toml(path: Path) -> dict:
    """Raises OSError, UnicodeDecodeError, tomllib.TOMLDecodeError."""
    return tomllib.loads(path.read_text(encoding="utf-8"))
