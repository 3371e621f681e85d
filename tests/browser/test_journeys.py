"""What people do on the first day, in Chromium."""

import pytest

from tests.browser.conftest import NARROW, PASSWORD, WIDE, follow, sign_in

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "360"])
@pytest.mark.parametrize("login", ["admin", "teacher1", "pupil1"])
def test_three_personas_sign_in_and_out(portal, login, viewport):
    with portal.visit(viewport=viewport) as page:
        sign_in(page, login)
        assert page.url == f"{portal.origin}/cabinet/"
        assert page.locator("h2", has_text="Ждёт вас").is_visible()
        page.goto("/elements/")
        assert page.locator("article.el").count() >= 18
        page.goto("/cabinet/")
        assert page.trouble == []


def test_the_registry_is_searched_by_keyboard(portal):
    with portal.visit() as page:
        page.goto("/elements/")
        page.locator("main input[name=q]").fill("НАЦИОНАЛЬНАЯ")
        page.keyboard.press("Enter")
        page.wait_for_url("**/elements/?q=*")
        assert page.locator("article.el h3").all_inner_texts() == ["Национальная электронная библиотека (НЭБ)"]


def test_low_vision_mode_is_remembered(portal):
    with portal.visit() as page:
        page.goto("/elements/")
        follow(page.get_by_role("link", name="Для слабовидящих").first)
        assert page.url == f"{portal.origin}/elements/"
        page.goto("/")
        assert page.locator("html").get_attribute("data-vision") == "low"
        size = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
        assert size > 20


@pytest.mark.clause("6.4")
def test_a_newcomer_changes_the_password_accepts_and_gets_in(make_portal):
    with make_portal("--fresh") as portal, portal.visit(viewport=NARROW) as page:
        sign_in(page, "pupil1")
        assert page.url == f"{portal.origin}/password/first/"
        page.goto("/cabinet/")
        assert page.url == f"{portal.origin}/password/first/"
        for field in page.locator("main input[type=password]").all():
            field.fill(PASSWORD + "-новый")
        follow(page.locator("main form button[type=submit]"))
        page.wait_for_url("**/agreement/**")
        page.check("main input[type=checkbox]")
        follow(page.locator("main form button[type=submit]"))
        page.wait_for_url("**/cabinet/")
        assert page.trouble == []


@pytest.mark.clause("6.4")
def test_a_pupil_of_twelve_waits_for_the_parent(make_portal):
    with make_portal("--fresh") as portal, portal.visit() as page:
        _first_password(page, "pupil2")
        page.check("main input[type=checkbox]")
        follow(page.locator("main form button[type=submit]"))
        page.goto("/cabinet/")
        assert page.url.startswith(f"{portal.origin}/agreement/")
        assert "родител" in page.locator("main").inner_text().lower()


def _first_password(page, login: str) -> None:
    sign_in(page, login)
    for field in page.locator("main input[type=password]").all():
        field.fill(PASSWORD + "-новый")
    follow(page.locator("main form button[type=submit]").first)
    page.wait_for_url("**/agreement/**")


def test_an_ended_session_does_not_return_with_back(portal):
    with portal.visit("teacher1") as page:
        page.goto("/cabinet/")
        page.goto("/elements/")
        page.context.clear_cookies()
        page.goto("/cabinet/")
        assert "/login/" in page.url
        page.go_back()
        page.goto("/cabinet/")
        assert "/login/" in page.url
