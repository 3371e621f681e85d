"""What waits to be saved in the grid: an undone change, a lost answer, another period of the same gradebook (7.2)."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.test_grid import SET_UP, at, marks, saved

pytestmark = pytest.mark.browser
OTHER_ROOM = (
    SET_UP.replace("Риторика", "Логика") + "Lesson.objects.create(gradebook=book, date=year.starts, number=1)\n"
)


@pytest.fixture(scope="module")
def room(portal):
    return json.loads(portal.place.script(OTHER_ROOM).strip().splitlines()[-1])


def test_changes_wait_in_their_order_and_are_saved_from_another_period(portal, room):
    lesson = room["lessons"][0]
    with portal.visit("teacher1") as page:
        page.on("dialog", lambda dialog: dialog.accept())
        at(page, room, lesson)
        page.route("**/cells/", lambda route: route.abort())
        for key in ("5", "Enter", "Control+z", "4", "Enter"):
            page.keyboard.press(key)
        page.get_by_text("Нет связи").wait_for()
        page.unroute("**/cells/")
        page.goto(f"/journal/gradebooks/{room['book']}/?period=1")
        saved(page)
        assert marks(portal, lesson) == ["4"]
        assert page.evaluate("sessionStorage.length") == 0
        assert page.locator("dialog[open]").count() == 0


def test_an_answer_that_is_lost_asks_nothing_and_a_closed_dialog_gives_the_caret_back(portal, room):
    lesson = room["lessons"][1]
    with portal.visit("teacher1") as page:
        at(page, room, lesson)
        lost = []

        def lose(route):
            if lost:
                route.continue_()
                return
            lost.append(route.fetch().json())
            route.abort()

        page.route("**/cells/", lose)
        page.keyboard.press("5")
        page.keyboard.press("Enter")
        saved(page)
        assert [one["cells"][0]["state"] for one in lost] == ["saved"]
        expect(page.locator("dialog[open]")).to_have_count(0)
        assert marks(portal, lesson) == ["5"]
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Control+m")
        page.keyboard.type("Хорошо")
        page.locator("dialog[open] button[value=ok]").click()
        expect(page.locator("td.c.saved")).to_have_count(1)
        page.keyboard.press("3")
        page.keyboard.press("Enter")
        expect(page.locator("td.wait")).to_have_count(0)
        assert marks(portal, lesson) == ["3"]
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Delete")
        expect(page.locator("td.c")).to_have_count(0)
        page.keyboard.press("Control+z")
        expect(page.locator("td.c[title='Хорошо']")).to_have_count(1)
        assert marks(portal, lesson) == ["3"]


def test_two_remarks_to_one_mark_are_shown_both(portal, room):
    lesson = room["lessons"][2]
    with portal.visit("teacher1") as page, portal.visit("classteacher1") as other:
        at(page, room, lesson)
        page.keyboard.press("4")
        page.keyboard.press("Enter")
        saved(page)
        for one in (page, other):
            at(one, room, lesson)
            one.keyboard.press("Control+m")
        for one, words in ((page, "Списал"), (other, "Лучшая работа")):
            one.keyboard.type(words)
            one.locator("dialog[open] button[value=ok]").click()
            if one is page:
                expect(page.locator("td.c.saved")).to_have_count(1)
        dialog = other.locator("dialog[open]")
        expect(dialog.locator("[data-grid-mine]")).to_have_text("4, замечание: «Лучшая работа»")
        expect(dialog.locator("[data-grid-theirs]")).to_have_text("4, замечание: «Списал»")
        expect(dialog.locator("[data-grid-stale-words]")).to_contain_text("теперь там «Списал»")
        dialog.get_by_role("button", name="Оставить моё").click()
        expect(other.locator("td.c[title='Лучшая работа']")).to_have_count(1)
        # The other one, who saw the first words only, is asked in turn and takes the new ones.
        page.keyboard.press("Control+m")
        page.locator("dialog[open] textarea").fill("Исправился")
        page.locator("dialog[open] button[value=ok]").click()
        page.get_by_role("button", name="Взять новое").click()
        expect(page.locator("td.c[title='Лучшая работа']")).to_have_count(1)


def test_a_remark_right_after_its_mark_asks_nothing(portal, room):
    """It waits behind the mark that has not been answered yet."""
    with portal.visit("teacher1") as page:
        at(page, room, room["lessons"][3])
        for key in ("5", "Control+m"):
            page.keyboard.press(key)
        page.keyboard.type("Прочёл наизусть")
        page.locator("dialog[open] button[value=ok]").click()
        expect(page.locator("td.c[title='Прочёл наизусть']")).to_have_count(1)
        page.keyboard.press("Delete")
        page.keyboard.press("Control+z")
        expect(page.locator("td.wait")).to_have_count(0)
        expect(page.locator("td.c[title='Прочёл наизусть']")).to_have_count(1)
        expect(page.locator("dialog[open]")).to_have_count(0)
