"""A load client of the standard library: a few threads, each asking, reading to the end, and asking again."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

PATIENCE_SECONDS = 30


@dataclass
class Load:
    """What came of it: seconds of every request, bytes on the wire, answers of another status than expected."""

    seconds: list[float] = field(default_factory=list)
    sent: int = 0
    wrong: dict[int, int] = field(default_factory=dict)
    took: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.seconds) / self.took

    @property
    def kb(self) -> float:
        return self.sent / max(len(self.seconds), 1) / 1024

    def percentile(self, part: float) -> float:
        """Milliseconds within which this part of the requests was answered."""
        ordered = sorted(self.seconds)
        return ordered[min(int(len(ordered) * part), len(ordered) - 1)] * 1000


def request_of(path: str, cookies: str = "", etag: str = "", form: str = "") -> bytes:
    """A whole HTTP request of a browser; sync workers close the connection after each."""
    lines = [
        f"{'POST' if form else 'GET'} {path} HTTP/1.1",
        "Host: localhost",
        "Connection: close",
        "Accept: text/html",
        "Accept-Encoding: gzip, deflate, br",
        "Accept-Language: ru",
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64) portal bench",
    ]
    lines += [f"Cookie: {cookies}"] if cookies else []
    lines += [f"If-None-Match: {etag}"] if etag else []
    lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(form)}"] if form else []
    return ("\r\n".join(lines) + "\r\n\r\n" + form).encode()


def exchange(port: int, request: bytes) -> bytes:
    """The whole answer, head and body. Raises OSError."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def status_of(answer: bytes) -> int:
    return int(answer[9:12] or 0)


def run(port: int, requests: Iterator[bytes], *, status: int, at_once: int, seconds: float) -> Load:
    """Send the requests, `at_once` at a time, until they or the seconds run out."""
    load, lock = Load(), threading.Lock()
    began = time.perf_counter()

    def work() -> None:
        while time.perf_counter() - began < seconds:
            with lock:
                request = next(requests, None)
            if request is None:
                return
            start = time.perf_counter()
            try:
                answer = exchange(port, request)
            except OSError:
                answer = b""
            took, got = time.perf_counter() - start, status_of(answer)
            with lock:
                load.seconds.append(took)
                load.sent += len(answer)
                if got != status:
                    load.wrong[got] = load.wrong.get(got, 0) + 1

    threads = [threading.Thread(target=work, daemon=True) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    load.took = time.perf_counter() - began
    return load
