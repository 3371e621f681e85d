"""The database as one file and back: `VACUUM INTO` for SQLite, pg_dump and pg_restore for PostgreSQL.

A dump shows one moment of a database that people keep writing to, and so do the row counts that come with it.
"""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.db import connection, transaction

from accounts.models import StoredFile

POSTGRESQL_HOMES = Path("/usr/lib/postgresql")
SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
OWN_TABLES = "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = current_schema()"
OWN_FUNCTIONS = """
    SELECT p.oid::regprocedure::text FROM pg_proc p
    WHERE p.pronamespace = current_schema()::regnamespace
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""


class DumpError(Exception):
    """Why the database could not be written to a file or read back, in Russian."""


@dataclass(frozen=True)
class Contents:
    """What a dump holds: rows of each table, applied migrations, and {path: sha256} of the files that should exist."""

    tables: dict[str, int]
    migrations: list[str]
    stored: dict[str, str]


def dump(target: Path) -> Contents:
    """Write the database as it is at this moment into the new file `target`."""
    return _dump_postgresql(target) if connection.vendor == "postgresql" else _dump_sqlite(target)


def load(source: Path) -> None:
    """Replace everything in the database by what `dump` wrote. Nobody may be using the portal meanwhile."""
    if connection.vendor == "postgresql":
        _load_postgresql(source)
    else:
        _load_sqlite(source)


def contents() -> Contents:
    """What the database of this installation holds now."""
    with connection.cursor() as cursor:
        return _contents(partial(_fetch, cursor), _tables())


def engine() -> str:
    return connection.vendor


def is_migrated() -> bool:
    return "django_migrations" in _tables()


def _tables() -> list[str]:
    return sorted(connection.introspection.table_names())


def _fetch(cursor, query: str) -> list:
    cursor.execute(query)
    return cursor.fetchall()


def _contents(rows: Callable[[str], list], tables: list[str]) -> Contents:
    quote = connection.ops.quote_name
    counts = {table: rows(f"SELECT count(*) FROM {quote(table)}")[0][0] for table in tables}  # noqa: S608 - own names
    migrations = [f"{app}.{name}" for app, name in rows("SELECT app, name FROM django_migrations ORDER BY app, name")]
    table = quote(StoredFile._meta.db_table)
    files = rows(f"SELECT key, sha256 FROM {table}") if StoredFile._meta.db_table in counts else []  # noqa: S608
    key = StoredFile._meta.get_field("key")
    return Contents(counts, migrations, {StoredFile(key=key.to_python(value)).path: sha256 for value, sha256 in files})


# --- SQLite --------------------------------------------------------------------------------------------------------


def _dump_sqlite(target: Path) -> Contents:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(target)])
        tables = _tables()
    with closing(sqlite3.connect(target)) as copy:
        return _contents(partial(_fetch, copy.cursor()), tables)


def _load_sqlite(source: Path) -> None:
    connection.close()
    target = Path(connection.settings_dict["NAME"])
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with closing(sqlite3.connect(source)) as copy, closing(sqlite3.connect(target, timeout=5)) as database:
            copy.backup(database)
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise DumpError(f"база не записана, она занята или недоступна — остановите портал ({error})") from error


# --- PostgreSQL ----------------------------------------------------------------------------------------------------


def _dump_postgresql(target: Path) -> Contents:
    program = postgresql_program("pg_dump")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SNAPSHOT)
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}"]
        _run([program, *options])
        return _contents(partial(_fetch, cursor), _tables())


def _load_postgresql(source: Path) -> None:
    program = postgresql_program("pg_restore")
    with transaction.atomic(), connection.cursor() as cursor:
        # Extensions stay: they may belong to the server's administrator.
        for query, kind in ((OWN_TABLES, "TABLE"), (OWN_FUNCTIONS, "FUNCTION")):
            cursor.execute(query)
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP {kind} IF EXISTS {name} CASCADE")
    connection.close()
    options = ["--no-owner", "--no-privileges", "--no-comments", "--single-transaction", "--exit-on-error"]
    _run([program, *options, f"--dbname={connection.settings_dict['NAME']}", str(source)])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def postgresql_program(name: str) -> str:
    """Path of pg_dump or pg_restore, the newest found. Raises DumpError when it is missing or older than the server."""
    in_path = shutil.which(name)
    found = [*([in_path] if in_path else []), *POSTGRESQL_HOMES.glob(f"*/bin/{name}")]
    if not found:
        raise DumpError(f"не найдена программа {name}: установите пакет postgresql-client")
    version, path = max((_version(path), str(path)) for path in found)
    server = connection.pg_version // 10000
    if version < server:
        raise DumpError(
            f"{name} версии {version} старше сервера PostgreSQL {server}: установите пакет postgresql-client-{server}"
        )
    return path


def _version(program: Path) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return int(re.search(r"(\d+)", said)[1])


def _run(command: list[str]) -> None:
    """Run a program of PostgreSQL on this installation's database; the password is not shown in the process list."""
    parameters = connection.get_connection_params()
    names = {
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "password": "PGPASSWORD",
        "dbname": "PGDATABASE",
        "sslmode": "PGSSLMODE",
        "sslrootcert": "PGSSLROOTCERT",
        "sslcert": "PGSSLCERT",
        "sslkey": "PGSSLKEY",
    }
    environment = {variable: str(parameters[name]) for name, variable in names.items() if parameters.get(name)}
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DumpError(f"{Path(command[0]).name}: {done.stderr.strip() or done.returncode}")
