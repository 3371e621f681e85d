"""What tests of the journal's pages share."""

import datetime

import pytest

from accounts.actor import Actor
from accounts.models import SchoolCard, SchoolClass, User
from resources.actions.registry import load_registry
from resources.actions.subjects import load_subjects
from tests import factories


@pytest.fixture
def site(db):
    """The built-in sections, so that pages open, at a school whose parents have cabinets."""
    SchoolCard.objects.update_or_create(pk=1, defaults={"parents_have_cabinets": True})
    load_registry(by=Actor.command("проверка"))


@pytest.fixture
def subjects(db):
    """The usual subjects of schools, by whose names files are matched."""
    load_subjects(by=Actor.command("проверка"))


@pytest.fixture
def school_class(db) -> SchoolClass:
    """8А of the year in which the files of tests are."""
    year = factories.make_year(starts=datetime.date(2026, 9, 1))
    return factories.make_class(grade=8, letter="А", year=year)


@pytest.fixture
def pupil(school_class) -> User:
    """Of whom the example report is."""
    return factories.make_pupil(
        school_class=school_class, surname="Воронцова", name="Алиса", patronymic="Игоревна",
        starts=school_class.year.starts,
    )  # fmt: skip


@pytest.fixture
def by(db) -> Actor:
    """A deputy, who may load marks of all classes."""
    deputy = factories.make_employee(position="deputy")
    return Actor(deputy, None, deputy.username)


@pytest.fixture
def another(school_class) -> User:
    """Whom files call «Ёлкин Пётр»."""
    return factories.make_pupil(
        school_class=school_class, surname="Елкин", name="Пётр", patronymic="Ильич", starts=school_class.year.starts
    )
