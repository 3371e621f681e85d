"""From the officer's list to a first sign-in with what is printed; the link instead of paper. In Chromium."""

import re

import pytest

from tests.browser.conftest import NARROW, follow, sign_in

pytestmark = pytest.mark.browser
OWN = "Гроза-над-садом-41"
# Pupils of the demo school as they are before their first sign-in.
NEWCOMERS = """
from accounts.models import User
User.objects.filter(enrolments__isnull=False).update(must_change_password=True)
"""


@pytest.fixture(scope="module")
def portal(make_portal):
    with make_portal() as running:
        running.place.script(NEWCOMERS)
        yield running


def choose_own_password(page) -> None:
    for field in page.locator("main input[type=password]").all():
        field.fill(OWN)
    follow(page.locator("main form button[type=submit]").first)


@pytest.mark.clause("9.4")
def test_a_class_is_printed_and_a_pupil_signs_in_with_the_slip(portal, tmp_path):
    with portal.visit("credentials") as page:
        page.goto("/credentials/?state=never")
        follow(page.get_by_role("link", name="8\xa0«А»"))
        follow(page.get_by_role("link", name=re.compile("Напечатать всем найденным")))
        follow(page.get_by_role("button", name=re.compile("Создать пароли")))
        page.wait_for_selector(".slips")
        count = page.locator(".slip").count()
        fields = page.locator(".slip").first.locator("dd").all_text_contents()
        assert "Калашникова" in page.locator(".slips").inner_text()
        _prints_eight_to_a_sheet(page, tmp_path / "slips.pdf", count)
        page.reload()
        page.wait_for_load_state()
        assert ("Новых листков нет" in page.locator("main").inner_text(), page.locator(".slip").count()) == (True, 0)
        assert page.trouble == []
    with portal.visit(viewport=NARROW) as page:
        sign_in(page, *fields)
        assert page.url == f"{portal.origin}/password/first/"
        choose_own_password(page)
        page.wait_for_url(re.compile("/(agreement|cabinet)/"))
        assert page.trouble == []


def _prints_eight_to_a_sheet(page, path, count: int) -> None:
    page.pdf(path=path, prefer_css_page_size=True)
    assert path.read_bytes().count(b"/Type /Page\n") == -(-count // 8)
    page.emulate_media(media="print")
    assert not page.locator("header.top").is_visible()
    assert page.evaluate(
        "[...document.querySelectorAll('.slip')].every(one => one.scrollHeight <= one.clientHeight + 1)"
    )
    page.emulate_media(media="screen")


@pytest.mark.clause("9.7")
def test_a_link_is_shown_and_its_code_leaves_the_address(portal):
    with portal.visit("credentials") as page:
        page.goto("/credentials/?q=Ёлкин")
        follow(page.locator("tbody th a").first)
        follow(page.get_by_role("link", name="Одноразовая ссылка"))
        follow(page.get_by_role("button", name="Создать ссылку"))
        code = page.locator("#link-code").inner_text().replace(" ", "")
        assert page.trouble == []
    with portal.visit(viewport=NARROW) as page:
        asked = []
        page.on("request", lambda request: asked.append(f"{request.url} {request.headers.get('referer', '')}"))
        page.goto(f"/link/#{code}")
        assert page.url == f"{portal.origin}/link/"
        follow(page.get_by_role("button", name="Продолжить"))
        page.wait_for_url("**/link/password/")
        login = page.locator("main b.code").inner_text()
        choose_own_password(page)
        page.wait_for_url("**/login/")
        sign_in(page, login, OWN)
        page.wait_for_url(re.compile("/(agreement|cabinet)/"))
        assert [line for line in asked if code in line and "#" not in line] == []
        assert page.trouble == []
