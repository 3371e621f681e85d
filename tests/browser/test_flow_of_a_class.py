"""A class from its teacher's file to printed slips and first sign-ins, in Chromium; no record is touched by hand.

CLASS_SIZE=30 pytest -s tests/browser/test_flow_of_a_class.py prints how long it takes and how many clicks.
"""

import datetime
import os
import re
import time

import openpyxl
import pytest

from tests.browser.conftest import NARROW, follow, sign_in

pytestmark = pytest.mark.browser
SIZE = int(os.environ.get("CLASS_SIZE", "4"))
OWN = "Гроза-над-садом-41"
HEAD = ["Дата рождения", "Фамилия", "Имя", "Отчество", "Мать: ФИО", "Мать: телефон", "Мать: документ"]


class Hand:
    """Clicks and counts them; typing and choosing in a list count as one each."""

    def __init__(self):
        self.clicks, self.began = 0, time.monotonic()

    def click(self, locator) -> None:
        self.clicks += 1
        follow(locator)

    def fill(self, page, **fields) -> None:
        for name, value in fields.items():
            self.clicks += 1
            page.fill(f"main [name={name}]", value)

    def told(self, what: str) -> None:
        print(f"{what}: {self.clicks} действий, {time.monotonic() - self.began:.0f} с")  # noqa: T201


def list_of_newcomers(path) -> None:
    """As a class teacher's own list is: a title above, columns in an order of its own."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Список 8 «А» класса"])
    sheet.append([])
    sheet.append(HEAD)
    for number in range(SIZE):
        born = datetime.date.today().replace(day=1) - datetime.timedelta(days=14 * 365 + 200 + number)
        mother = f"Новосёлова{'абвгдежзиклмнопрстуфхцчшщэюя'[number % 28]} Анна Юрьевна"
        sheet.append([born, "Новосёлов", f"Имя{chr(1072 + number)}", "Ильич", mother, f"89001{number:06}", "СВ"])
    book.save(path)


@pytest.mark.clause("9.5")
@pytest.mark.clause("9.6")
def test_a_class_comes_in_from_a_file_and_signs_in(make_portal, tmp_path):
    list_of_newcomers(tmp_path / "class.xlsx")
    with make_portal() as portal:
        hand = Hand()
        _hand_in_the_sheet(portal, hand, tmp_path / "class.xlsx")
        _enrol_by_order(portal, hand)
        slips = _print_slips(portal, hand)
        assert len(slips) == SIZE
        _hand_over(portal, hand)
        for login, password in slips:
            _first_sign_in(portal, login, password)
        hand.told(f"Первых входов: {SIZE}")


def _hand_in_the_sheet(portal, hand, path) -> None:
    with portal.visit("classteacher1") as page:
        page.goto("/classes/")
        hand.click(page.locator(".contents a").first)
        hand.click(page.locator(".tabs").get_by_role("link", name="Ведомость"))
        hand.click(page.get_by_role("link", name="Загрузить из файла").first)
        hand.clicks += 1
        page.set_input_files("main input[type=file]", path)
        hand.click(page.locator("main form button[type=submit]").first)
        assert f"{SIZE}" in page.locator("main").inner_text()
        hand.click(page.locator("main form button[type=submit]").first)
        page.wait_for_url(re.compile("/sheet/$"))
        hand.click(page.get_by_role("button", name="Подать руководству"))
        page.get_by_role("button", name="Отозвать").wait_for()
        assert page.trouble == []
        hand.told("Классный руководитель подал ведомость")


def _enrol_by_order(portal, hand) -> None:
    with portal.visit("deputy") as page:
        page.goto("/registration/?state=submitted")
        hand.click(page.locator("main table a").first)
        hand.click(page.get_by_role("button", name="Взять в приказ"))
        page.wait_for_url(re.compile(r"/orders/\d+/"))
        hand.click(page.get_by_role("link", name="Исправить заголовок"))
        hand.fill(page, number="901-к")
        hand.click(page.get_by_role("button", name="Сохранить"))
        hand.click(page.get_by_role("link", name="Отметить подписанным"))
        hand.click(page.get_by_role("button", name="Приказ подписан"))
        hand.click(page.get_by_role("link", name="Проверить и исполнить"))
        assert "Исполнить нельзя" not in page.locator("main").inner_text()
        hand.click(page.get_by_role("button", name="Исполнить приказ"))
        page.get_by_text("Приказ исполнен").first.wait_for()
        assert page.trouble == []
        hand.told("Приказ исполнен")


def _print_slips(portal, hand) -> list[tuple[str, str]]:
    with portal.visit("credentials") as page:
        page.goto("/credentials/?state=none")
        hand.click(page.get_by_role("link", name=re.compile("Напечатать всем найденным")))
        hand.click(page.get_by_role("button", name=re.compile("Создать пароли")))
        page.wait_for_selector(".slips")
        slips = [tuple(slip.locator("dd").all_text_contents()) for slip in page.locator(".slip").all()]
        hand.click(page.get_by_role("link", name=re.compile("Ведомость")))
        hand.click(page.locator("main .plain-list a").first)
        hand.click(page.locator("main form button[type=submit]").first)
        assert page.trouble == []
        hand.told("Листки напечатаны и переданы")
        return slips


def _hand_over(portal, hand) -> None:
    with portal.visit("classteacher1") as page:
        page.goto("/classes/slips/")
        hand.click(page.locator("main a[href*='/slips/']").first)
        hand.click(page.get_by_role("link", name=re.compile("Отметить все")).first)
        hand.click(page.locator("main form button[type=submit]").first)
        assert page.trouble == []
        hand.told("Листки вручены")


def _first_sign_in(portal, login: str, password: str) -> None:
    with portal.visit(viewport=NARROW) as page:
        sign_in(page, login, password.replace(" ", ""))
        assert page.url == f"{portal.origin}/password/first/"
        for field in page.locator("main input[type=password]").all():
            field.fill(OWN)
        follow(page.locator("main form button[type=submit]").first)
        page.wait_for_url(re.compile("/(agreement|cabinet)/"))
        page.check("main input[type=checkbox]")
        follow(page.locator("main form button[type=submit]").first)
        page.wait_for_url(re.compile("/cabinet/"))
        assert page.trouble == []
