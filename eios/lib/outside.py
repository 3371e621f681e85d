"""Does an address of the open internet answer? Nothing inside is ever asked (5.6).

Whoever writes an address could otherwise make the portal ask its neighbours behind the firewall (SSRF). So a name is
resolved once, all its addresses must lie outside, and the connection goes to the very address that was judged: a name
that changes meanwhile (DNS rebinding) leads nowhere. Each redirect is judged anew.
"""

import datetime
import enum
import http.client
import io
import ipaddress
import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from urllib.parse import quote, urljoin, urlsplit

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

AGENT = "EIOS-availability/1.0"
MOST_REDIRECTS = 5
MOST_ADDRESSES = 4
# Heads of answers are read, bodies are not; whoever sends a head longer than this is cut short.
MOST_BYTES = 32 * 1024
REDIRECTS = {301, 302, 303, 307, 308}
# The site is there, and does not want programs or strangers: people get in.
TURNED_AWAY = {401, 403, 429}
# What ipaddress may take for global, and leads inside or nowhere: Teredo, 6to4 and its relay, protocols, examples.
NOT_OUTSIDE = [
    ipaddress.ip_network(text)
    for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "192.0.0.0/24", "192.88.99.0/24")
]  # fmt: skip
UNICAST = ipaddress.ip_network("2000::/3")
NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)+")
NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
UNKNOWN_CENTRE = {18, 19, 20, 21}


class Outcome(enum.StrEnum):
    WORKS = "works"
    ERROR = "error"
    SILENT = "silent"
    DISTRUSTED = "distrusted"
    REFUSED = "refused"


@dataclass(frozen=True)
class Answer:
    """What came of asking: `detail` is a Russian sentence, the certificate's date the earliest on the way."""

    outcome: Outcome
    detail: str
    status: int | None = None
    milliseconds: int | None = None
    certificate_until: datetime.date | None = None


class Refused(Exception):
    """The address is not to be asked; the text says why."""


class TooManyRedirects(Exception):
    """The site sends round in a circle."""


def is_outside(ip: IPAddress) -> bool:
    """Is it an address of the open internet? An IPv6 address that wraps an IPv4 one is not, whatever it wraps."""
    if ip.version == 6 and ip not in UNICAST:
        return False
    if any(ip.version == net.version and ip in net for net in NOT_OUTSIDE):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def resolve(host: str, port: int, seconds: float) -> list[str]:
    """All addresses of the name, IPv4 first. Raises OSError; TimeoutError where the name server is silent."""
    found = queue.SimpleQueue()

    def look() -> None:
        try:
            found.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.put(error)

    # getaddrinfo knows no limit of time: a thread that is late is left to itself.
    threading.Thread(target=look, daemon=True).start()
    try:
        rows = found.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError("name server") from None
    if isinstance(rows, Exception):
        raise socket.gaierror(socket.EAI_NONAME, str(rows))
    return list(dict.fromkeys(row[4][0] for row in sorted(rows, key=lambda row: row[0] != socket.AF_INET)))


@dataclass(frozen=True)
class Rules:
    """Whom one may ask and for how long, in seconds; `total` is for one address with all its redirects.

    No setting changes them: only a caller that passes others, as tests with a server of their own do.
    """

    is_outside: Callable[[IPAddress], bool] = is_outside
    resolve: Callable[[str, int, float], list[str]] = resolve
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context
    ports: frozenset[int] = frozenset({80, 443})
    connect: float = 5
    read: float = 8
    total: float = 20


OUTSIDE = Rules()


@dataclass(frozen=True)
class Target:
    """A parsed address; `host` in ASCII, `path` with the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def place(self) -> str:
        """The host as the request names it."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == (443 if self.scheme == "https" else 80) else f"{name}:{self.port}"


def target_of(address: str) -> Target:
    """The address in parts. Raises Refused for all that is not a plain http(s) address of a named host."""
    if re.search(r"[\s\x00-\x20\x7f\\]", address):
        raise Refused("в адресе пробел или недопустимый знак")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise Refused("адрес не читается") from None
    if parts.scheme not in ("http", "https"):
        raise Refused("проверяются только адреса http и https")
    if "@" in parts.netloc:
        raise Refused("в адресе записан логин")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]")
    default = 443 if parts.scheme == "https" else 80
    return Target(parts.scheme, _host(parts.hostname or ""), port if port is not None else default,
                  f"{path}?{query}" if query else path)  # fmt: skip


def _host(name: str) -> str:
    """The host in ASCII. A number is taken only as a whole address: «0177.1» and «2130706433» hide one."""
    if ":" in name:
        return _literal(name)
    try:
        host = name.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError:
        raise Refused("имя узла не читается") from None
    if not NAME.fullmatch(host):
        raise Refused("имя узла неполное или не читается")
    return _literal(host) if NUMBER.fullmatch(host.rsplit(".", 1)[-1]) else host


def _literal(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise Refused("вместо имени узла — число") from None


def ask(address: str, rules: Rules = OUTSIDE) -> Answer:
    """Asks the address and says what came of it; never raises, never takes longer than `rules.total`."""
    visit = _Visit(rules)
    try:
        status = visit.follow(address)
    except Refused as refusal:
        return visit.answer(Outcome.REFUSED, f"Не проверяется: {refusal}.")
    except TooManyRedirects:
        return visit.answer(Outcome.ERROR, f"Больше {MOST_REDIRECTS} переадресаций подряд.")
    except (OSError, http.client.HTTPException) as error:
        return visit.answer(*_trouble(error))
    return visit.answer(*_judged(status), status=status)


def ask_many(addresses: Iterable[str], at_once: int, rules: Rules = OUTSIDE) -> Iterator[tuple[str, Answer]]:
    """Asks each address once, a few at a time; gives what came of it as it comes."""
    with ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="ask") as pool:
        asked = {pool.submit(ask, address, rules): address for address in dict.fromkeys(addresses)}
        for future in as_completed(asked):
            yield asked[future], future.result()


def _judged(status: int) -> tuple[Outcome, str]:
    if status < 400:
        return Outcome.WORKS, "Отвечает."
    if status in TURNED_AWAY:
        return Outcome.WORKS, f"Отвечает, но проверку внутрь не пускает (ответ {status})."
    if status in (404, 410):
        return Outcome.ERROR, f"Сайт отвечает, но страницы по этому адресу нет (ответ {status})."
    return Outcome.ERROR, f"Сайт отвечает ошибкой (ответ {status})."


def _trouble(error: Exception) -> tuple[Outcome, str]:
    if isinstance(error, ssl.SSLCertVerificationError):
        return Outcome.DISTRUSTED, f"Сертификат сайта не принят: {_distrust(error)}."
    words = (
        (TimeoutError, "Нет ответа за отведённое время."),
        (socket.gaierror, "Имя узла не найдено."),
        (ConnectionRefusedError, "Сервер не принимает соединения."),
        (http.client.RemoteDisconnected, "Сервер оборвал соединение, не ответив."),
        (ConnectionError, "Сервер оборвал соединение."),
        (ssl.SSLError, "Не удалось установить защищённое соединение."),
        (http.client.HTTPException, "Ответ сервера не читается."),
    )
    return Outcome.SILENT, next((text for kind, text in words if isinstance(error, kind)), "Соединиться не удалось.")


def _distrust(error: ssl.SSLCertVerificationError) -> str:
    if error.verify_code == 10:
        return "срок его действия истёк"
    if error.verify_code in (62, 64):
        return "он выдан на другое имя"
    if error.verify_code in UNKNOWN_CENTRE:
        return "его выдал центр, которому сервер портала не доверяет"
    return f"код {error.verify_code}"


@dataclass
class _Visit:
    """One asking, with its deadline and what was learned on the way."""

    rules: Rules
    started: float = field(default_factory=time.monotonic)
    certificate_until: datetime.date | None = None

    def answer(self, outcome: Outcome, detail: str, status: int | None = None) -> Answer:
        asked = outcome != Outcome.REFUSED
        spent = round((time.monotonic() - self.started) * 1000) if asked else None
        return Answer(outcome, detail, status, spent, self.certificate_until)

    def left(self, most: float) -> float:
        """Seconds that the next step may take. Raises TimeoutError where none are left."""
        left = self.rules.total - (time.monotonic() - self.started)
        if left <= 0:
            raise TimeoutError("total")
        return min(left, most)

    def follow(self, address: str) -> int:
        """The status at the end of the redirects."""
        first = target = target_of(address)
        for _ in range(MOST_REDIRECTS + 1):
            # A port of its own stands in the address because the administrator wrote it; a redirect has no such say.
            is_written = (target.host, target.port) == (first.host, first.port)
            if target.port not in self.rules.ports and not is_written:
                raise Refused(f"переадресация на порт {target.port}")
            status, location = self._at(target)
            if status not in REDIRECTS or not location:
                return status
            target = _redirected(target, location)
        raise TooManyRedirects

    def _at(self, target: Target) -> tuple[int, str]:
        """Status and Location. Many sites answer HEAD wrongly, so an error is asked again as GET."""
        addresses = self._judged_addresses(target)
        try:
            status, location = self._request("HEAD", target, addresses)
        except (http.client.HTTPException, ConnectionResetError):
            return self._request("GET", target, addresses)
        return (status, location) if status < 400 else self._request("GET", target, addresses)

    def _judged_addresses(self, target: Target) -> list[str]:
        """Where the name leads, all of it outside. Raises Refused."""
        found = self.rules.resolve(target.host, target.port, self.left(self.rules.connect))
        if not all(self.rules.is_outside(ipaddress.ip_address(address)) for address in found):
            raise Refused(f"узел {target.host} — во внутренней или служебной сети")
        return found[:MOST_ADDRESSES]

    def _request(self, method: str, target: Target, addresses: list[str]) -> tuple[int, str]:
        with self._connected(target, addresses) as connection:
            connection.settimeout(self.left(self.rules.read))
            connection.sendall(_head(method, target))
            response = http.client.HTTPResponse(_Limited(connection, self), method=method)
            response.begin()
            location = response.headers.get("Location", "")
            response.close()
            return response.status, location

    def _connected(self, target: Target, addresses: list[str]) -> socket.socket:
        plain = self._plain(target, addresses)
        if target.scheme == "http":
            return plain
        try:
            plain.settimeout(self.left(self.rules.read))
            secure = self.rules.context().wrap_socket(plain, server_hostname=target.host)
        except OSError:
            plain.close()
            raise
        self._note_certificate(secure)
        return secure

    def _plain(self, target: Target, addresses: list[str]) -> socket.socket:
        trouble: OSError = socket.gaierror(socket.EAI_NONAME, "no addresses")
        for address in addresses:
            try:
                return socket.create_connection((address, target.port), self.left(self.rules.connect))
            except OSError as error:
                trouble = error
        raise trouble

    def _note_certificate(self, secure: ssl.SSLSocket) -> None:
        seconds = ssl.cert_time_to_seconds(secure.getpeercert()["notAfter"])
        until = datetime.datetime.fromtimestamp(seconds, datetime.UTC).date()
        self.certificate_until = min(self.certificate_until or until, until)


def _head(method: str, target: Target) -> bytes:
    lines = [
        f"{method} {target.path} HTTP/1.1", f"Host: {target.place}", f"User-Agent: {AGENT}", "Accept: */*",
        "Accept-Encoding: identity", "Connection: close", "", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode("ascii")


def _redirected(target: Target, location: str) -> Target:
    """Where the redirect leads. The header is read as Latin-1, and sites write UTF-8 into it."""
    try:
        location = location.encode("latin-1").decode()
    except UnicodeError:
        raise Refused("переадресация не читается") from None
    try:
        return target_of(urljoin(f"{target.scheme}://{target.place}{target.path}", location.strip()))
    except (Refused, ValueError) as refusal:
        raise Refused(f"переадресация: {refusal}") from None


class _Limited(io.RawIOBase):
    """The connection as http.client reads it: no longer than the visit may last, no more than MOST_BYTES."""

    def __init__(self, connection: socket.socket, visit: _Visit):
        self.connection, self.visit, self.spare = connection, visit, MOST_BYTES

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        if self.spare <= 0:
            return 0
        self.connection.settimeout(self.visit.left(self.visit.rules.read))
        count = self.connection.recv_into(memoryview(buffer)[: self.spare])
        self.spare -= count
        return count
