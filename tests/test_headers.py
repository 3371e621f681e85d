"""What every answer carries besides its page: a snapshot of headers, and that nothing is loaded from elsewhere."""

import re
from pathlib import Path

import pytest

from accounts.actor import Actor
from accounts.models import SchoolCard
from eios.middleware import stamp_for
from resources import sections
from resources.actions.registry import load_registry
from resources.asker import Asker
from tests import personas
from tests.pages import every_page

pytestmark = pytest.mark.django_db

POLICY = {
    "base-uri 'none'",
    "default-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "object-src 'none'",
}
EVERYWHERE = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
NEVER_STORED = {"max-age=0", "no-cache", "no-store", "must-revalidate", "private"}
# Kept by the visitor's own browser, asked about each time: `no-cache` with a validator means «ask before showing».
ASKED_ABOUT = {"private", "no-cache"}

SNAPSHOT = [
    # who, address, status, cache
    ("guest", "/", 200, ASKED_ABOUT),
    ("guest", "/elements/", 200, ASKED_ABOUT),
    ("guest", "/elements/neb/", 200, ASKED_ABOUT),
    ("guest", "/privacy/", 200, ASKED_ABOUT),
    ("guest", "/news/", 200, ASKED_ABOUT),
    ("guest", "/news/rss/", 200, ASKED_ABOUT),
    ("guest", "/documents/rss/", 200, ASKED_ABOUT),
    ("guest", "/sitemap.xml", 200, ASKED_ABOUT),
    ("guest", "/robots.txt", 200, ASKED_ABOUT),
    ("guest", "/login/", 200, NEVER_STORED),
    ("guest", "/display/", 200, NEVER_STORED),
    ("guest", "/cabinet/", 302, NEVER_STORED),
    ("guest", "/healthz", 200, NEVER_STORED),
    ("guest", "/no-such-page/", 404, NEVER_STORED),
    ("guest", "/?q=%00", 400, NEVER_STORED),
    ("guest", "/?q=" + "a" * 9000, 414, NEVER_STORED),
    ("pupil", "/", 200, NEVER_STORED),
    ("pupil", "/elements/", 200, NEVER_STORED),
    ("pupil", "/cabinet/", 200, NEVER_STORED),
    ("pupil", "/agreement/", 200, NEVER_STORED),
    ("pupil", "/classes/", 403, NEVER_STORED),
    ("newcomer", "/cabinet/", 302, NEVER_STORED),
    ("newcomer", "/password/first/", 200, NEVER_STORED),
    ("classteacher", "/classes/", 200, NEVER_STORED),
    ("deputy", "/agreement/report/", 200, NEVER_STORED),
    ("deputy", "/agreement/report/export/", 200, NEVER_STORED),
    ("admin", "/admin/", 200, NEVER_STORED),
    ("admin", "/audit/", 200, NEVER_STORED),
]


@pytest.fixture
def people():
    load_registry(by=Actor.command("tests"))
    return personas.build()


def enter(client, person) -> None:
    client.logout()
    client.cookies.clear()
    if person:
        client.force_login(person, backend="accounts.backends.PortalBackend")


def words(header: str, separator: str) -> set[str]:
    return {word.strip() for word in header.split(separator)}


def test_the_snapshot(client, people):
    for who, address, status, cache in SNAPSHOT:
        enter(client, people[who])
        answer = client.get(address)
        assert (who, address, answer.status_code) == (who, address, status)
        assert {name: answer[name] for name in EVERYWHERE} == EVERYWHERE
        assert words(answer["Content-Security-Policy"], ";") == POLICY
        assert (address, words(answer["Cache-Control"], ",")) == (address, cache)
        assert ("ETag" in answer) == (cache == ASKED_ABOUT)
        assert {"Server", "X-Powered-By", "Access-Control-Allow-Origin"} & answer.headers.keys() == set()


def test_a_repeat_visit_is_answered_without_the_page(client, people):
    shared = [address for who, address, _, cache in SNAPSHOT if (who, cache) == ("guest", ASKED_ABOUT)]
    for address in shared:
        first = client.get(address)
        again = client.get(address, headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        assert words(again["Cache-Control"], ",") == ASKED_ABOUT
        assert words(again["Vary"], ",") >= {"Cookie"}


def test_a_guests_validator_is_no_use_to_a_person(client, people):
    etag = client.get("/elements/")["ETag"]
    enter(client, people["pupil"])
    answer = client.get("/elements/", headers={"if-none-match": etag})
    assert (answer.status_code, "ETag" in answer) == (200, False)


def test_cookies_are_kept_from_scripts_and_other_sites(client, people):
    answers = [
        client.get("/login/"),
        client.post("/login/", {"login": people["teacher"].username, "password": "secret"}),
        client.get("/display/?vision=low"),
    ]
    set_by_us = {name: cookie for answer in answers for name, cookie in answer.cookies.items()}
    flags = {name: (bool(c["httponly"]), c["samesite"], c["domain"]) for name, c in set_by_us.items()}
    assert flags.keys() >= {"session", "csrf", "display"}
    assert flags == dict.fromkeys(flags, (True, "Lax", ""))


@pytest.mark.parametrize("who", ["guest", "pupil", "deputy"])
def test_nothing_but_shared_pages_of_guests_is_stored(client, people, who):
    """Every page there is: private ones leave nothing in a browser that somebody else will sit at."""
    stored = []
    for page in every_page():
        if not page.name or page.name == "account_logout" or page.is_admin:
            continue
        enter(client, people[who])
        answer = client.get(page.address(slug="neb"))
        if "no-store" not in words(answer["Cache-Control"], ","):
            stored.append((page.name, words(answer["Cache-Control"], ",")))
    if who != "guest":
        assert stored == []
        return
    public = Asker(None, school=SchoolCard.current())
    open_to_guests = {one.slug for one in sections.open_to(public)}
    assert {tuple(sorted(cache)) for _, cache in stored} == {tuple(sorted(ASKED_ABOUT))}
    stamps = {page.name: stamp_for(page.match, page.view) for page in every_page()}
    assert [
        name for name, _ in stored if not (stamps[name].kind == "public" or stamps[name].element in open_to_guests)
    ] == []


# What a page loads by itself; links that a person follows may lead anywhere, and a canonical one is only a name.
LOADED = re.compile(
    r"<(?:script|img|source|video|audio|iframe|embed|object|link(?![^>]*rel=.canonical)|use|form|input|track)\b[^>]*?"
    r"\s(?:src|href|srcset|data|action|poster)=[\"']([^\"']*)[\"']",
    re.IGNORECASE,
)
INLINE = re.compile(
    r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/(?:ld\+)?json\")|<style|\sstyle=\"|\son[a-z]+=\"", re.IGNORECASE
)
CRAWLERS = [
    "guest", "parent", "classteacher", "admin",
    *(pytest.param(who, marks=pytest.mark.slow) for who in ("newcomer", "junior", "deputy"))
]  # fmt: skip


@pytest.mark.parametrize("who", CRAWLERS)
def test_no_page_loads_anything_from_elsewhere_or_runs_inline_code(client, people, who):
    foreign, inline, seen = [], [], 0
    for page in every_page():
        # The gate shuts the whole desk with one page (test_stamps.py): only an administrator sees more of it.
        if not page.name or page.name == "account_logout" or (page.is_admin and who != "admin"):
            continue
        enter(client, people[who])
        answer = client.get(page.address(slug="neb", pk=1, object_id=str(people["pupil"].pk)), follow=True)
        if not answer.get("Content-Type", "").startswith("text/html"):
            continue
        text, seen = answer.content.decode(), seen + 1
        foreign += [
            (page.name, url) for url in LOADED.findall(text) if not re.match(r"(/(?!/)|#|\?|data:image/|$)", url)
        ]
        inline += [(page.name, match[0]) for match in INLINE.finditer(text)]
    assert (foreign, inline) == ([], [])
    assert seen > 20


def test_style_sheets_and_scripts_load_nothing_from_elsewhere():
    wrong = []
    for path in [*Path("static").rglob("*.css"), *Path("static").rglob("*.js"), *Path("static").rglob("*.svg")]:
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/", "")
        wrong += [(path.name, found) for found in re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z]{2,}[^\s\"')]*", text)]
    assert wrong == []
