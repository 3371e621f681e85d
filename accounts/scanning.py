"""Looking for viruses with clamd, where the setting CLAMD names one: host:port or the path of a unix socket."""

import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from django.conf import settings

CONNECT_SECONDS, ANSWER_SECONDS = 3, 60
_CHUNK = 64 * 1024


class ScannerUnreachable(Exception):
    """clamd does not answer, or could not look through the file."""


def is_configured() -> bool:
    return bool(settings.CLAMD)


def virus_in(path: Path) -> str | None:
    """The name of the virus found in the file, or None for a clean one. Raises ScannerUnreachable."""
    try:
        with closing(_connect(settings.CLAMD)) as link, open(path, "rb") as file:
            link.settimeout(ANSWER_SECONDS)
            _send(link, iter(lambda: file.read(_CHUNK), b""))
            answer = _answer(link)
    except (OSError, ValueError) as error:
        raise ScannerUnreachable(f"clamd: {error}") from error
    if answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    if answer == "stream: OK":
        return None
    raise ScannerUnreachable(f"clamd: {answer or 'пустой ответ'}")


def _connect(address: str) -> socket.socket:
    if address.startswith(("/", "unix:")):
        link = socket.socket(socket.AF_UNIX)
        link.settimeout(CONNECT_SECONDS)
        link.connect(address.removeprefix("unix:"))
        return link
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), CONNECT_SECONDS)


def _send(link: socket.socket, pieces: Iterator[bytes]) -> None:
    """INSTREAM: each piece after its length, a zero at the end; clamd hangs up early when it has heard enough."""
    try:
        link.sendall(b"zINSTREAM\0")
        for piece in pieces:
            link.sendall(len(piece).to_bytes(4, "big") + piece)
        link.sendall(bytes(4))
    except (BrokenPipeError, ConnectionResetError):
        return


def _answer(link: socket.socket) -> str:
    said = b""
    while len(said) < 4096 and (piece := link.recv(4096)):
        said += piece
    return said.split(b"\0")[0].decode("utf-8", "replace").strip()
