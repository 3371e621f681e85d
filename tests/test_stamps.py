"""Closed by default: every view says whose it is, and nobody's views open by themselves."""

import tomllib
from pathlib import Path

import pytest

from accounts.actor import Actor
from accounts.gate import Step, settles
from eios import urls
from eios.lib.access import ADMINISTER, AT_GATE, CONTRIBUTE, ELEMENT, OPEN, PUBLIC, stamp_of
from eios.middleware import ADMIN, THIRD_PARTY, stamp_for
from eios.views import errors
from resources.actions.registry import load_registry
from tests.pages import every_page

SECTIONS = tomllib.loads(Path("resources/data/sections.toml").read_text(encoding="utf-8"))["element"]


@pytest.mark.clause("5.2")
def test_every_view_has_a_stamp():
    assert [page.name or page.view for page in every_page() if stamp_for(page.match, page.view) is None] == []


def test_every_page_outside_the_admin_has_a_name():
    assert [page.view for page in every_page() if not page.name and not page.is_admin] == []


def test_own_pages_carry_their_stamps_themselves():
    own = [page for page in every_page() if page.namespaces and not page.is_admin]
    assert own
    assert [page.name for page in own if stamp_of(page.view) is None] == []


def test_the_table_of_others_views_holds_no_unused_names():
    used = {page.name for page in every_page() if stamp_of(page.view) is None and not page.is_admin}
    assert set(THIRD_PARTY) - used == set()


def test_stamps_name_sections_that_exist():
    slugs = {row["slug"] for row in SECTIONS}
    stamps = [stamp_for(page.match, page.view) for page in every_page()]
    assert {stamp.kind for stamp in stamps} <= {PUBLIC, AT_GATE, ELEMENT}
    assert {stamp.element for stamp in stamps if stamp.kind == ELEMENT} - slugs == set()
    assert {stamp.to for stamp in stamps} <= {OPEN, CONTRIBUTE, ADMINISTER}


def test_the_whole_admin_belongs_to_the_installation():
    stamps = {stamp_for(page.match, page.view) for page in every_page() if page.is_admin}
    assert stamps == {ADMIN}


def test_every_page_at_the_gate_settles_a_step():
    """Such a page shows to people who have not passed yet, so that none stands there without need."""
    at_gate = {page.name for page in every_page() if stamp_for(page.match, page.view).kind == AT_GATE}
    assert {step.value for step in Step if step is not Step.CLOSED} <= at_gate
    assert {name for name in at_gate if not any(settles(step, name) for step in Step)} == set()


@pytest.mark.django_db
def test_a_view_without_a_stamp_does_not_answer(client, settings):
    load_registry(by=Actor.command("tests"))
    settings.ROOT_URLCONF = "tests.unstamped"
    answer = client.get("/bare/")
    assert (answer.status_code, b"secret" in answer.content) == (404, False)
    assert client.get("/stamped/").content == b"secret"


def test_error_pages_are_the_projects_own():
    handlers = (urls.handler400, urls.handler403, urls.handler404, urls.handler500)
    assert handlers == (errors.bad_request, errors.forbidden, errors.not_found, errors.server_error)
