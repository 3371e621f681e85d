"""What a person typed in a field, and what the person had seen there."""

from collections.abc import Iterable
from dataclasses import dataclass

from resources.models import Document, SvedenValue


@dataclass(frozen=True)
class Entry:
    """What was typed in a field. `file` is an upload, False to take the file away, or the file that stands."""

    text: str = ""
    link: str = ""
    document: Document | None = None
    file: object = None
    is_none: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.is_none or self.text or self.link or self.document or self.file)


def mark_of(values: Iterable[SvedenValue]) -> str:
    """Names what a person has seen of a row, so that another's correction is not overwritten unseen."""
    return ",".join(sorted(f"{value.field}:{value.changed_at.timestamp()}" for value in values))
