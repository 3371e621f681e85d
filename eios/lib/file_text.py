"""Words of a file that somebody gave, for the search: PDF, DOCX and plain text. Nobody's file harms the portal here."""

import logging
import subprocess
import sys
from pathlib import Path

PDF, TEXT = "application/pdf", "text/plain"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LETTERS, TIMEOUT = 400_000, 10
_CHILD = Path(__file__).with_name("file_text_child.py")
log = logging.getLogger(__name__)


def read(data: bytes, media_type: str) -> str:
    """The file's words, the first LETTERS of them; "" of a scan, a picture, a broken or a hostile file."""
    if media_type == TEXT:
        return data[: LETTERS * 4].decode("utf-8", "replace")[:LETTERS]
    if media_type not in (PDF, DOCX):
        return ""
    kind = "pdf" if media_type == PDF else "docx"
    # Isolated (-I): neither the environment nor the working folder of the server decides what is imported.
    command = [sys.executable, "-I", "-X", "utf8", str(_CHILD), kind, str(LETTERS)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=TIMEOUT, check=False)
    except subprocess.TimeoutExpired:
        log.warning("reading the words of a %s took too long", kind)
        return ""
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        log.warning("the reader of a %s's words ended with %s: %s", kind, done.returncode, last[:200])
    # What had been read before a failure is worth finding by.
    return " ".join(done.stdout.decode("utf-8", "replace").replace("\ufffd", " ").split())[:LETTERS]
