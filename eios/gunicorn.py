"""How the portal is served: one configuration of gunicorn for `make run`, `make serve` and the container.

From the environment: BIND (address and port), WEB_CONCURRENCY (workers), GUNICORN_LOG (level). Run by itself
(`python -m eios.gunicorn`), it only says whether the port is free.
"""

import errno
import gc
import ipaddress
import os
import socket
import sys
from pathlib import Path

from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.workers.sync import SyncWorker

ROOT = Path(__file__).resolve().parent.parent
BAD_REQUEST_PAGE = """<!doctype html>
<html lang="ru"><head><meta charset="utf-8"><title>{title}</title></head>
<body><main><h1>{title}</h1><p>{advice}</p><p><a href="/">На главную страницу</a></p></main></body></html>
"""
REFUSALS = {
    LimitRequestLine: ("414 URI Too Long", "Слишком длинный адрес", "Сократите запрос и попробуйте ещё раз."),
    LimitRequestHeaders: (
        "431 Request Header Fields Too Large",
        "Слишком большой запрос",
        "Удалите в браузере cookie этого сайта и попробуйте ещё раз.",
    ),
    ParseException: ("400 Bad Request", "Запрос не понят", "Сервер не смог разобрать запрос браузера."),
}


def refusal_of(error: Exception) -> bytes | None:
    """The whole HTTP answer, in Russian, to a request that gunicorn could not read; None if the error isn't that."""
    for kind, (status, title, advice) in REFUSALS.items():
        if isinstance(error, kind):
            page = BAD_REQUEST_PAGE.format(title=title, advice=advice).encode()
            head = (
                f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Type: text/html; charset=utf-8\r\n"
                f"Content-Security-Policy: default-src 'none'\r\nX-Content-Type-Options: nosniff\r\n"
                f"Content-Length: {len(page)}\r\n\r\n"
            )
            return head.encode() + page
    return None


class Worker(SyncWorker):
    """A sync worker whose own refusals of malformed requests are pages in Russian too."""

    def handle_error(self, req, client, addr, exc):
        answer = refusal_of(exc)
        if answer is None:
            super().handle_error(req, client, addr, exc)
            return
        self.log.warning("Bad request from %s: %s", addr[0] if addr else "socket", type(exc).__name__)
        try:
            client.sendall(answer)
        except OSError:
            self.log.debug("The client left before the answer")


def default_workers() -> int:
    """One worker a core and one more, from 2 to 12: pages cost CPU, so more of them only take memory."""
    return min(max(len(os.sched_getaffinity(0)) + 1, 2), 12)


def shown_address(address: str) -> str:
    """The address as people on this computer type it: passkeys want the name localhost, not the number."""
    host, _, port = address.rpartition(":")
    try:
        number = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return f"http://{host}:{port}" if not address.startswith("unix:") else address
    return f"http://localhost:{port}" if number.is_loopback or number.is_unspecified else f"http://{host}:{port}"


def port_problem(address: str) -> str:
    """Why nobody can listen at `address` (host:port or unix:path), in Russian; empty when it is free."""
    if address.startswith("unix:"):
        return ""
    host, _, port = address.rpartition(":")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        return f"Порт «{port}» не годится: нужно число от 1 до 65535, например make run PORT=8123"
    family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), int(port)))
            probe.listen(1)
        except PermissionError:
            return f"Порт {port} занимать нельзя: номера до 1024 только для администратора. Попробуйте PORT=8123"
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"Порт {port} занят другой программой. Выберите другой: PORT={int(port) % 60000 + 1}"
            return f"Адрес {address} недоступен: {error.strerror}. Проверьте BIND"
    return ""


def settings_problem() -> str:
    """What is wrong with the settings of the portal, as one line; empty when they are complete."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eios.settings")
    try:
        django_settings.INSTALLED_APPS  # noqa: B018 - reading one loads them all
    except ImproperlyConfigured as error:
        return f"Портал не запущен: {error}"
    return ""


# --- what gunicorn reads -------------------------------------------------------------------------------------------

wsgi_app = "eios.wsgi"
chdir = str(ROOT)
bind = os.environ.get("BIND", "127.0.0.1:8000")
proc_name = "eios"

worker_class = Worker
workers = int(os.environ.get("WEB_CONCURRENCY") or default_workers())
preload_app = True  # workers share the memory of the loaded code, and a replaced one starts at once
max_requests = 5000  # a slow leak ends with its worker
max_requests_jitter = 1000
timeout = 60
graceful_timeout = 25
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - heartbeats must not wait for a disk
control_socket_disable = True  # it would write to the home folder

limit_request_line = 8190
limit_request_fields = 100
limit_request_field_size = 8190
forwarded_allow_ips = ""  # who is believed about addresses and https is decided by TRUSTED_PROXIES, in one place

accesslog = None  # the front server keeps one
errorlog = "-"
loglevel = os.environ.get("GUNICORN_LOG", "warning")


def on_starting(server):
    """Say in one line what stands in the way, before anything is started."""
    for address in server.cfg.settings["bind"].get():
        if problem := port_problem(address):
            sys.exit(problem)


def when_ready(server):
    # What was loaded stays out of garbage collection, which would write to it and so give every worker its own copy.
    gc.collect()
    gc.freeze()
    print(f"Портал открыт: {', '.join(shown_address(str(a)) for a in server.cfg.settings['bind'].get())}", flush=True)


if __name__ == "__main__":
    sys.exit(settings_problem() or port_problem(bind) or 0)
elif __name__ == "__config__" and (problem := settings_problem()):
    sys.exit(problem)
