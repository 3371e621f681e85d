"""Sites under gunicorn, as the portal serves itself, and what /proc knows of their processes."""

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
    """A running gunicorn, and the database's main process if it has one."""

    port: int
    master: int
    database: int | None

    def cpu_seconds(self) -> float:
        """User and system time of the site and its database, of ended processes too."""
        return sum(_cpu(pid) for root in (self.master, self.database) if root for pid in _tree(root))

    def worker_mib(self) -> float:
        """The largest worker's share of memory (PSS): shared pages are divided between those who share them."""
        return max(_pss(pid) for pid in _children().get(self.master, [])) / 1024


@contextmanager
def serve(application: str, environment: dict[str, str], database: int | None) -> Iterator[Site]:
    """The application under the portal's own gunicorn settings, on a free port of this machine alone."""
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "eios/gunicorn.py", application],
        cwd=ROOT,
        env=environment | {"BIND": f"127.0.0.1:{port}"},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_for(port, process)
        yield Site(port, process.pid, database)
    finally:
        _end(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(port: int, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("Сервер для замера не запустился; его сообщения выше.")


def _end(process: subprocess.Popen) -> None:
    """Ask the master to end; then whatever is left of its session is killed."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name; empty when the process has ended."""
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


def _tree(root: int) -> list[int]:
    children, found = _children(), [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def _cpu(pid: int) -> float:
    return sum(map(int, _stat(pid)[11:15])) / TICKS


def _pss(pid: int) -> int:
    match = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
    return int(match[1]) if match else 0
