"""Run by itself in a process of its own: reads a PDF or a DOCX from standard input, writes its words.

A broken or hostile file may eat memory or time: here it takes nobody along. Knows nothing of the portal, so that it
starts quickly. Arguments: pdf or docx, and the most letters.
"""

import io
import resource
import sys
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

import pypdf

MEMORY, SECONDS = 512 * 1024 * 1024, 6
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BREAKS = {f"{WORD}p", f"{WORD}tab", f"{WORD}br", f"{WORD}tc"}


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def of_pdf(data: bytes) -> Iterator[str]:
    for page in pypdf.PdfReader(io.BytesIO(data)).pages:
        yield page.extract_text() + "\n"


def of_docx(data: bytes) -> Iterator[str]:
    """Text of the body as it comes; elements are dropped as they end, so that a long document stays small."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("word/document.xml") as body:
        # The limits above bound what a bomb of entities may do.
        for _, element in ElementTree.iterparse(body):  # noqa: S314
            if element.tag == f"{WORD}t":
                yield element.text or ""
            elif element.tag in BREAKS:
                yield "\n"
                element.clear()


def main() -> None:
    limit()
    kind, left = sys.argv[1], int(sys.argv[2])
    for piece in (of_pdf if kind == "pdf" else of_docx)(sys.stdin.buffer.read()):
        sys.stdout.write(piece.encode("utf-8", "replace").decode()[:left])
        sys.stdout.flush()
        left -= len(piece)
        if left <= 0:
            return


if __name__ == "__main__":
    main()
