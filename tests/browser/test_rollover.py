"""The deputy head takes the demo school into the next year, in Chromium; every page of the way is sound in any mode."""

import pytest

from tests.browser.conftest import NARROW, follow
from tests.browser.test_every_page import MODES, _problems, _sound

pytestmark = pytest.mark.browser
# Debts of the demo school move a few on conditionally.
ORDERS = ["О переводе в следующий класс", "Об условном переводе", "О выпуске", "О переводе в другую организацию"]


def press(page, words: str) -> None:
    follow(page.locator("main").get_by_role("button", name=words))


def test_the_whole_school_moves_on(make_portal):
    with make_portal() as portal:
        with portal.visit("deputy", viewport=NARROW) as page:
            page.goto("/rollover/")
            press(page, "Начать переход")
            assert page.url == f"{portal.origin}/rollover/1/classes/"
            press(page, "Открыть классы")
            assert page.url == f"{portal.origin}/rollover/1/checks/"
            follow(page.get_by_role("link", name="К итогам года"))
            follow(page.locator("table a").first)
            first = page.url
            page.locator("table select").first.select_option(label="уходит в другую школу")
            page.locator("table input").first.fill("школа № 1")
            press(page, "Сохранить")
            assert page.url != first
            page.goto("/rollover/1/orders/")
            press(page, "Составить черновики")
            assert page.locator("table tbody th a").all_inner_texts() == ORDERS
            for link in [one.get_attribute("href") for one in page.locator("table tbody a").all()]:
                carry_out(page, link)
            page.goto("/rollover/1/")
            assert "Готово: приказы исполнены" in page.locator("main").inner_text()
            assert page.trouble == []
        paths = ["", "classes/", "checks/", "pupils/", f"pupils/{first.split('/')[-2]}/", "terms/", "orders/"]
        with portal.visit("deputy") as page:
            found = {path: _sound(page, f"/rollover/1/{path}", in_colours=True) for path in paths}
        with portal.visit("deputy", **MODES["low vision"]) as page:
            found |= {f"{path} low vision": _problems(page, f"/rollover/1/{path}", "low vision") for path in paths}
        assert {path: problems for path, problems in found.items() if problems} == {}


def carry_out(page, link: str) -> None:
    """On the pages of the order: number and signature, signed, executed."""
    page.goto(f"{link}edit/")
    page.fill("input[name=number]", f"{link.split('/')[-2]}-к")
    follow(page.locator("main form button[type=submit]").last)
    for step, words in {"sign": "Приказ подписан", "execute": "Исполнить приказ"}.items():
        page.goto(f"{link}{step}/")
        press(page, words)
    assert "исполнен" in page.locator("main").inner_text().lower()
