"""The table of ways around a filter, for the unit test and for the browser."""

from pathlib import Path

TABLE = Path(__file__).with_name("evasion.txt")
_SIGNS = {"\\n": "\n", "\\t": "\t", "\\\\": "\\"}


def _read() -> list[str]:
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("# Ways")]
    for sign, meaning in _SIGNS.items():
        lines = [line.replace(sign, meaning) for line in lines]
    return lines


EVASIONS = _read()
