"""Courses in Chromium: nothing foreign runs or is asked for; questions answer at once (1.6)."""

import re

import pytest
from django.utils.html import escape

from resources.courses.links import Links, Media
from resources.courses.rendering import render
from tests.browser.conftest import NARROW
from tests.resources.courses.evasions import EVASIONS

pytestmark = pytest.mark.browser
LINKS = Links(
    media={"a.png": Media("a.png", "/static/favicon.png", "image/png", 1000, alt="Схема")},
    players=("https://rutube.ru/play/embed/",),
)
PAGE = "<!doctype html><html lang='ru'><meta charset='utf-8'><title>x</title><body class='course-text'>{}</body></html>"

# A link would lead away from the page that is tried; that it leads nowhere harmful the unit test says.
POKE = """() => {
  document.addEventListener("click", (event) => event.preventDefault());
  for (const one of document.querySelectorAll("section *"))
    for (const name of ["mouseover", "pointerover", "focus", "click", "toggle", "load", "error"])
      one.dispatchEvent(new Event(name, {bubbles: true, cancelable: true}));
}"""


def test_a_player_of_another_site_loads_after_a_click_only_and_questions_answer_to_the_keyboard(portal):
    film = "https://rutube.ru/play/embed/1"
    text = f"{film}\n\n::: вопрос\nДважды два?\n- [ ] пять\n- [x] четыре\n\nСложите.\n:::"
    script = '<script src="/static/js/course-text.js"></script>'
    with portal.visit() as page:
        asked = []
        page.context.route(
            re.compile("^https:"), lambda way: (asked.append(way.request.url), way.fulfill(body="<p>x</p>"))
        )
        body = PAGE.format(render(text, LINKS).html) + script
        page.route("**/player/", lambda route: route.fulfill(body=body, content_type="text/html"))
        page.goto("/player/")
        page.locator("[data-question] input").first.focus()
        for key, verdict in (("Space", "✗ Пока неверно: подумайте ещё."), ("ArrowDown", "✓ Верно.")):
            page.keyboard.press(key)
            page.get_by_role("button", name="Проверить").press("Enter")
            assert page.get_by_role("status").inner_text() == verdict
            page.locator("[data-question] input:checked").focus()
        assert page.get_by_text("Сложите.").is_visible()
        assert asked == []
        page.get_by_role("button", name="Показать видео с другого сайта").click()
        page.locator("iframe[sandbox]").wait_for()
        page.wait_for_timeout(300)
        assert asked == [film]


def test_no_way_around_the_filter_runs_or_asks_for_anything_foreign(portal):
    """Without the portal's policy of content, so that the allow-list alone is tried."""
    drawn = "\n".join(
        f"<section><h2>{escape(way)}</h2>{render(way, LINKS, prefix=f'e{number}-').html}</section>"
        for number, way in enumerate(EVASIONS)
    )
    assert len(EVASIONS) >= 100
    with portal.visit() as page:
        asked, dialogs = [], []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: asked.append(request.url))
        page.route("**/evasions/", lambda route: route.fulfill(body=PAGE.format(drawn), content_type="text/html"))
        page.goto("/evasions/")
        page.wait_for_timeout(500)
        # Whatever waits for a pointer, focus or a click gets it.
        page.evaluate(POKE)
        page.wait_for_timeout(300)
        assert page.evaluate("window.evil === undefined")
        assert dialogs == []
        assert {url for url in asked if not url.startswith(portal.origin)} == set()
        assert page.locator("script, iframe, object, embed, form, style, link, base, meta[http-equiv]").count() == 0


SEEK = """video => new Promise((found, lost) => {
  video.addEventListener("seeked", () => found(video.currentTime), {once: true});
  video.addEventListener("error", () => lost(new Error(video.error.message)), {once: true});
  video.preload = "auto";
  video.addEventListener("loadedmetadata", () => { video.currentTime = 4; }, {once: true});
  video.load();
})"""
CUES = """video => new Promise((found, lost) => {
  const element = video.querySelector("track");
  element.addEventListener("load", () => found([...element.track.cues].map((cue) => cue.text)), {once: true});
  element.addEventListener("error", () => lost(new Error("the subtitles did not load")), {once: true});
  element.track.mode = "showing";
})"""


@pytest.mark.clause("1.6", "3.6")
def test_a_guest_on_a_phone_seeks_in_a_video_with_subtitles_and_answers_a_question(portal):
    with portal.visit(viewport=NARROW) as page:
        page.goto("/courses/")
        page.get_by_role("link", name="Линейная функция").first.click()
        page.get_by_role("link", name="Что значит k").first.click()
        video = page.locator(".course-text video")
        answers = []
        page.on("response", lambda answer: "/files/" in answer.url and answers.append(answer))
        # Nothing is loaded before it is asked for; what it weighs is said.
        assert video.evaluate("one => [one.preload, one.readyState]") == ["none", 0]
        assert "КБ" in page.locator("figure:has(video) figcaption").inner_text()
        assert video.evaluate(SEEK) == 4
        assert {answer.status for answer in answers} == {206}
        cues = video.evaluate(CUES)
        assert cues == ["Коэффициент k растёт: прямая круче"]
        assert answers[-1].headers["content-type"] == "text/vtt"
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.get_by_role("link", name="Дальше").click()
        question = page.locator("[data-question]").first
        question.get_by_label("y = 2x + 1 и y = 2x − 4", exact=True).check()
        question.get_by_role("button").first.click()
        assert "✓ Верно." in question.inner_text()
        assert page.trouble == []
