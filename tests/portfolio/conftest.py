"""What tests of the portfolio's pages share."""

import pytest

from accounts.actor import Actor
from accounts.models import SchoolCard
from resources.actions.registry import load_registry


@pytest.fixture
def site(db):
    """The built-in sections, so that pages open, at a school whose parents have cabinets."""
    SchoolCard.objects.update_or_create(pk=1, defaults={"parents_have_cabinets": True})
    load_registry(by=Actor.command("проверка"))
