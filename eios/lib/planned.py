"""How PostgreSQL plans a statement that is asked often."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def for_its_values() -> Iterator[None]:
    """Statements within are planned for the values that they are asked with.

    One that a process has asked some ten times gets a plan for any values (it is prepared, see `eios.databases`): that
    saves the planning, and loses by far more where tens of thousands of rows are joined and the guess is for a few.
    Nothing changes on SQLite.
    """
    connection.ensure_connection()
    raw = connection.connection
    kept = getattr(raw, "prepare_threshold", None)
    if connection.vendor == "postgresql":
        raw.prepare_threshold = None
    try:
        yield
    finally:
        if connection.vendor == "postgresql":
            raw.prepare_threshold = kept
