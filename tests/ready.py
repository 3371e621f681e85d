"""Databases made once for a run and copied afterwards: migrating an empty one takes as long as hundreds of tests.

The folder READY is shared by all workers of a run, and by all stages of `make test`, since the keys are. A migrated
SQLite database is also kept in var/tests under the digest of what it was made from, but where CI=true.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from tests.installations import ROOT, Installation, database_name, server_connection, url_of

READY = Path(os.environ["TESTS_READY"])
KEPT = ROOT / "var" / "tests"
# What a migrated database is made from: migrations, and the code that they import.
SOURCES = ("*/migrations/*.py", "*/models/**/*.py", "eios/lib/**/*.py", "requirements.txt")


def migrated() -> Installation:
    """An empty, migrated installation of this run's kind of database, to be copied and not to be touched."""
    with _alone():
        return _migrated_sqlite() if connection.vendor == "sqlite" else _migrated_postgresql()


def _migrated_sqlite() -> Installation:
    place = Installation(READY / "migrated", f"sqlite:///{READY}/migrated/eios.sqlite3")
    target, kept = place.folder / "eios.sqlite3", KEPT / f"migrated-{_digest()}.sqlite3"
    if target.exists():
        return place
    place.folder.mkdir(parents=True, exist_ok=True)
    if kept.exists() and not _in_ci():
        shutil.copy(kept, target)
        return place
    half = Installation(place.folder, f"sqlite:///{place.folder}/half.sqlite3")
    _must(half, "migrate", "--verbosity", "0")
    os.replace(place.folder / "half.sqlite3", target)
    if not _in_ci():
        _keep(target, kept)
    return place


def _keep(made: Path, kept: Path) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    for old in KEPT.glob("migrated-*"):
        old.unlink(missing_ok=True)
    shutil.copy(made, kept.with_suffix(f".{os.getpid()}"))
    os.replace(kept.with_suffix(f".{os.getpid()}"), kept)


def _digest() -> str:
    found = hashlib.sha256()
    for path in sorted({path for pattern in SOURCES for path in ROOT.glob(pattern)}):
        found.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return found.hexdigest()[:16]


def _migrated_postgresql() -> Installation:
    place = Installation(READY / "migrated", url_of(f"eios_ready_{hashlib.sha256(bytes(READY)).hexdigest()[:8]}"))
    name = database_name(place)
    half = Installation(place.folder, url_of(f"{name}_half"))
    with server_connection() as server:
        if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return place
        server.execute(f"DROP DATABASE IF EXISTS {name}_half WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}_half")
        _must(half, "migrate", "--verbosity", "0")
        server.execute(f"ALTER DATABASE {name}_half RENAME TO {name}")
    return place


def forget() -> None:
    """Take the database to copy off a PostgreSQL server, which may outlive the run."""
    name = f"eios_ready_{hashlib.sha256(bytes(READY)).hexdigest()[:8]}"
    with server_connection() as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def demo(folder: Path, password: str, *options: str) -> Installation:
    """A demo school of one's own on SQLite in `folder`, copied from the first one with the same options."""
    made = READY / "-".join(["demo", *(option.strip("-") for option in options)])
    empty = migrated()
    with _alone():
        if not made.exists():
            half = READY / "half"
            shutil.rmtree(half, ignore_errors=True)
            (half / "static").mkdir(parents=True)
            shutil.copy(empty.folder / "eios.sqlite3", half)
            _must(_school(half, password), "demo", *options)
            half.rename(made)
    shutil.copytree(made, folder, dirs_exist_ok=True)
    return _school(folder, password)


def _school(folder: Path, password: str) -> Installation:
    return Installation(folder, f"sqlite:///{folder}/eios.sqlite3", {"DEMO_PASSWORD": password})


def _must(place: Installation, *command: str) -> None:
    done = place.manage(*command, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def _alone() -> Iterator[None]:
    """One worker makes, the others wait for it."""
    READY.mkdir(parents=True, exist_ok=True)
    with (READY / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() == "true"
