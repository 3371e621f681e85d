"""The whole run: two sites are filled and started, every target is asked once a round, a table is printed."""

import argparse
import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from eios.keys import new_keys, readable_password
from tests import postgres
from tests.bench import load, report, weights
from tests.bench.servers import ROOT, Site, serve
from tests.bench.targets import (
    AT_ONCE,
    LIMIT,
    MEANWHILE,
    PORTAL,
    SIGN_IN_PATH,
    TARGETS,
    Target,
)

QUICK = bool(os.environ.get("QUICK"))
LONGEST_RUN_SECONDS = 30 * 60
CONCURRENCY = 4
WARM_UP_SECONDS = 0.5
CSRF = "b" * 32  # the cookie and the field need only be equal


@dataclass
class Ground:
    """Both sites as they run, what their filling told about them, and the password of the portal's people."""

    sites: dict[str, Site]
    told: dict[str, dict]
    password: str


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Замеры портала рядом с пределом Django")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="по умолчанию PostgreSQL, если она есть")
    parser.add_argument("--pupils", type=int, default=400 if QUICK else 1000, help="учеников в демонстрационной школе")
    parser.add_argument("--rounds", type=int, default=3 if QUICK else 5, help="кругов замера")
    parser.add_argument("--seconds", type=float, default=0.7 if QUICK else 2.0, help="секунд на страницу в каждом круге")
    return parser.parse_args()


def environment(folder: Path, site: str, database_url: str, password: str) -> dict[str, str]:
    """Settings of a site, independent of those of this machine."""
    chosen = {
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "eios.settings" if site == PORTAL else "tests.bench.limit.settings",
        "DEMO_PASSWORD": password,
        "HTTPS": "false",
        "DEBUG": "false",
        "ALLOWED_HOSTS": "localhost",
        "TRUSTED_PROXIES": "0",
        "STATIC_COLLECTED": "1",
        "STATIC_ROOT": str(folder / "static"),
        "MEDIA_ROOT": str(folder / "media"),
        "AUDIT_HEADS": str(folder / "audit-heads.log"),
        "EMAIL_URL": "dummymail://",
        "CLAMD": "",
        "X_ACCEL_PREFIX": "",
    }
    return {**os.environ, **new_keys(), **chosen}


def databases(wanted: str | None, folder: Path, stack: ExitStack) -> tuple[dict[str, str], int | None, str]:
    """Addresses of the two databases, the server's process, and what it is called in the report."""
    binaries = postgres.find_binaries() if wanted != "sqlite" else None
    if wanted == "postgresql" and binaries is None:
        raise SystemExit("Не найдены программы сервера PostgreSQL; есть --database sqlite")
    if binaries is None:
        return {site: f"sqlite:///{folder}/{site}.sqlite3" for site in (LIMIT, PORTAL)}, None, "SQLite"
    server = stack.enter_context(postgres.Server(binaries))
    for site in (LIMIT, PORTAL):
        subprocess.run([binaries / "createdb", "-h", server.sockets, "-U", "postgres", site], check=True, cwd="/")
    return {site: server.url(site) for site in (LIMIT, PORTAL)}, server.process.pid, "PostgreSQL"


def fill(site: str, settings: dict[str, str], pupils: int) -> dict:
    command = [sys.executable, "-m", "tests.bench.sites", site, str(pupils)]
    return json.loads(subprocess.run(command, cwd=ROOT, env=settings, stdout=subprocess.PIPE, check=True).stdout)


def prepare(options: argparse.Namespace, stack: ExitStack) -> tuple[Ground, str]:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="eios-bench-")))
    addresses, server, kind = databases(options.database, folder, stack)
    password, sites, told = readable_password(), {}, {}
    for site, application in ((LIMIT, "tests.bench.limit.wsgi"), (PORTAL, "eios.wsgi")):
        settings = environment(folder, site, addresses[site], password)
        report.say(f"Готовится {report.SITE_NAMES[site]}…")
        told[site] = fill(site, settings, options.pupils)
        sites[site] = stack.enter_context(serve(application, settings, server))
    return Ground(sites, told, password), kind


def requests_of(ground: Ground, target: Target) -> list[bytes]:
    """The requests of a target, one for every session."""
    cookies = ground.told[target.site]["sessions"][target.who] if target.who else [""]
    etag = ""
    if target.again:
        etag = weights.header_of(load.exchange(ground.sites[target.site].port, load.request_of(target.path)), "ETag")
    return [load.request_of(target.path, cookies=cookie, etag=etag) for cookie in cookies]


def measure_page(ground: Ground, target: Target, seconds: float) -> report.Sample:
    site, requests = ground.sites[target.site], itertools.cycle(requests_of(ground, target))
    status = 304 if target.again else 200
    load.run(site.port, requests, status=status, at_once=CONCURRENCY, seconds=WARM_UP_SECONDS)
    before = site.cpu_seconds()
    found = load.run(site.port, requests, status=status, at_once=CONCURRENCY, seconds=seconds)
    return report.Sample.of(found, site.cpu_seconds() - before)


def measure_sign_ins(ground: Ground) -> report.Sample:
    """Everybody signs in once, from one address, with the portal's own password hashing."""
    site = ground.sites[PORTAL]
    forms = [
        f"csrfmiddlewaretoken={CSRF}&login={login}&password={ground.password}"
        for login in ground.told[PORTAL]["logins"][: 120 if QUICK else None]
    ]
    requests = iter([load.request_of(SIGN_IN_PATH, cookies=f"csrf={CSRF}", form=form) for form in forms])
    before = site.cpu_seconds()
    found = load.run(site.port, requests, status=302, at_once=AT_ONCE, seconds=60)
    return report.Sample.of(found, site.cpu_seconds() - before)


def measure_meanwhile(ground: Ground) -> report.Sample:
    """One person walks about the cabinet while everybody signs in."""
    target = next(target for target in TARGETS if target.name == MEANWHILE)
    crowd = threading.Thread(target=measure_sign_ins, args=[ground])
    walker = iter(lambda: next(pages) if crowd.is_alive() else None, None)
    pages = itertools.cycle(requests_of(ground, target))
    crowd.start()
    found = load.run(ground.sites[PORTAL].port, walker, status=200, at_once=1, seconds=60)
    crowd.join()
    return report.Sample.of(found, 0)


def measure(ground: Ground, options: argparse.Namespace) -> report.Results:
    results = report.Results(queries={**ground.told[LIMIT]["queries"], **ground.told[PORTAL]["queries"]})
    for number in range(1, options.rounds + 1):
        report.say(f"Круг {number} из {options.rounds}…")
        for target in TARGETS:
            results.pages.setdefault(target.name, []).append(measure_page(ground, target, options.seconds))
        results.sign_ins.append(measure_sign_ins(ground))
    results.meanwhile = measure_meanwhile(ground)
    results.worker_mib = {name: site.worker_mib() for name, site in ground.sites.items()}
    results.first_visit = weights.first_visit(ground.sites[PORTAL].port)
    return results


def main() -> int:
    options = arguments()
    # Ended from outside or overdue, the servers are ended too.
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
        signal.signal(number, lambda *_: sys.exit("Замер прерван."))
    signal.alarm(LONGEST_RUN_SECONDS)
    # The goals are for two cores, the client and the database included.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    with ExitStack() as stack:
        ground, kind = prepare(options, stack)
        results = measure(ground, options)
    report.show(results, kind, options)
    return 1 if os.environ.get("CHECK") and report.failures(results) else 0


if __name__ == "__main__":
    sys.exit(main())
