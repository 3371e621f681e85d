"""What tests of the portfolio's pages share."""

import pytest

from accounts.actor import Actor
from accounts.models import SchoolCard
from portfolio.models import PortfolioRules
from resources.actions.registry import load_registry
from tests import factories
from tests.portfolio.factories import let_show, make_share, make_work


@pytest.fixture
def site(db):
    """The built-in sections, so that pages open, at a school whose parents have cabinets."""
    SchoolCard.objects.update_or_create(pk=1, defaults={"parents_have_cabinets": True})
    load_registry(by=Actor.command("проверка"))


# Reviews: a pupil with a work, the family, the class.


@pytest.fixture
def room(site):
    return factories.make_class(grade=8)


@pytest.fixture
def pupil(room):
    return factories.make_pupil(school_class=room, age=15, surname="Автор", name="Мария")


@pytest.fixture
def parent(pupil):
    return factories.make_parent(child=pupil)


@pytest.fixture
def lead(room):
    return factories.make_employee(position="class_teacher", school_class=room)


@pytest.fixture
def mate(room):
    return factories.make_pupil(school_class=room, age=15)


@pytest.fixture
def work(pupil):
    return make_work(pupil)


@pytest.fixture
def version(work):
    return work.versions.get()


@pytest.fixture
def shown(work, pupil, parent, room):
    """The work is shown to the class of its author."""
    let_show(pupil, parent)
    return make_share(pupil, works=[work], school_class=room)


@pytest.fixture
def rules(db):
    return PortfolioRules.objects.create(pk=1, outsiders_review=True, invitation_days=14)
