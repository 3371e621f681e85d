"""Requests that no form of ours sends: a Russian page with the right status, never a 500."""

import re

import pytest
from django.conf import settings
from django.test import Client

from accounts.actor import Actor
from accounts.models import Acceptance, AuditEntry
from resources.actions.registry import load_registry
from tests.factories import make_class, make_edition, make_employee, make_pupil, make_year, sign_in
from tests.pages import every_page

pytestmark = pytest.mark.django_db
RUSSIAN = re.compile(r"<h1>[^<]*[а-яё]", re.IGNORECASE)
LISTS = ["/", "/elements/", "/classes/", "/agreement/report/", "/agreement/report/export/", "/login/", "/display/"]


@pytest.fixture(autouse=True)
def registry():
    load_registry(by=Actor.command("tests"))


@pytest.fixture
def answering():
    """A client that shows a 500 as its page instead of raising; with CSRF checks as in use."""
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


@pytest.fixture
def management(client):
    """Signed in as one whom nearly everything is open to; no CSRF checks, so that bodies are read."""
    client.raise_request_exception = False
    sign_in(client, make_employee(position="system_administrator"))
    return client


def outcome(answer) -> tuple[int, bool]:
    """The status, and whether the body is a page in Russian."""
    body = answer.content.decode()
    return answer.status_code, bool(RUSSIAN.search(body)) and '<html lang="ru"' in body


def outcomes(ask, addresses) -> dict:
    return {address: outcome(ask(address)) for address in addresses}


# Addresses and methods


def test_unknown_pages(answering):
    addresses = [
        "/no-such-page/",
        "/elements/no-such-element/",
        "/elements/НЭБ/",
        "/elements/%FF%FE/",
        "/elements/%D0/",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/../../etc/passwd",
        "/index.php",
        "/.env",
        "/static/no-such.css",
        "/elements/" + "a" * 3000 + "/",
        "/files/not-a-key/",
        "/classes/one/agreement/",
    ]
    assert outcomes(answering.get, addresses) == dict.fromkeys(addresses, (404, True))


def test_numbers_beyond_any_key(management):
    huge = "9" * 24
    addresses = [f"/agreement/children/{huge}/", f"/classes/{huge}/agreement/", "/classes/0/agreement/"]
    assert outcomes(management.get, addresses) == dict.fromkeys(addresses, (404, True))


def test_a_tick_beyond_any_key(management):
    """Of which the browser sends none: refused, or found not to be there."""
    make_year()
    person = make_employee(position="method_group_head")
    sign_in(management, person)
    answer = management.post("/programmes/board/renew/", {"programmes": ["9" * 24]})
    assert outcome(answer) in ((400, True), (302, False))


@pytest.mark.parametrize("address", ["/", "/elements/", "/privacy/", "/display/", "/healthz"])
def test_wrong_methods(client, address):
    methods = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"]
    answers = {method: client.generic(method, address) for method in methods}
    assert {method: outcome(answer) for method, answer in answers.items()} == dict.fromkeys(methods, (405, True))
    assert {answer["Allow"] for answer in answers.values()} <= {"GET, HEAD", "GET"}


def test_wrong_methods_on_a_private_page(management):
    for method in ("PUT", "DELETE", "PATCH", "BREW", "PROPFIND"):
        answer = management.generic(method, "/agreement/")
        assert (method, outcome(answer), answer["Allow"]) == (method, (405, True), "GET, HEAD, POST")


def test_a_head_request_is_a_get_without_a_body(client):
    answer = client.head("/")
    assert (answer.status_code, answer.content) == (200, b"")


# CSRF


def test_a_forged_post_is_refused_everywhere(answering):
    """From the login form to the last button of the admin: without the token nothing answers but a refusal."""
    sign_in(answering, make_employee(position="system_administrator"))
    before = (Acceptance.objects.count(), AuditEntry.objects.count())
    addresses = [page.address() for page in every_page() if page.name]
    assert outcomes(answering.post, addresses) == dict.fromkeys(addresses, (403, True))
    assert (Acceptance.objects.count(), AuditEntry.objects.count()) == before


def test_a_forged_token_is_refused(answering):
    answering.get("/login/")
    for token in ("", "x", "a" * 64, "ё" * 32, "\x00" * 32):
        assert (token, outcome(answering.post("/login/", {"csrfmiddlewaretoken": token}))) == (token, (403, True))


def test_a_foreign_origin_is_refused_even_with_the_token(answering):
    answering.get("/login/")
    token = answering.cookies["csrf"].value
    answer = answering.post("/login/", {"csrfmiddlewaretoken": token}, headers={"origin": "https://evil.example"})
    assert outcome(answer) == (403, True)


# Sizes and bodies


def test_the_declared_length(answering):
    lengths = {str(settings.MAX_REQUEST_BYTES + 1): 413, "9" * 30: 413}
    lengths |= dict.fromkeys(["-1", "abc", "1e3", "\u00b2", "\u0661"], 400)
    found = {length: outcome(answering.post("/login/", CONTENT_LENGTH=length)) for length in lengths}
    assert found == {length: (status, True) for length, status in lengths.items()}


def test_a_form_that_is_too_large(answering, management):
    form = b"login=" + b"a" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    answering.get("/login/")
    for client in (answering, management):
        answer = client.generic("POST", "/login/", form, "application/x-www-form-urlencoded")
        assert outcome(answer) == (413, True)


def test_a_form_with_too_many_fields(management):
    form = "&".join(f"f{n}=1" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))
    answer = management.generic("POST", "/agreement/", form, "application/x-www-form-urlencoded")
    assert outcome(answer) == (400, True)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=x", b"not a form"),
        ("multipart/form-data", b"--x"),
        ("multipart/form-data; boundary=", b""),
        ("multipart/form-data; boundary=\xff", b"--x"),
        ("application/x-www-form-urlencoded; charset=no-such", b"a=b"),
        ("application/json", b"{"),
        ("", b"\xff\xfe"),
    ],
)
def test_bodies_that_can_not_be_read(management, kind, body):
    answer = management.generic("POST", "/agreement/", body, kind)
    assert answer.status_code == 302 or outcome(answer) == (400, True)


def test_nul_in_a_form_is_a_mistake_in_the_form(client):
    make_edition()
    room = make_class()
    make_pupil(school_class=room)
    sign_in(client, make_employee(position="class_teacher", school_class=room))
    answers = [
        client.post("/login/", {"login": "a\x00b", "password": "c\x00d"}),
        client.post("/agreement/", {"edition": "1\x00", "kind": "self\x00", "next": "\x00", "agree": "on"}),
        client.post(f"/classes/{room.pk}/agreement/paper/", {"pupil": "1\x00"}),
    ]
    assert [answer.status_code in (200, 302) for answer in answers] == [True, True, True]


# Queries

ODD_QUERIES = [
    "page=-1",
    "page=0",
    "page=999999",
    "page=x",
    "page=" + "9" * 400,
    "page=1.5",
    "q=%FF%FE%D0",
    "q=%25%5F%5C",
    "q='%3B--",
    "q=%F0%9F%98%80",
    "q=" + "%D1%8F" * 300,
    "q[]=1&q[a]=2&q=3&q=4",
    "state=%F0",
    "next=//evil.example&next=%0d%0aSet-Cookie:x=1",
    "school_class=999999999999999999999999",
    "component=%3Cscript%3E",
    "&&&===",
    "%",
    "%zz=%zz",
]


@pytest.mark.parametrize("address", LISTS)
def test_odd_queries_are_passed_over(management, address):
    for query in ODD_QUERIES:
        answer = management.get(f"{address}?{query}")
        assert (query, answer.status_code in (200, 302)) == (query, True)
        assert "Set-Cookie:x" not in str(answer.headers)
        assert b"<script>" not in answer.content


def test_nul_is_refused(management):
    queries = ["q=%00", "q=a%00b", "page=1&%00=1", "next=/%00"]
    addresses = [f"{address}?{query}" for address in LISTS for query in queries] + ["/elements/%00/", "/%00"]
    assert outcomes(management.get, addresses) == dict.fromkeys(addresses, (400, True))


def test_nul_hidden_in_a_cookie_is_refused(answering):
    for cookie in ('session="aaaaaaaaaaaa\\000bbbb"', 'display="vision=low\\000"', 'csrf="\\000"'):
        assert (cookie, outcome(answering.get("/cabinet/", HTTP_COOKIE=cookie))) == (cookie, (400, True))


def test_ten_kilobytes_of_query(management):
    addresses = [f"{address}?q={'a' * 10_000}" for address in LISTS]
    assert outcomes(management.get, addresses) == dict.fromkeys(addresses, (414, True))


# Headers


@pytest.mark.parametrize("address", ["/", "/cabinet/", "/login/", "/no-such-page/"])
def test_a_forged_host(answering, address):
    for host in ("evil.example", "localhost:x", "a b", "[::1", "testserver@evil.example", "ё.рф"):
        answer = answering.get(address, HTTP_HOST=host)
        assert (host, outcome(answer)) == (host, (400, True))
        assert b"evil.example" not in answer.content


def test_a_forged_forwarded_host_is_not_believed(answering):
    answer = answering.get("/cabinet/", headers={"x-forwarded-host": "evil.example"})
    assert answer["Location"] == "/login/?next=/cabinet/"


def test_odd_cookies(answering):
    for cookie in ("session=", "session=short", "session=" + "x" * 4000, "csrf=\xff", "; ; =", "display=%FF"):
        assert (cookie, answering.get("/", HTTP_COOKIE=cookie).status_code) == (cookie, 200)
        assert answering.get("/cabinet/", HTTP_COOKIE=cookie)["Location"] == "/login/?next=/cabinet/"


@pytest.mark.parametrize("header", ["if_none_match", "if_modified_since", "range", "accept_language", "referer"])
def test_odd_headers(answering, header):
    for value in ("", "x" * 3000, "\xff\xfe", 'W/"', "bytes=9-1,x", ";q=2,,", "Thu, 99 Foo 0000"):
        answer = answering.get("/elements/", **{f"HTTP_{header.upper()}": value})
        assert (value, answer.status_code) == (value, 200)


# Trouble of our own


def test_an_unforeseen_error_shows_a_page_and_no_traceback(answering, settings):
    settings.ROOT_URLCONF = "tests.unstamped"
    answer = answering.get("/broken/")
    assert outcome(answer) == (500, True)
    assert b"secret" not in answer.content
    assert b"Traceback" not in answer.content
