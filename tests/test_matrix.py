"""Every page × every persona → status, as tests/matrix.txt says; a page that the table does not list fails.

After a deliberate change write the table anew and read what differs:

MATRIX=write pytest -k listed tests/test_matrix.py
"""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.http import HttpResponse

from accounts.actor import Actor
from accounts.models import (
    AuditEntry,
    SignInThrottle,
    User,
)
from resources.actions.registry import load_registry
from tests import personas
from tests.matrix_objects import variants
from tests.pages import every_page

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("matrix.txt")
NAMES = [
    "guest", "newcomer", "blocked", "former",
    "pupil", "junior", "other_pupil", "parent",
    "teacher", "classteacher", "other_classteacher", "librarian", "support", "credentials",
    "method_head", "deputy", "director", "admin", "superuser",
]  # fmt: skip
# The rule is the same on both databases and the SQL is not: there, one of each kind opens every page.
ON_POSTGRESQL = ["pupil", "classteacher", "admin"]
# Doubles of others, whom `make proof` asks too: the other class's teacher, another of level 2, the administrator again.
DOUBLES = {"junior", "support", "method_head", "other_classteacher", "superuser"}
SHORT = {
    "newcomer": "new", "blocked": "block", "junior": "jun", "other_pupil": "pupil2", "parent": "par",
    "teacher": "teach", "classteacher": "lead", "other_classteacher": "lead2", "librarian": "libr", "support": "supp",
    "credentials": "cred", "method_head": "shmo", "deputy": "dep", "director": "dir", "superuser": "super",
}  # fmt: skip
# Where a redirect leads, in a letter; others stay 302.
STEPS = {"/login/": "L", "/password/first/": "P", "/account/factor/": "F", "/agreement/": "A"}
DENIED = {"L", "P", "F", "A", "403", "404", "405"}
# Signed out or thrown out, one's session ends; tries at secret links are counted: no rows of the school's.
PASSING = (Session, UserSession, SignInThrottle)
HEAD = """# Who gets what. Rows: page, variant of its object, method. Columns: personas of tests/personas.py.
# L, P, A: led to sign-in, to the first password, to the agreement; 302: led elsewhere; a number: the status.
# ok: the administrator's desk, any answer but a failure. The pupil and the first leader are of 8 «А», the second ones
# of 8 «Б»; the junior is 11 years old; the parent is the pupil's and the junior's.
"""


@dataclass(frozen=True)
class Row:
    """One line of the table: a page, an object of it, a method."""

    page: str
    variant: str
    method: str
    address: str

    @property
    def key(self) -> str:
        return " ".join(filter(None, [self.page, self.variant, self.method]))


def rows(people: dict[str, User | None]) -> list[Row]:
    chosen = variants(people)
    return [
        Row(page.name, variant, method, page.address(**values))
        for page in every_page()
        if page.name and not page.is_admin
        for variant, values in chosen.get(page.name, {"": {}}).items()
        for method in ("GET", "POST")
    ]


def desk_rows(*, every: bool) -> list[Row]:
    """Pages of Django admin: all, or a few, since one stamp closes them all (test_stamps.py)."""
    pages = [page for page in every_page() if page.is_admin and page.name]
    few = {"admin:index", "admin:accounts_user_changelist", "admin:accounts_user_add", "admin:accounts_user_change"}
    return [Row("admin:*", "", "GET", page.address()) for page in pages if every or page.name in few]


def read_table() -> dict[str, dict[str, str]]:
    """Key of a row → persona → cell."""
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    columns = lines[0].split()[3:]
    full = {short: name for name, short in SHORT.items()}
    table = {}
    for line in lines[1:]:
        page, variant, method, *cells = line.split()
        key = " ".join(part for part in (page, variant, method) if part != "-")
        table[key] = {full.get(column, column): cell for column, cell in zip(columns, cells, strict=True)}
    return table


@pytest.fixture
def people():
    load_registry(by=Actor.command("tests"))
    return personas.build()


@pytest.fixture
def ask(client, people):
    """ask("pupil", row) → the cell. Nothing that a request does lasts; a denied POST changes no table."""
    client.raise_request_exception = False
    sessions, rows_of_school = {}, []

    def enter(name: str) -> None:
        client.cookies.clear()
        if people[name] is None:
            return
        if name not in sessions:
            client.force_login(people[name], backend="accounts.backends.PortalBackend")
            sessions[name] = client.cookies["session"].value
        client.cookies["session"] = sessions[name]

    def cell(name: str, row: Row) -> str:
        enter(name)
        with transaction.atomic():
            # Nothing lasts, so that the rows before one request are those before any other.
            if not rows_of_school:
                rows_of_school.append(counts())
            before = writes()
            found = cell_of(client.generic(row.method, row.address))
            if row.method == "POST" and found in DENIED and writes() != before:
                assert (name, row.key, counts()) == (name, row.key, rows_of_school[0])
            transaction.set_rollback(True)
        return found

    return cell


def cell_of(answer: HttpResponse) -> str:
    if answer.status_code != 302:
        return str(answer.status_code)
    return STEPS.get(answer["Location"].split("?")[0], "302")


def writes() -> int:
    """How many rows this connection has written so far; asked oftener than `counts`, which takes a while."""
    asks = {
        "sqlite": "SELECT total_changes()",
        "postgresql": "SELECT COALESCE(SUM(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables",
    }
    with connection.cursor() as cursor:
        cursor.execute(asks[connection.vendor])
        return cursor.fetchone()[0]


def counts() -> dict[str, int]:
    """Rows of every table, one query. That a closed section was opened may stand in the trail, whatever came then."""
    models = [model for model in apps.get_models(include_auto_created=True) if model not in PASSING]
    tables = [model._meta.db_table for model in models if model._meta.managed]
    opened = {AuditEntry._meta.db_table: " WHERE action <> 'element.opened'"}
    parts = [f"SELECT '{table}', COUNT(*) FROM {table}{opened.get(table, '')}" for table in tables]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


def test_every_page_is_listed_and_nothing_else(people, ask):
    if os.environ.get("MATRIX") == "write":
        write_table(people, ask)
    assert sorted(people) == sorted(NAMES)
    table = read_table()
    listed = list(table)
    assert [key for key, cells in table.items() if any(one.startswith("5") for one in cells.values())] == []
    assert sorted(listed) == sorted({row.key for row in rows(people)} | {"admin:* GET"})


def write_table(people, ask) -> None:
    lines = [["page", "variant", "method", *(SHORT.get(name, name) for name in NAMES)]]
    lines += [[r.page, r.variant or "-", r.method, *(ask(name, r) for name in NAMES)] for r in rows(people)]
    desk = ["ok" if name in ("admin", "superuser") else ask(name, desk_rows(every=False)[0]) for name in NAMES]
    lines.append(["admin:*", "-", "GET", *desk])
    widths = [max(len(line[n]) for line in lines) for n in range(len(lines[0]))]
    text = "".join(" ".join(map(str.ljust, line, widths)).rstrip() + "\n" for line in lines)
    TABLE.write_text(HEAD + text, encoding="utf-8")


@pytest.mark.clause("5.2")
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.slow) if name in DOUBLES else name
        for name in (NAMES if connection.vendor == "sqlite" else ON_POSTGRESQL)
    ],
)
def test_pages(people, ask, name):
    expected = {key: cells[name] for key, cells in read_table().items()}
    at_desk = expected.pop("admin:* GET")
    assert {row.key: ask(name, row) for row in rows(people)} == expected
    found = {ask(name, row) for row in desk_rows(every=at_desk == "ok")}
    if at_desk == "ok":
        assert "200" in found
        assert found - {"200", "302", "403", "404", "405"} == set()
    else:
        assert found == {at_desk}
