"""A site under the portal's own gunicorn settings, and what /proc knows of its processes."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 30
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Site:
    """A running gunicorn, and the main process of its database if it has one."""

    port: int
    master: int
    database: int | None

    def cpu_seconds(self) -> float:
        """User and system time of the site and its database, ended processes included."""
        found, children = [pid for pid in (self.master, self.database) if pid], _children()
        for pid in found:
            found += children.get(pid, [])
        return sum(sum(map(int, _stat(pid)[11:15])) for pid in found) / TICKS

    def worker_mib(self) -> float:
        """The largest worker's share of memory (PSS): what several processes share is divided among them."""
        shares = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in _children()[self.master]]
        return max(int(re.search(r"^Pss:\s+(\d+)", text, re.M)[1]) for text in shares) / 1024


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name; none when the process has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for pid in map(int, filter(str.isdigit, os.listdir("/proc"))):
        if stat := _stat(pid):
            found.setdefault(int(stat[1]), []).append(pid)
    return found


@contextmanager
def serve(application: str, settings: dict[str, str], database: int | None) -> Iterator[Site]:
    """The application on a free port of this machine alone; all its processes end with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "eios/gunicorn.py", application],
        cwd=ROOT,
        env=settings | {"BIND": f"127.0.0.1:{port}"},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_for(port, process)
        yield Site(port, process.pid, database)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for(port: int, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("Сервер для замера не запустился; его сообщения выше.")
