"""What every test may use."""

import pytest
from django.db import connection

from accounts.models import SchoolCard
from resources import sections


@pytest.fixture(autouse=True)
def forget_sections():
    """The sections kept in memory belong to the rows of one test."""
    sections._sections.cache_clear()


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
