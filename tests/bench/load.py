"""A load client of the standard library: threads that ask, read to the end, and ask again."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

PATIENCE_SECONDS = 30


@dataclass
class Load:
    """One measurement: seconds of every request, bytes received, answers of another status than expected, CPU time."""

    seconds: list[float] = field(default_factory=list)
    received: int = 0
    wrong: list[int] = field(default_factory=list)
    took: float = 0.0
    cpu_seconds: float = 0.0

    def figures(self) -> dict[str, float]:
        """Per request: CPU ms, KB, and the milliseconds within which half and 95 % were answered; requests a second."""
        number, ordered = len(self.seconds), sorted(self.seconds)
        p50, p95 = (ordered[int(number * part)] * 1000 for part in (0.5, 0.95))
        cpu, kb = self.cpu_seconds * 1000 / number, self.received / number / 1024
        return {"cpu": cpu, "kb": kb, "rate": number / self.took, "p50": p50, "p95": p95}


def request_of(path: str, *, cookies: str = "", etag: str = "", form: str = "", encoding: str = "gzip, br") -> bytes:
    """A whole HTTP request as a browser sends it; sync workers close the connection after each."""
    lines = [f"{'POST' if form else 'GET'} {path} HTTP/1.1", "Host: localhost", "Connection: close"]
    lines += ["Accept: text/html", f"Accept-Encoding: {encoding}", "User-Agent: Mozilla/5.0 (X11; Linux x86_64) bench"]
    lines += [f"Cookie: {cookies}"] if cookies else []
    lines += [f"If-None-Match: {etag}"] if etag else []
    lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(form)}"] if form else []
    return ("\r\n".join(lines) + "\r\n\r\n" + form).encode()


def exchange(port: int, request: bytes) -> bytes:
    """The whole answer, head and body; empty where there was none."""
    try:
        with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as connection:
            connection.sendall(request)
            return b"".join(iter(lambda: connection.recv(65536), b""))
    except OSError:
        return b""


def status_of(answer: bytes) -> int:
    return int(answer[9:12] or 0)


def header_of(answer: bytes, name: str) -> str:
    match = re.search(rf"^{name}: (.*)\r$", answer.partition(b"\r\n\r\n")[0].decode() + "\r", re.M | re.I)
    return match[1] if match else ""


def run(port: int, requests: Iterator[bytes], *, status: int, at_once: int, seconds: float) -> Load:
    """Send the requests, `at_once` at a time, until they or the seconds run out."""
    load, lock, began = Load(), threading.Lock(), time.perf_counter()

    def work() -> None:
        while time.perf_counter() - began < seconds:
            with lock:
                request = next(requests, None)
            if request is None:
                return
            start = time.perf_counter()
            answer = exchange(port, request)
            took = time.perf_counter() - start
            with lock:
                load.seconds.append(took)
                load.received += len(answer)
                load.wrong += [status_of(answer)] if status_of(answer) != status else []

    threads = [threading.Thread(target=work, daemon=True) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    load.took = time.perf_counter() - began
    return load
