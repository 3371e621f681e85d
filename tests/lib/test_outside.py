"""Asking outside addresses: what is never asked, and how a bad server can't hold the portal up (5.6)."""

import datetime
import ipaddress
import re
import socket
import ssl
import threading
import time
from contextlib import contextmanager

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from eios.lib import outside
from eios.lib.outside import Outcome, Rules, ask

HOME = ipaddress.ip_address("127.0.0.1")
# Names of the tests' own: whatever the name, the tests' server answers.
EASY = {"is_outside": lambda ip: ip == HOME, "resolve": lambda host, port, seconds: ["127.0.0.1"]}
QUICK = {"connect": 0.5, "read": 0.4, "total": 1}

# What must never be asked: the address, and to what its name is said to lead where it is a name.
ATTACKS = [
    ("http://127.0.0.1/", None),
    ("http://127.8.9.10/", None),
    ("http://0.0.0.0/", None),
    ("http://10.0.0.5/", None),
    ("http://172.16.0.1/", None),
    ("http://172.31.255.254/", None),
    ("http://192.168.1.1/admin", None),
    ("http://169.254.169.254/latest/meta-data/", None),
    ("http://100.64.0.1/", None),
    ("http://192.0.0.8/", None),
    ("http://192.0.2.1/", None),
    ("http://192.88.99.1/", None),
    ("http://198.18.0.1/", None),
    ("http://203.0.113.7/", None),
    ("http://224.0.0.1/", None),
    ("http://239.255.255.250/", None),
    ("http://240.0.0.1/", None),
    ("http://255.255.255.255/", None),
    ("http://[::1]/", None),
    ("http://[::]/", None),
    ("http://[::ffff:127.0.0.1]/", None),
    ("http://[::ffff:8.8.8.8]/", None),
    ("http://[::127.0.0.1]/", None),
    ("http://[fe80::1]/", None),
    ("http://[fe80::1%25eth0]/", None),
    ("http://[fc00::1]/", None),
    ("http://[fd12:3456::1]/", None),
    ("http://[fec0::1]/", None),
    ("http://[ff02::1]/", None),
    ("http://[2001:db8::1]/", None),
    ("http://[2001:0:7f00:1::]/", None),
    ("http://[2002:7f00:1::]/", None),
    ("http://[64:ff9b::7f00:1]/", None),
    ("http://2130706433/", None),
    ("http://0x7f000001/", None),
    ("http://0177.0.0.1/", None),
    ("http://127.1/", None),
    ("http://0x7f.0.0.1/", None),
    ("http://١٢٧.٠.٠.١/", ["127.0.0.1"]),
    ("http://１２７。０。０。１/", None),
    ("http://127.0.0.1./", None),
    ("http://localhost/", None),
    ("http://intranet/", None),
    ("http://user:secret@site.test/", ["93.184.216.34"]),
    ("http://site.test@127.0.0.1/", None),
    ("http://site.test\\@127.0.0.1/", None),
    ("http://site.test/ HTTP/1.1\r\nX: y", ["93.184.216.34"]),
    ("http://site.test:99999/", ["93.184.216.34"]),
    ("http://[::1/", None),
    ("ftp://site.test/", ["93.184.216.34"]),
    ("file:///etc/passwd", None),
    ("gopher://site.test/", ["93.184.216.34"]),
    ("mailto:a@b.ru", None),
    ("//site.test/", ["93.184.216.34"]),
    ("/elements/", None),
    ("", None),
    ("http://site.test/", ["10.0.0.1"]),
    ("http://site.test/", ["93.184.216.34", "127.0.0.1"]),
    ("http://site.test/", ["2a00:1450::1", "fe80::1%eth0"]),
    ("http://рдш.тест/", ["192.168.0.1"]),
]


@pytest.fixture
def no_sockets(monkeypatch):
    """Any attempt to connect is caught, whatever it leads to."""
    tried = []

    def refuse(address, *args, **kwargs):
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    return tried


@pytest.mark.clause("5.6")
@pytest.mark.parametrize(("address", "leads_to"), ATTACKS)
def test_inside_addresses_are_refused_without_a_packet(address, leads_to, no_sockets):
    def resolve(host, port, seconds):
        # A literal is its own address; a name that no row of the table expects must not be asked of a name server.
        return leads_to or [str(ipaddress.ip_address(host))]

    answer = ask(address, Rules(resolve=resolve))
    assert (answer.outcome, no_sockets) == (Outcome.REFUSED, [])
    assert answer.detail.startswith("Не проверяется: ")
    assert answer.milliseconds is None


def test_open_addresses_are_tried_at_the_resolved_address(no_sockets):
    found = ["93.184.216.34", "2a00:1450:4010::1"]
    answer = ask("https://рдш.рф/путь?q=ё", Rules(resolve=lambda *asked: found))
    assert (answer.outcome, no_sockets) == (Outcome.SILENT, [(found[0], 443), (found[1], 443)])
    target = outside.target_of("https://рдш.рф/путь?q=ё")
    assert (target.host, target.path) == ("xn--d1axz.xn--p1ai", "/%D0%BF%D1%83%D1%82%D1%8C?q=%D1%91")


@pytest.mark.parametrize("name", ["no-such-name.invalid", "a" * 64 + ".ru"])
def test_a_name_that_does_not_exist(name):
    assert ask(f"http://{name}/").outcome in (Outcome.SILENT, Outcome.REFUSED)


def test_a_silent_name_server_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: time.sleep(3))
    started = time.monotonic()
    assert ask("http://site.test/", Rules(**QUICK)).detail == "Нет ответа за отведённое время."
    assert time.monotonic() - started < 1.5


# A server of the tests' own


@contextmanager
def server(respond, context=None):
    """`respond(connection, head of the request)` answers each connection; gives the port and the heads."""
    heads, listener = [], socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.1)
    is_over = threading.Event()

    def serve_one(connection):
        with connection:
            try:
                if context:
                    connection = context.wrap_socket(connection, server_side=True)
                connection.settimeout(5)
                head = connection.recv(65536).decode("latin-1")
                heads.append(head)
                respond(connection, head)
            except OSError:
                return

    def serve():
        while not is_over.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            threading.Thread(target=serve_one, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], heads
    finally:
        is_over.set()
        thread.join()
        listener.close()


def says(text):
    return lambda connection, head: connection.sendall(text.replace("\n", "\r\n").encode())


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("200 OK", "works"), ("204 No Content", "works"), ("304 Not Modified", "works"), ("401 Unauthorized", "works"),
        ("403 Forbidden", "works"), ("429 Too Many", "works"), ("404 Not Found", "error"), ("410 Gone", "error"),
        ("400 Bad", "error"), ("500 Oops", "error"), ("503 Later", "error"), ("302 Found", "works"),
    ],
)  # fmt: skip
def test_what_a_status_means(status, outcome):
    with server(says(f"HTTP/1.1 {status}\n\n")) as (port, _):
        answer = ask(f"http://site.test:{port}/", Rules(**EASY))
    assert (answer.outcome, answer.status) == (outcome, int(status.split()[0]))
    assert 0 <= answer.milliseconds < 2000


@pytest.mark.parametrize("refusal", ["HTTP/1.1 405 No\n\n", "HTTP/1.1 501 No\n\n", "HTTP/1.1 403 No\n\n", ""])
def test_get_is_tried_where_head_is_not_liked(refusal):
    def respond(connection, head):
        says(refusal if head.startswith("HEAD") else "HTTP/1.1 200 OK\n\nтело")(connection, head)

    with server(respond) as (port, heads):
        answer = ask(f"http://site.test:{port}/page?x=1#part", Rules(**EASY))
    assert (answer.outcome, answer.status) == ("works", 200)
    first_lines = [head.splitlines()[0] for head in heads]
    assert first_lines == ["HEAD /page?x=1 HTTP/1.1", "GET /page?x=1 HTTP/1.1"]
    assert f"Host: site.test:{port}" in heads[1]


def test_a_name_is_resolved_once_so_that_rebinding_leads_nowhere():
    """The second answer of the name server is an inside address: nobody asks for it."""
    answers = iter([["127.0.0.1"], ["10.0.0.1"], ["10.0.0.1"]])
    with server(says("HTTP/1.1 405 No\n\n")) as (port, heads):
        rules = Rules(is_outside=EASY["is_outside"], resolve=lambda *asked: next(answers))
        answer = ask(f"http://site.test:{port}/", rules)
    assert (answer.outcome, len(heads), next(answers)) == ("error", 2, ["10.0.0.1"])


REDIRECT = "HTTP/1.1 302 Found\nLocation: {}\n\n"


@pytest.mark.parametrize(
    "location",
    [
        "http://10.0.0.1/", "http://127.0.0.2/", "//169.254.169.254/", "http://[::1]/", "http://evil.test:22/",
        "http://2130706433/", "file:///etc/passwd", "http://a:b@site.test/", "javascript:alert(1)",
        "http://inside.test/", "http://site.test:1/",
    ],
)  # fmt: skip
def test_a_redirect_is_judged_anew(location):
    def resolve(host, port, seconds):
        known = {"inside.test": "10.0.0.1", "site.test": "127.0.0.1", "evil.test": "127.0.0.1"}
        return [known.get(host, host)]

    with server(says(REDIRECT.format(location))) as (port, heads):
        answer = ask(f"http://site.test:{port}/", Rules(is_outside=EASY["is_outside"], resolve=resolve))
    assert (answer.outcome, len(heads)) == ("refused", 1)


@pytest.mark.parametrize(("last", "expected"), [(5, ("works", 200, 6)), (99, ("error", None, 6))])
def test_redirects_are_followed_five_times_and_no_more(last, expected):
    def respond(connection, head):
        step = int(re.search(r"/(\d*) HTTP", head)[1] or 0)
        says(REDIRECT.format(f"/{step + 1}") if step < last else "HTTP/1.1 200 OK\n\n")(connection, head)

    with server(respond) as (port, heads):
        answer = ask(f"http://site.test:{port}/0", Rules(**EASY))
    assert (answer.outcome, answer.status, len(heads)) == expected


def test_a_redirect_in_cyrillic_is_followed():
    def respond(connection, head):
        says(REDIRECT.format("/книги") if " / " in head else "HTTP/1.1 200 OK\n\n")(connection, head)

    with server(respond) as (port, heads):
        assert ask(f"http://site.test:{port}/", Rules(**EASY)).outcome == "works"
    assert "%D0%BA%D0%BD%D0%B8%D0%B3%D0%B8" in heads[1]


# Servers that would hold the portal up


def _says_nothing(connection, head):
    time.sleep(2)


def _drips(connection, head):
    for letter in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 100:
        connection.sendall(bytes([letter]))
        time.sleep(0.1)


def _endless_head(connection, head):
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(100_000):
        connection.sendall(b"X-%d: %s\r\n" % (number, b"x" * 1000))


def _endless_continue(connection, head):
    for _ in range(100_000):
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


def _closes(connection, head):
    connection.close()


def _rubbish(connection, head):
    connection.sendall(b"\x00\xff" * 1000)


@pytest.mark.parametrize(
    ("respond", "detail"),
    [
        (_says_nothing, "Нет ответа за отведённое время."),
        (_drips, "Нет ответа за отведённое время."),
        (_endless_continue, "Сервер оборвал соединение, не ответив."),
        (_closes, "Сервер оборвал соединение, не ответив."),
        (_rubbish, "Ответ сервера не читается."),
    ],
)
def test_bad_servers_are_silent_ones_and_do_not_hold_up(respond, detail):
    started = time.monotonic()
    with server(respond) as (port, _):
        answer = ask(f"http://site.test:{port}/", Rules(**EASY, **QUICK))
        spent = time.monotonic() - started
    assert (answer.outcome, answer.detail) == ("silent", detail)
    assert spent < 1.5


def test_of_an_endless_head_only_the_beginning_is_read():
    with server(_endless_head) as (port, _):
        assert ask(f"http://site.test:{port}/", Rules(**EASY, **QUICK)).outcome == "works"


def test_a_huge_body_is_not_read():
    sent = []

    def respond(connection, head):
        connection.sendall(b"HTTP/1.1 %s\r\n\r\n" % (b"405 No" if head.startswith("HEAD") else b"200 OK"))
        for _ in range(0 if head.startswith("HEAD") else 5000):
            sent.append(connection.send(b"x" * 65536))

    with server(respond) as (port, _):
        answer = ask(f"http://site.test:{port}/", Rules(**EASY))
    assert answer.outcome == "works"
    # What the system's buffers take before the connection is closed; 320 MB were on offer.
    assert sum(sent) < 16 * 2**20


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert ask(f"http://site.test:{port}/", Rules(**EASY)).detail == "Сервер не принимает соединения."


# Certificates


@pytest.fixture(scope="module")
def secure(tmp_path_factory):
    """secure(name, days) → contexts of a server with such a certificate and of a client that trusts its maker."""
    folder = tmp_path_factory.mktemp("certificates")

    def make(name: str, days: int):
        key = ec.generate_private_key(ec.SECP256R1())
        now, subject = (
            datetime.datetime.now(datetime.UTC),
            x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]),
        )
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=90))
        builder = builder.not_valid_after(now + datetime.timedelta(days=days))
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        certificate = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (folder / "both.pem").write_bytes(private + certificate)
        of_server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        of_server.load_cert_chain(folder / "both.pem")
        return of_server, lambda: ssl.create_default_context(cadata=certificate.decode())

    return make


def test_a_certificate_is_verified_and_its_end_noted(secure):
    of_server, of_client = secure("site.test", 20)
    with server(says("HTTP/1.1 200 OK\n\n"), of_server) as (port, heads):
        answer = ask(f"https://site.test:{port}/", Rules(**EASY, context=of_client))
    in_20_days = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=20)).date()
    assert (answer.outcome, answer.certificate_until) == ("works", in_20_days)
    assert f"Host: site.test:{port}" in heads[0]


@pytest.mark.parametrize(
    ("name", "days", "trusts", "detail"),
    [
        ("site.test", -1, True, "срок его действия истёк"),
        ("other.test", 20, True, "он выдан на другое имя"),
        ("site.test", 20, False, "его выдал центр, которому сервер портала не доверяет"),
    ],
)
def test_a_bad_certificate_is_not_taken(secure, name, days, trusts, detail):
    of_server, of_client = secure(name, days)
    context = {"context": of_client} if trusts else {}
    with server(says("HTTP/1.1 200 OK\n\n"), of_server) as (port, heads):
        answer = ask(f"https://site.test:{port}/", Rules(**EASY, **context))
    assert (answer.outcome, answer.detail, heads) == ("distrusted", f"Сертификат сайта не принят: {detail}.", [])


def test_plain_http_behind_https_is_no_secure_connection():
    with server(says("HTTP/1.1 200 OK\n\n")) as (port, _):
        answer = ask(f"https://site.test:{port}/", Rules(**EASY, **QUICK))
    assert answer.outcome == "silent"
