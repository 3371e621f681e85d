"""What every test may use."""

import gc
import shutil

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings

from accounts.models import SchoolCard
from resources import sections
from resources.courses import contents
from resources.search import finding
from tests import append_only, ready
from tests.installations import database_name

# Headers, odd addresses and looks: what no database changes, though a page is asked for.
ONCE = {"test_headers.py", "test_bad_requests.py", "test_stamps.py", "test_look.py", "test_kept_pages.py"}


# How long an example takes says only how busy the machine is.
settings.register_profile("portal", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("portal")


def pytest_collection_modifyitems(config, items):
    """What asks no database is proven once, on SQLite; tests/eios starts installations of its own on either."""
    if connection.vendor == "sqlite":
        return
    asked = {"db", "transactional_db", "live_server"}
    chosen, once = [], []
    for item in items:
        asks = item.get_closest_marker("django_db") or asked & set(item.fixturenames) or "eios" in item.path.parts[-2:]
        (chosen if asks and item.path.name not in ONCE else once).append(item)
    config.hook.pytest_deselected(items=once)
    items[:] = chosen


def pytest_collection_finish(session):
    """What is imported stays to the end; looking it through again and again costs a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The copy put in place is kept while Django looks at it; on SQLite it lies in a folder that goes with the run."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, django_db_blocker):
    """Each worker's database is a copy of one migrated before; Django finds nothing left to migrate."""
    test = connection.settings_dict["TEST"]
    with django_db_blocker.unblock():
        made = ready.migrated()
    if connection.vendor == "sqlite":
        shutil.copy(made.folder / "eios.sqlite3", test["NAME"])
    else:
        test["TEMPLATE"] = database_name(made)


def pytest_sessionfinish(session):
    """The first process ends last."""
    if connection.vendor == "postgresql" and not hasattr(session.config, "workerinput"):
        ready.forget()


@pytest.fixture(autouse=True)
def forget_sections():
    """What is kept in memory belongs to the rows of one test."""
    sections.forget()
    finding.forget()
    contents.forget()


@pytest.fixture(autouse=True)
def trail_may_be_flushed(request):
    """Django flushes SQLite row by row after a test with real transactions, which the audit trail's triggers refuse.

    So the trail is emptied here first, past its triggers. PostgreSQL is flushed by TRUNCATE, which row triggers let
    through; the triggers themselves stand in every test.
    """
    marker = request.node.get_closest_marker("django_db")
    asks = {"transactional_db", "live_server"} & set(request.fixturenames)
    if connection.vendor != "sqlite" or not (asks or (marker and marker.kwargs.get("transaction"))):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    append_only.empty()


@pytest.fixture
def on_postgresql(db) -> bool:
    """Whether this run stands on PostgreSQL."""
    return connection.vendor == "postgresql"


@pytest.fixture
def school(db):
    """Changes the school's card: school(parents_have_cabinets=True)."""

    def change(**fields):
        card, _ = SchoolCard.objects.update_or_create(pk=1, defaults=fields)
        return card

    return change
