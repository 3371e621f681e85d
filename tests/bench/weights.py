"""What a browser has to fetch: bytes on the wire, headers and the portal's own compression included."""

import re

from tests.bench import load

LOADED = re.compile(r'(?:href|src)="(/static/[^"#]+)')
# A repeat visit does not ask for a file again when its answer said so.
FOR_EVER = "immutable"


def header_of(answer: bytes, name: str) -> str:
    head = answer.partition(b"\r\n\r\n")[0].decode("latin-1")
    match = re.search(rf"^{name}:\s*(.+?)\r?$", head, re.M | re.I)
    return match[1] if match else ""


def first_visit(port: int) -> dict[str, int]:
    """Address → bytes of the public home page and of all files that it names. Raises SystemExit where one is missing."""
    request = load.request_of("/").replace(b"gzip, deflate, br", b"identity")
    page = load.exchange(port, load.request_of("/"))
    text = load.exchange(port, request).partition(b"\r\n\r\n")[2].decode()
    found = {"/": len(page)}
    for address in dict.fromkeys(LOADED.findall(text)):
        answer = load.exchange(port, load.request_of(address))
        if load.status_of(answer) != 200 or FOR_EVER not in header_of(answer, "Cache-Control"):
            raise SystemExit(f"{address}: ответ {load.status_of(answer)} или файл не хранится браузером")
        found[address] = len(answer)
    return found
