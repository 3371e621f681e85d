"""Whole installations of the portal beside the tests: a database, files and keys of their own, driven from outside.

What must be seen across processes (backup and restore, setup, a starting server) can't be seen inside one test's
transaction. An installation stands on the same kind of database as the rest of the run.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 180


@dataclass
class Installation:
    """One portal: its folder, its database, and what its settings say beyond the tests' own."""

    folder: Path
    database_url: str
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def media(self) -> Path:
        return self.folder / "media"

    @property
    def environment(self) -> dict[str, str]:
        paths = {
            "DATABASE_URL": self.database_url,
            "MEDIA_ROOT": str(self.media),
            "AUDIT_HEADS": str(self.folder / "audit-heads.log"),
            "STATIC_ROOT": str(self.folder / "static"),
            "DJANGO_SETTINGS_MODULE": "eios.settings",
        }
        return os.environ | paths | self.settings

    def run(self, *command: str, timeout: float = SECONDS, **options) -> subprocess.CompletedProcess:
        """Run a command of the checkout's Python here, killed after `timeout` seconds; its output as text."""
        return subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
            **options,
        )

    def manage(self, *arguments: str, **options) -> subprocess.CompletedProcess:
        return self.run("manage.py", *arguments, **options)

    def script(self, code: str) -> str:
        """Run Python code inside this portal; what it prints."""
        done = self.run("-c", f"import django; django.setup()\n{code}")
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def store(self, path: str, content: bytes) -> None:
        target = self.media / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


@dataclass
class Server:
    """A running portal of an installation."""

    port: int
    process: subprocess.Popen

    def get(self, path: str, timeout: float = 10, **headers: str):
        """The answer's status, headers and text, whatever the status."""
        request = urllib.request.Request(f"http://localhost:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()

    def raw(self, request: bytes) -> str:
        """What comes back for bytes that need not be HTTP."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as peer:
            peer.sendall(request)
            peer.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: peer.recv(65536), b"")).decode()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(place: Installation, *, workers: int = 1) -> Iterator[Server]:
    """Serve an installation as `make run` does, until the block ends."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "eios/gunicorn.py"],
        cwd=ROOT,
        env=place.environment | {"BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": str(workers)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        line = process.stdout.readline()
        assert line == f"Портал открыт: http://localhost:{port}\n", line + process.stdout.read()
        yield Server(port, process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=SECONDS)


@contextmanager
def new_installation(folder: Path, *, like: Installation | None = None) -> Iterator[Installation]:
    """An installation of the kind of database that this run uses: empty, or a copy of the database of `like`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "static").mkdir()
    if connection.vendor == "sqlite":
        if like:
            shutil.copy(like.folder / "eios.sqlite3", folder)
        yield Installation(folder, f"sqlite:///{folder}/eios.sqlite3")
        return
    name = f"eios_{secrets.token_hex(6)}"
    with server_connection() as server:
        server.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {database_name(like)}" if like else ""))
    try:
        yield Installation(folder, url_of(name))
    finally:
        with server_connection() as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def database_name(place: Installation) -> str:
    return urlsplit(place.database_url).path.removeprefix("/")


def server_connection() -> psycopg.Connection:
    """A connection to the server of the tests, beside Django's own and its transaction."""
    wanted = {"host", "port", "user", "password"}
    parameters = {name: value for name, value in connection.get_connection_params().items() if name in wanted}
    return psycopg.connect(**parameters, dbname="postgres", autocommit=True)


def url_of(name: str) -> str:
    given = connection.get_connection_params()
    password = f":{given['password']}" if given.get("password") else ""
    return f"postgres://{given['user']}{password}@/{name}?host={given['host']}" + (
        f"&port={given['port']}" if given.get("port") else ""
    )


def wait_until(condition, seconds: float = SECONDS) -> float:
    """Seconds until `condition()` held; fails when it never does."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "waited in vain"
        time.sleep(0.05)
    return time.monotonic() - began
