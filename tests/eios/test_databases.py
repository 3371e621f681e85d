"""DATABASE_URL in words of Django, and the pragmas that the portal relies on."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from eios.databases import ROOT, check_versions, database_from, version_errors


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:///var/eios.sqlite3", str(ROOT / "var/eios.sqlite3")),
        ("sqlite:////srv/eios/eios.sqlite3", "/srv/eios/eios.sqlite3"),
        ("sqlite:////srv/%D1%88%D0%BA%D0%BE%D0%BB%D0%B0.sqlite3", "/srv/школа.sqlite3"),
    ],
)
def test_sqlite_paths(url, name):
    database = database_from(url)["default"]

    assert (database["ENGINE"], database["NAME"]) == ("django.db.backends.sqlite3", name)
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("postgres://eios:p%40ss@db.local:5433/eios", ("db.local", "5433", "eios", "p@ss", "eios")),
        ("postgresql://eios@/eios?host=/run/postgresql", ("/run/postgresql", "", "eios", "", "eios")),
        ("postgres://eios@%2Frun%2Fpostgresql/eios", ("/run/postgresql", "", "eios", "", "eios")),
        ("postgres://eios@[::1]:5432/eios", ("::1", "5432", "eios", "", "eios")),
    ],
)
def test_postgresql_addresses(url, where):
    database = database_from(url)["default"]

    assert tuple(database[key] for key in ("HOST", "PORT", "USER", "PASSWORD", "NAME")) == where
    assert (database["CONN_MAX_AGE"], database["CONN_HEALTH_CHECKS"]) == (None, True)
    assert database["OPTIONS"]["connect_timeout"] == 2


def test_postgresql_parameters_reach_the_driver():
    options = database_from("postgres://e@db/e?sslmode=verify-full&sslrootcert=/ca.pem")["default"]["OPTIONS"]

    assert (options["sslmode"], options["sslrootcert"]) == ("verify-full", "/ca.pem")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mysql://root@localhost/eios", "база «mysql» не поддерживается"),
        ("eios.sqlite3", "база «eios.sqlite3» не поддерживается"),
        ("sqlite://eios.sqlite3", "три косые черты"),
        ("sqlite:///", "три косые черты"),
        ("postgres://eios@localhost/", "не указано имя базы"),
        ("postgres://eios@localhost:порт/eios", "адрес не разобрать"),
        ("postgres://eios@localhost/eios?sslmod=require", "неизвестный параметр «sslmod»"),
    ],
)
def test_wrong_addresses_are_explained(url, reason):
    with pytest.raises(ImproperlyConfigured) as refusal:
        database_from(url)

    assert reason in str(refusal.value)
    assert str(refusal.value).startswith("DATABASE_URL: ")


def test_old_postgresql_is_refused():
    assert [error.msg for error in version_errors(14)] == ["PostgreSQL 14 слишком старая: нужна 15 или новее."]
    assert version_errors(15) == []


@pytest.mark.django_db
def test_the_database_of_this_run_is_new_enough():
    assert check_versions(databases=["default"]) == []


@pytest.mark.django_db
def test_the_connection_is_set_up_for_real_use(on_postgresql):
    with connection.cursor() as cursor:
        if on_postgresql:
            cursor.execute("SELECT lower('ЁЖ'), current_setting('server_encoding')")
            assert cursor.fetchone() == ("ёж", "UTF8")
            return
        found = {}
        for pragma in ("journal_mode", "foreign_keys", "busy_timeout"):
            cursor.execute(f"PRAGMA {pragma}")
            found[pragma] = cursor.fetchone()[0]
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 20000}
