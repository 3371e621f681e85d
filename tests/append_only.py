"""Getting past the triggers of the audit trail and of cells' history: to tamper on purpose, to empty after a test."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

TABLES = ("accounts_auditseal", "accounts_auditblock", "accounts_auditentry", "journal_cellchange")


@contextmanager
def without_triggers() -> Iterator[None]:
    """The tables of the trail and of the history are as defenceless here as to somebody who may alter them."""
    if connection.vendor == "postgresql":
        _switch("DISABLE")
        yield
        _switch("ENABLE")
        return
    with connection.cursor() as cursor:
        found = cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN (%s, %s, %s, %s)", TABLES
        ).fetchall()
        for name, _ in found:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _, sql in found:
            cursor.execute(sql)


def empty() -> None:
    """Removes both, so that Django's flush, which deletes row by row on SQLite, finds nothing to delete."""
    with without_triggers():
        _each("DELETE FROM {}")


def _switch(way: str) -> None:
    """PostgreSQL alters no table while checks of foreign keys are put off, so they are done first."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _each(f"ALTER TABLE {{}} {way} TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _each(statement: str) -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(statement.format(table))
