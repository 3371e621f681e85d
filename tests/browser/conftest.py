"""Chromium in front of a whole portal with its demo school, served as `make run` serves it."""

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests import ready
from tests.installations import Installation, Server, serving

PASSWORD = "Ромашка-на-лугу-29"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]  # fmt: skip
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


@dataclass
class Portal:
    """The running portal and a browser; each visitor has a context of one's own."""

    place: Installation
    server: Server
    browser: Browser
    states: dict

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.server.port}"

    @contextmanager
    def visit(
        self, login: str = "", *, viewport=WIDE, dark: bool = False, low_vision: bool = False, has_touch: bool = False
    ):  # fmt: skip
        """A page of a visitor: a guest, or a demo person already signed in."""
        options = {"viewport": viewport, "base_url": self.origin, "locale": "ru-RU", "has_touch": has_touch}
        if login:
            options["storage_state"] = self._state(login)
        context = self.browser.new_context(**options, color_scheme="dark" if dark else "light")
        if low_vision:
            context.add_cookies([{"name": "display", "url": self.origin, "value": LOW_VISION}])
        page = context.new_page()
        page.trouble = watch(page, self.origin)
        try:
            yield page
        finally:
            context.close()

    def _state(self, login: str) -> dict:
        if login not in self.states:
            context = self.browser.new_context(base_url=self.origin, locale="ru-RU")
            sign_in(context.new_page(), login)
            self.states[login] = context.storage_state()
            context.close()
        return self.states[login]


LOW_VISION = "vision=low&theme=auto&size=2&spacing=2&contrast=black-white&pictures=on"


def watch(page: Page, origin: str) -> list[str]:
    """Collects what no page may do: errors in the console, broken policies, requests to other places."""
    trouble: list[str] = []
    page.on("console", lambda message: message.type == "error" and trouble.append(message.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("request", lambda r: r.url.startswith((origin, "data:", "blob:")) or trouble.append(f"foreign: {r.url}"))
    return trouble


def follow(locator: Locator) -> None:
    """Clicks what leads to another page and waits for that page: a click by itself waits for nothing."""
    with locator.page.expect_navigation():
        locator.click()


def sign_in(page: Page, login: str, password: str = PASSWORD) -> None:
    page.goto("/login/")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", password)
    follow(page.locator("main form button[type=submit]"))


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        pytest.skip("Chromium не найден")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def make_portal(tmp_path_factory, browser):
    """Starts a portal of its own for those tests that change it: with make_portal("--fresh") as portal."""

    @contextmanager
    def make(*options: str):
        place = ready.demo(tmp_path_factory.mktemp("portal"), PASSWORD, "--pupils", "60", "--teachers", "8", *options)
        with serving(place, workers=2) as server:
            yield Portal(place, server, browser, {})

    return make


@pytest.fixture(scope="session")
def portal(make_portal):
    with make_portal() as running:
        yield running


os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
