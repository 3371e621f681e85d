"""A hundred people seek in one long video behind nginx while fifty read: how much slower are their pages?

make bench-video, or python -m tests.bench.video --seconds 20 --rounds 3 --megabytes 300

The portal is served as docs/installation.md says: nginx before gunicorn, files by X-Accel-Redirect. In every round the
readers are measured alone, then beside the seekers, who live in a process of their own. A reader turns a page every
five seconds or so; a seeker jumps to a random place every three, reads a megabyte from there and hangs up, as a player
does.
"""

import argparse
import getpass
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from eios.keys import new_keys
from tests import postgres
from tests.bench import load, report
from tests.bench.servers import ROOT, serve

PLAIN = {
    "HTTPS": "false", "DEBUG": "false", "ALLOWED_HOSTS": "localhost", "TRUSTED_PROXIES": "1", "STATIC_COLLECTED": "1",
    "EMAIL_URL": "dummymail://", "CLAMD": "", "X_ACCEL_PREFIX": "/_files/",
}  # fmt: skip
READERS, SEEKERS = 50, 100
PAGE_EVERY, SEEK_EVERY = 5.0, 3.0
READ_BYTES = 1024 * 1024
MOST_RATIO = 2.0
LONGEST_RUN_SECONDS = 20 * 60

NGINX = """
user {user};
worker_processes auto;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_http_version 1.1;
        location / {{ proxy_pass http://127.0.0.1:{portal}; }}
        location /_files/ {{
            internal;
            alias {folder}/media/;
            add_header Content-Security-Policy $upstream_http_content_security_policy always;
            add_header X-Content-Type-Options nosniff always;
            add_header Cross-Origin-Resource-Policy same-origin always;
        }}
    }}
}}
"""


@dataclass
class Crowd:
    """Seconds of every answer of one crowd, and the answers of another status than expected."""

    seconds: list[float] = field(default_factory=list)
    wrong: list[int] = field(default_factory=list)

    def ms(self, part: float) -> float:
        ordered = sorted(self.seconds)
        return ordered[min(int(len(ordered) * part), len(ordered) - 1)] * 1000


def crowd(ask: Callable[[int], int], people: int, *, status: int, pause: float, seconds: float) -> Crowd:
    """So many people ask, each again after a pause of its own length; `ask` takes a number and gives the status."""
    found, lock, end = Crowd(), threading.Lock(), time.monotonic() + seconds

    def live(number: int) -> None:
        rng = random.Random(number)  # noqa: S311 (no secrets)
        time.sleep(rng.uniform(0, pause))
        while time.monotonic() < end:
            start = time.perf_counter()
            told = ask(number)
            took = time.perf_counter() - start
            with lock:
                found.seconds.append(took)
                found.wrong += [told] if told != status else []
            time.sleep(rng.uniform(0.5, 1.5) * pause)

    threads = [threading.Thread(target=live, args=(number,), daemon=True) for number in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def read(port: int, told: dict, seconds: float) -> Crowd:
    rng = random.Random(29)  # noqa: S311 (no secrets)

    def ask(number: int) -> int:
        cookie = told["sessions"][number % len(told["sessions"])]
        return load.status_of(load.exchange(port, load.request_of(rng.choice(told["pages"]), cookies=cookie)))

    return crowd(ask, READERS, status=200, pause=PAGE_EVERY, seconds=seconds)


def seek(port: int, told: dict, seconds: float) -> Crowd:
    rng = random.Random(31)  # noqa: S311 (no secrets)

    def ask(number: int) -> int:
        cookie = told["sessions"][number % len(told["sessions"])]
        request = load.request_of(told["video"], cookies=cookie).decode()
        place = f"Range: bytes={rng.randrange(told['size'] - READ_BYTES)}-\r\n\r\n"
        return _begin(port, (request.removesuffix("\r\n") + place).encode())

    return crowd(ask, SEEKERS, status=206, pause=SEEK_EVERY, seconds=seconds)


def _begin(port: int, request: bytes) -> int:
    """The first megabyte of what is sent, then the peer hangs up; 0 where less came."""
    try:
        with socket.create_connection(("127.0.0.1", port), load.PATIENCE_SECONDS) as peer:
            peer.sendall(request)
            head, left = peer.recv(65536), READ_BYTES
            while left > 0 and (piece := peer.recv(65536)):
                left -= len(piece)
    except OSError:
        return 0
    return load.status_of(head) if left <= 0 or load.status_of(head) != 206 else 0


@contextmanager
def front(folder: Path, portal: int) -> Iterator[int]:
    """nginx on a free port of this machine before the portal; ends with the block."""
    if shutil.which("nginx") is None:
        raise SystemExit("Не найден nginx: поставьте его (apt install nginx).")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    about = {"user": getpass.getuser(), "folder": folder, "port": port, "portal": portal}
    (folder / "nginx.conf").write_text(NGINX.format(**about))
    process = subprocess.Popen(["nginx", "-c", folder / "nginx.conf", "-e", folder / "nginx.log"])  # noqa: S607
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def portal(megabytes: int, folder: Path, stack: ExitStack) -> Iterator[tuple[int, dict]]:
    """The portal with the film behind nginx: the port, and what `filming` told."""
    binaries, database = postgres.find_binaries(), f"sqlite:///{folder}/portal.sqlite3"
    if binaries:
        server = stack.enter_context(postgres.Server(binaries))
        subprocess.run([server.binaries / "createdb", "-h", server.sockets, "-U", "postgres", "portal"], check=True)
        database = server.url("portal")
    places = {"STATIC_ROOT": folder / "static", "MEDIA_ROOT": folder / "media", "AUDIT_HEADS": folder / "heads.log"}
    settings = os.environ | new_keys() | PLAIN | {name: str(path) for name, path in places.items()}
    settings |= {"DJANGO_SETTINGS_MODULE": "eios.settings", "DATABASE_URL": database}
    code = f"from tests.bench import filming; filming.main({megabytes})"
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
    filled = subprocess.run(command, cwd=ROOT, env=settings, stdout=subprocess.PIPE, check=True)
    with serve("eios.wsgi", settings, None) as site, front(folder, site.port) as port:
        yield port, json.loads(filled.stdout)


def measure(port: int, told: dict, options: argparse.Namespace) -> tuple[list[Crowd], list[Crowd], list[Crowd]]:
    """Readers alone, readers beside seekers, seekers: one of each for every round."""
    alone, beside, seekers = [], [], []
    read(port, told, 3)
    with ProcessPoolExecutor(1) as pool:
        for number in range(1, options.rounds + 1):
            report.say(f"Круг {number} из {options.rounds}…")
            alone.append(read(port, told, options.seconds))
            seeking = pool.submit(seek, port, told, options.seconds)
            beside.append(read(port, told, options.seconds))
            seekers.append(seeking.result())
    return alone, beside, seekers


def show(alone: list[Crowd], beside: list[Crowd], seekers: list[Crowd]) -> bool:
    """Prints medians of the rounds; is the goal met?"""
    ratios = {}
    for title, part in {"p50": 0.5, "p95": 0.95, "худшая": 1.0}.items():
        before, after, sought = (median(one.ms(part) for one in rows) for rows in (alone, beside, seekers))
        ratios[title] = median(b.ms(part) / a.ms(part) for a, b in zip(alone, beside, strict=True))
        print(f"{title:>7}: страница {before:6.0f} мс, рядом с видео {after:6.0f} мс, ×{ratios[title]:.2f}; "  # noqa: T201
              f"перемотка, 1 МБ: {sought:6.0f} мс")  # fmt: skip
    wrong = [status for rows in (alone, beside, seekers) for one in rows for status in one.wrong]
    pages, jumps = (sum(len(one.seconds) for one in rows) for rows in (beside, seekers))
    print(f"Страниц рядом с видео {pages}, перемоток {jumps}, не тех ответов {len(wrong)} {sorted(set(wrong)) or ''}")  # noqa: T201
    return not wrong and ratios["p95"] <= MOST_RATIO


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.video", description="Чтение курса рядом с перемоткой видео"
    )
    parser.add_argument("--seconds", type=float, default=20, help="секунд на замер")
    parser.add_argument("--rounds", type=int, default=3, help="кругов")
    parser.add_argument("--megabytes", type=int, default=300, help="сколько весит видео")
    options = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
        signal.signal(number, lambda *_: sys.exit("Замер прерван."))
    signal.alarm(LONGEST_RUN_SECONDS)
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="eios-video-")))
        port, told = stack.enter_context(portal(options.megabytes, folder, stack))
        met = show(*measure(port, told, options))
    return 0 if met or not os.environ.get("CHECK") else 1


if __name__ == "__main__":
    sys.exit(main())
