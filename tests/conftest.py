"""What every test may use."""

import pytest
from django.db import connection

from resources import sections


@pytest.fixture(autouse=True)
def forget_sections():
    """The sections kept in memory belong to the rows of one test."""
    sections._sections.cache_clear()


@pytest.fixture
def on_postgresql(db) -> bool:
    """Whether this run stands on PostgreSQL."""
    return connection.vendor == "postgresql"
