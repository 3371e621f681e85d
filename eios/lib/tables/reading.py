"""From the bytes of an uploaded file to its sheets: told by content, never by name."""

from eios.lib.tables import archive, delimited, markup, workbooks
from eios.lib.tables.encoding import decode
from eios.lib.tables.refusal import TableError
from eios.lib.tables.sheets import MOST_BYTES, Sheet


def read(data: bytes, *, words: bool = False) -> list[Sheet]:
    """The sheets of an XLSX, XLS, ODS, DOCX, HTML or CSV file. Raises TableError with what to do.

    With `words`, what an HTML file says outside of its tables is one more sheet, of one column, before the others.
    """
    if len(data) > MOST_BYTES:
        raise TableError(f"Файл больше {MOST_BYTES // 1024 // 1024} МБ: столько в таблице не бывает.")
    if not data.strip():
        raise TableError("Файл пуст.")
    if data.startswith(workbooks.ZIP):
        archive.check(data)
    if data.startswith((workbooks.ZIP, workbooks.OLE)):
        return workbooks.read(data)
    text = decode(data)
    return markup.read(text, words=words) if text.lstrip("\ufeff \t\r\n").startswith("<") else delimited.read(text)
