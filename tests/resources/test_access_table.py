"""The one rule of access against a table written by hand from the rule: every way in answers as the table says."""

import itertools
import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.actor import Actor
from accounts.models import SchoolCard, User
from eios.lib.access import ADMINISTER, CONTRIBUTE, OPEN
from resources import access, sections
from resources.actions.registry import load_registry
from resources.asker import Asker, asker_of
from resources.models import Element
from tests.resources.access_rows import Row, School, read

ROWS = read()
FORMS = {"k": access.known_to, "o": access.open_to, "c": access.contributed_by, "a": access.administered_by}
RIGHTS = {"o": OPEN, "c": CONTRIBUTE, "a": ADMINISTER}


@pytest.fixture
def built(db, settings) -> School:
    """All rows at one school. Bytes of files are a front server's matter, so that none are needed on the disk."""
    settings.X_ACCEL_PREFIX = "/files-of-the-portal/"
    load_registry(by=Actor.command("проверка"))
    built = School(ROWS).build()
    sections.forget()
    return built


def test_the_table_is_large_and_says_nothing_twice():
    situations = [(row.who, row.tree, row.asked, row.rights, row.conditions) for row in ROWS]
    assert len(ROWS) >= 200
    assert len(set(situations)) == len(ROWS)


@pytest.mark.clause("5.2")
@pytest.mark.clause("5.3")
@pytest.mark.clause("5.5")
def test_explanation_list_page_search_and_file_agree_with_the_table(built):
    # Pages ask the decision and the SQL form; these two are all that another database could change.
    ways = (
        (explained, listed, paged, searched, filed, at_desk) if connection.vendor == "sqlite" else (explained, listed)
    )
    visits = Visits(built)
    wrong = [
        f"{row.line}  ← {way.__name__}: {found}"
        for row in ROWS
        for way in ways
        if (found := way(visits, row)) != _expected(row, way)
    ]
    assert wrong == []


class Visits:
    """People of the school who have come to the portal, each with a browser."""

    def __init__(self, school: School):
        self.school, self.card = school, SchoolCard.current()
        self.elements = {one.slug: one for one in Element.objects.filter(slug__startswith="row-")}
        self.clients = {name: self._client(person) for name, person in school.people.items()}
        self.askers: dict[tuple[str, str], Asker] = {}
        self.choices: dict[tuple[str, str], dict[str, set[str]]] = {}
        self.lists: dict[tuple[str, str, str], set[str]] = {}

    @staticmethod
    def _client(person: User | None) -> Client:
        client = Client()
        if person is not None:
            client.force_login(person, backend="accounts.backends.PortalBackend")
        return client

    def asker(self, row: Row) -> Asker:
        key = row.asker, row.address
        if key not in self.askers:
            request = RequestFactory(REMOTE_ADDR=row.address).get("/")
            request.user, request.school = self.school.people[row.asker] or AnonymousUser(), self.card
            self.askers[key] = asker_of(request)
        return self.askers[key]

    def chosen(self, row: Row) -> dict[str, set[str]]:
        """Elements that each SQL form chooses for the asker of this row."""
        key = row.asker, row.address
        if key not in self.choices:
            asker, found = self.asker(row), Element.objects.filter(slug__startswith="row-")
            self.choices[key] = {
                letter: set(found.filter(form(asker)).values_list("slug", flat=True)) for letter, form in FORMS.items()
            }
        return self.choices[key]

    def get(self, row: Row, page: str):
        return self.clients[row.asker].get(page, REMOTE_ADDR=row.address)

    def found(self, row: Row, page: str) -> set[str]:
        """Elements of rows that a list shows to the asker of this row; nothing of their inside stands there."""
        key = row.asker, row.address, page
        if key not in self.lists:
            self.lists[key] = found = set()
            for number in itertools.count(1):
                text = self.get(row, f"{page}{'&' if '?' in page else '?'}page={number}").content.decode()
                assert "Внутри карточки" not in text, row.line
                shown = set(re.findall(r"/(row-\d+-\w+)/", text))
                if shown <= found:  # a number beyond the last gives the last page again
                    break
                found |= shown
        return self.lists[key]


def _expected(row: Row, way) -> str:
    """What of the row's letters this way in can show; a part stands inside a card and is never found from outside."""
    known, opens, _, administers = row.expected
    return {
        explained: row.expected[1:],
        listed: row.expected,
        paged: known + opens + administers,
        searched: known if row.asked == "root" else "-",
        filed: opens,
        at_desk: administers,
    }[way]


def explained(visits: Visits, row: Row) -> str:
    asker, element = visits.asker(row), visits.elements[row.slug]
    decisions = {letter: access.decide(asker, element, to) for letter, to in RIGHTS.items()}
    for decision in decisions.values():
        assert decision.reasons, row.line
        assert decision.allowed or decision.ask or decision.unmet, row.line
    return "".join(letter if decision.allowed else "-" for letter, decision in decisions.items())


def listed(visits: Visits, row: Row) -> str:
    return "".join(letter if row.slug in slugs else "-" for letter, slugs in visits.chosen(row).items())


def paged(visits: Visits, row: Row) -> str:
    """The card's own page: there is one, the inside stands in it, and what the administrator alone sees."""
    response = visits.get(row, reverse("resources:element_detail", args=[row.slug]))
    text = response.content.decode()
    shown = (response.status_code == 200, row.secret in text, row.doubt in text)
    assert response.status_code in (200, 404), row.line
    return "".join(letter if holds else "-" for letter, holds in zip("koa", shown, strict=True))


def searched(visits: Visits, row: Row) -> str:
    return "k" if row.slug in visits.found(row, f"{reverse('resources:element_list')}?q=строка") else "-"


def filed(visits: Visits, row: Row) -> str:
    response = visits.get(row, reverse("accounts:file", args=[visits.school.keys[row.slug]]))
    assert response.status_code in (200, 404), row.line
    return "o" if response.status_code == 200 else "-"


def at_desk(visits: Visits, row: Row) -> str:
    return "a" if row.slug in visits.found(row, reverse("resources:desk_list")) else "-"
