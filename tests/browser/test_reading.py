"""What guests read: from the home page to a programme, to what it uses and back, and onto paper (1.3 a, 6.1, 12.1)."""

import io

import pytest
from pypdf import PdfReader

from tests.browser.conftest import NARROW, WIDE, follow

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1280", "360"])
def test_a_guest_goes_from_home_to_algebra_and_its_resources_and_back_and_prints_it(portal, viewport):
    with portal.visit(viewport=viewport) as page:
        page.goto("/")
        follow(page.locator("a[href='/programmes/']").first)
        page.wait_for_url("**/programmes/**")
        page.locator("main details summary").first.click()
        page.locator("main [name=grade]").select_option("7")
        follow(page.locator("main").get_by_role("button", name="Показать"))
        page.wait_for_url("**grade=7**")
        follow(page.locator("main").get_by_role("link", name="Алгебра").first)
        page.wait_for_url("**/programmes/*/")
        programme = page.url
        assert "Алгебра" in page.locator("h1").inner_text()
        used = page.locator("section[aria-labelledby=uses] a[href^='/library/']")
        assert used.count() > 0
        used.first.click()
        page.wait_for_load_state()
        assert page.url != programme
        if page.locator("main dd summary").count():
            page.locator("main dd summary").first.click()
        follow(page.locator(f"main dd a[href='{programme.removeprefix(portal.origin)}']"))
        page.wait_for_url(programme)
        words = " ".join(PdfReader(io.BytesIO(page.pdf())).pages[-1].extract_text().split())
        assert "Источник" in words
        assert programme in words.replace(" ", "")
        assert page.trouble == []
