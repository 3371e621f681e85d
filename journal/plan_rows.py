"""A row of an uploaded table as a plan takes it: what is wrong with it, said with the column's own title."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from eios.lib import tables


@dataclass
class PlanRow:
    """`remarks`: sentences in Russian; a row without them is understood."""

    row: tables.Row
    remarks: list[str] = field(default_factory=list, kw_only=True)

    def blame(self, text: str, key: str = "") -> None:
        """`key`: the column that is to be mended; one that the file has not got is not named."""
        column = self.row.title(key) if key else ""
        self.remarks.append(f"Столбец «{column}»: {text}" if column else text)

    def tried(self, key: str, read: Callable[[], Any]) -> Any:
        """What `read` gives; None where it raises ValueError, whose words become a remark."""
        try:
            return read()
        except ValueError as error:
            self.blame(str(error), key)
            return None
