"""What stands in the database: nothing, a demonstration school, or real people; and how a demonstration school goes."""

import enum

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from accounts.models import AuditEntry, User
from eios.demo.school import Options


class State(enum.Enum):
    EMPTY = "empty"
    DEMO = "demo"
    REAL = "real"


def of_database() -> State:
    """A database is a demonstration school's when one was built in it; people added by hand since don't change that."""
    if not User.objects.exists():
        return State.EMPTY
    return State.DEMO if _built().exists() and User.objects.filter(is_demo=True).exists() else State.REAL


def has_real_people() -> bool:
    return User.objects.filter(is_demo=False).exists()


def options_of_database() -> Options:
    """What the school in the database was built from."""
    return Options(**_built().latest("pk").changes["options"][1])


def knows_password(password: str) -> bool:
    """Is this the password that the demo people were given? Whoever has changed the own one since is not asked."""
    person = User.objects.filter(username="admin", is_demo=True).first()
    return bool(password) and person is not None and person.check_password(password)


def wipe() -> None:
    """Drops every table and lays them anew, since no row of an append-only trail can be deleted.

    Whoever calls it has made sure that the people here are invented.
    """
    tables = [connection.ops.quote_name(name) for name in connection.introspection.table_names()]
    connection.disable_constraint_checking()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for table in tables:
                cursor.execute(
                    f"DROP TABLE {table} CASCADE" if connection.vendor == "postgresql" else f"DROP TABLE {table}"
                )
    finally:
        connection.enable_constraint_checking()
    if settings.AUDIT_HEADS.exists():
        # What was written down of the former trail would make the new one look cut.
        settings.AUDIT_HEADS.replace(settings.AUDIT_HEADS.with_suffix(".replaced"))
    call_command("migrate", interactive=False, verbosity=0)


def _built():
    return AuditEntry.objects.filter(action="demo.built")
