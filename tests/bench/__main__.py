"""The whole run: both sites are filled and started, every target is asked once a round, a table is printed."""

import argparse
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from eios.keys import new_keys, readable_password
from tests import postgres
from tests.bench import entering, load, report
from tests.bench.servers import ROOT, Site, serve
from tests.bench.targets import AT_ONCE, LIMIT, MEANWHILE, PORTAL, SIGN_INS, TARGETS, Target

QUICK = bool(os.environ.get("QUICK"))
LONGEST_RUN_SECONDS = 30 * 60
CONCURRENCY = 4
WARM_UP_SECONDS = 0.5
LIMIT_MARKS = 10_000
CSRF = "b" * 32  # the cookie and the field need only be equal
LOADED = re.compile(r'(?:href|src)="(/static/[^"#]+)')
# Settings and application of each site; the portal's are those of a real one, but over plain http.
SITES = {
    LIMIT: ("tests.bench.limit.settings", "django.core.wsgi:get_wsgi_application()"),
    PORTAL: ("eios.settings", "eios.wsgi"),
}
PLAIN = {
    "HTTPS": "false",
    "DEBUG": "false",
    "ALLOWED_HOSTS": "localhost",
    "TRUSTED_PROXIES": "0",
    "STATIC_COLLECTED": "1",
}
PLAIN |= {"EMAIL_URL": "dummymail://", "CLAMD": "", "X_ACCEL_PREFIX": ""}


@dataclass
class Ground:
    """Both sites as they run, what was told about them, and the password of the portal's people."""

    sites: dict[str, Site]
    settings: dict[str, str]
    told: dict[str, dict]
    password: str
    newcomers: Iterator[str]
    forms: dict[str, Iterator[str]] = field(default_factory=dict)

    def requests_of(self, target: Target) -> Iterator[bytes]:
        """Round and round, one for every session."""
        if target.saves:
            return self.saves_of(target)
        cookies = self.told[target.site]["sessions"][target.who] if target.who else [""]
        page = load.exchange(self.sites[target.site].port, load.request_of(target.path)) if target.again else b""
        etag = load.header_of(page, "ETag")
        return itertools.cycle([load.request_of(target.path, cookies=cookie, etag=etag) for cookie in cookies])

    def saves_of(self, target: Target) -> Iterator[bytes]:
        """Each changes another row; the forms go on where the last measurement ended."""
        cookies = itertools.cycle(self.told[target.site]["sessions"][target.who])
        return (
            load.request_of(target.path, cookies=f"{next(cookies)}; csrf={CSRF}; csrftoken={CSRF}", form=form)
            for form in self.forms[target.site]
        )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Замеры портала рядом с пределом Django")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="по умолчанию PostgreSQL, если она есть")
    parser.add_argument("--pupils", type=int, default=400 if QUICK else 1000, help="учеников в школе")
    parser.add_argument("--rounds", type=int, default=2 if QUICK else 5, help="кругов")
    parser.add_argument("--seconds", type=float, default=0.7 if QUICK else 2.0, help="секунд на страницу в круге")
    return parser.parse_args()


def databases(wanted: str | None, folder: Path, stack: ExitStack) -> tuple[dict[str, str], int | None]:
    """The address of each site's database, and the process of the server that holds them."""
    binaries = None if wanted == "sqlite" else postgres.find_binaries()
    if binaries is None and wanted == "postgresql":
        raise SystemExit("Не найдены программы сервера PostgreSQL; есть --database sqlite")
    if binaries is None:
        return {site: f"sqlite:///{folder}/{site}.sqlite3" for site in SITES}, None
    server = stack.enter_context(postgres.Server(binaries))
    for site in SITES:
        subprocess.run([server.binaries / "createdb", "-h", server.sockets, "-U", "postgres", site], check=True)
    return {site: server.url(site) for site in SITES}, server.process.pid


def prepare(options: argparse.Namespace, stack: ExitStack) -> Ground:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="eios-bench-")))
    addresses, server = databases(options.database, folder, stack)
    sites, told, password = {}, {}, readable_password()
    places = {"STATIC_ROOT": folder / "static", "MEDIA_ROOT": folder / "media", "AUDIT_HEADS": folder / "heads.log"}
    common = os.environ | new_keys() | PLAIN | {name: str(path) for name, path in places.items()}
    for site, (settings_module, application) in SITES.items():
        chosen = {"DJANGO_SETTINGS_MODULE": settings_module, "DATABASE_URL": addresses[site], "DEMO_PASSWORD": password}
        report.say(f"Готовится {'портал с демонстрационной школой' if site == PORTAL else 'предельный сайт'}…")
        filling = [sys.executable, "-m", "tests.bench.sites", site, str(options.pupils)]
        filled = subprocess.run(filling, cwd=ROOT, env=common | chosen, stdout=subprocess.PIPE, check=True)
        told[site] = json.loads(filled.stdout)
        sites[site] = stack.enter_context(serve(application, common | chosen, server))
    portal = common | {"DJANGO_SETTINGS_MODULE": SITES[PORTAL][0], "DATABASE_URL": addresses[PORTAL]}
    return Ground(sites, portal, told, password, itertools.cycle(told[PORTAL]["logins"]))


def timed(site: Site, requests: Iterator[bytes], **how) -> load.Load:
    before = site.cpu_seconds()
    found = load.run(site.port, requests, **how)
    found.cpu_seconds = site.cpu_seconds() - before
    return found


def measure_page(ground: Ground, target: Target, seconds: float) -> load.Load:
    site, requests, status = ground.sites[target.site], ground.requests_of(target), 304 if target.again else 200
    load.run(site.port, requests, status=status, at_once=CONCURRENCY, seconds=WARM_UP_SECONDS)
    return timed(site, requests, status=status, at_once=CONCURRENCY, seconds=seconds)


def measure_sign_ins(ground: Ground) -> load.Load:
    """So many people sign in from one address, others in the next round; the hashing of passwords is the real one."""
    logins = itertools.islice(ground.newcomers, 100 if QUICK else SIGN_INS)
    form = f"csrfmiddlewaretoken={CSRF}&password={ground.password}&login="
    requests = (load.request_of("/login/", cookies=f"csrf={CSRF}", form=form + login) for login in logins)
    return timed(ground.sites[PORTAL], requests, status=302, at_once=AT_ONCE, seconds=60)


def measure_meanwhile(ground: Ground) -> load.Load:
    """One person walks about the cabinet while everybody signs in."""
    pages = ground.requests_of(next(target for target in TARGETS if target.name == MEANWHILE))
    with ThreadPoolExecutor(1) as pool:
        crowd = pool.submit(measure_sign_ins, ground)
        walk = itertools.takewhile(lambda _: not crowd.done(), pages)
        found = load.run(ground.sites[PORTAL].port, walk, status=200, at_once=1, seconds=60)
        found.wrong += crowd.result().wrong
    return found


def first_visit(port: int) -> dict[str, float]:
    """Address → KB: the public home page and all files that it names, as the portal itself compresses them.

    Raises SystemExit where a file is missing, or a browser would ask for it again on the next page.
    """
    text = load.exchange(port, load.request_of("/", encoding="identity")).decode()
    found = {"/": load.exchange(port, load.request_of("/"))}
    for address in LOADED.findall(text):
        found[address] = answer = load.exchange(port, load.request_of(address))
        if load.status_of(answer) != 200 or "immutable" not in load.header_of(answer, "Cache-Control"):
            raise SystemExit(f"{address}: ответ {load.status_of(answer)}, или браузер не хранит этот файл")
    return {address: len(answer) / 1024 for address, answer in found.items()}


def measure(ground: Ground, options: argparse.Namespace) -> report.Results:
    queries = ground.told[LIMIT]["queries"] | ground.told[PORTAL]["queries"]
    results = report.Results(queries, on_sqlite=not ground.sites[PORTAL].database)
    for number in range(1, options.rounds + 1):
        report.say(f"Круг {number} из {options.rounds}…")
        measure_pages(ground, results, options, late=False)
        results.sign_ins.append(measure_sign_ins(ground))
    results.meanwhile = measure_meanwhile(ground)
    results.worker_mib = {name: site.worker_mib() for name, site in ground.sites.items()}
    results.first_visit = first_visit(ground.sites[PORTAL].port)
    grown = grow(ground)
    results.queries |= grown["queries"]
    limit_marks = itertools.cycle(range(1, LIMIT_MARKS))
    ground.forms[LIMIT] = (f"csrfmiddlewaretoken={CSRF}&n={number}" for number in limit_marks)
    ground.forms[PORTAL] = entering.saves(grown["grid"], CSRF)
    refuse_unsaved(ground)
    for number in range(1, options.rounds + 1):
        report.say(f"Большой реестр, круг {number} из {options.rounds}…")
        measure_pages(ground, results, options, late=True)
    return results


def measure_pages(ground: Ground, results: report.Results, options: argparse.Namespace, *, late: bool) -> None:
    for target in TARGETS:
        if target.late == late:
            results.pages.setdefault(target.name, []).append(measure_page(ground, target, options.seconds))


def refuse_unsaved(ground: Ground) -> None:
    """Raises SystemExit where the first save of the portal saves nothing: then there is nothing to measure."""
    target = next(one for one in TARGETS if one.saves and one.site == PORTAL)
    answer = load.exchange(ground.sites[PORTAL].port, next(ground.requests_of(target)))
    if b'"saved"' not in answer:
        raise SystemExit(f"Отметка не сохраняется: {answer.decode()}")


def grow(ground: Ground) -> dict:
    """The portal's registry becomes large; queries of the pages that are asked then, and what the grid saves."""
    code = "from tests.bench import growing; growing.main()"
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=ground.settings, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def main() -> int:
    options = arguments()
    # Ended from outside or overdue, the run takes its servers with it.
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
        signal.signal(number, lambda *_: sys.exit("Замер прерван."))
    signal.alarm(LONGEST_RUN_SECONDS)
    # The goals are meant for two cores, with the client and the database on them.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    with ExitStack() as stack:
        ground = prepare(options, stack)
        results = measure(ground, options)
    kind = "PostgreSQL" if ground.sites[PORTAL].database else "SQLite"
    met = report.show(results, f"{kind}, учеников {options.pupils}, медианы {options.rounds} кругов")
    return 0 if met or not os.environ.get("CHECK") else 1


if __name__ == "__main__":
    sys.exit(main())
