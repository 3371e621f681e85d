"""Starting, refusing to start, and standing through trouble: seen from outside, on a real server."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml

from eios.gunicorn import shown_address
from tests import postgres, ready
from tests.installations import ROOT, Installation, free_port, new_installation, serving, wait_until

MEBIBYTE_IN_KIB = 1024
SECRETS = ["SECRET_KEY", "FIELD_KEYS", "AUDIT_KEY"]


@pytest.fixture(scope="module")
def portal(tmp_path_factory, django_db_setup, django_db_blocker):
    """An empty, migrated portal."""
    with (
        django_db_blocker.unblock(),
        new_installation(tmp_path_factory.mktemp("portal"), like=ready.migrated()) as place,
    ):
        yield place


@pytest.fixture(scope="module")
def server(portal):
    with serving(portal, workers=2) as running:
        yield running


def start(place: Installation, **settings: str) -> subprocess.CompletedProcess:
    """Try to start gunicorn where it should refuse."""
    refused = Installation(
        place.folder, place.database_url, place.settings | {"BIND": f"127.0.0.1:{free_port()}"} | settings
    )
    return refused.run("-m", "gunicorn", "-c", "eios/gunicorn.py")


# --- refusing to start ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SECRETS)
def test_a_missing_secret_stops_the_server_and_is_named(portal, name):
    done = start(portal, **{name: ""})

    assert done.returncode == 1
    assert done.stderr.startswith(f"Портал не запущен: не задана переменная окружения {name}")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"SECRET_KEY": ""}, "не задана переменная окружения SECRET_KEY"),
        ({"FIELD_KEYS": "k1:коротко"}, "FIELD_KEYS: ожидается"),
        ({"AUDIT_KEY": "c2hvcnQ="}, "AUDIT_KEY: ожидаются 32 байта"),
        ({"DATABASE_URL": "mysql://localhost/eios"}, "DATABASE_URL: база «mysql» не поддерживается"),
    ],
    ids=["missing", "field keys", "audit key", "database"],
)
def test_a_wrong_setting_stops_a_command_with_one_line(portal, settings, reason):
    done = Installation(portal.folder, portal.database_url, settings).manage("migrate")

    assert done.returncode == 1
    assert reason in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_taken_port_is_named_before_anything_starts(portal):
    with socket.socket() as neighbour:
        neighbour.bind(("127.0.0.1", 0))
        neighbour.listen()
        port = neighbour.getsockname()[1]

        done = start(portal, BIND=f"127.0.0.1:{port}")

    assert done.returncode == 1
    assert done.stderr == f"Порт {port} занят другой программой. Выберите другой: PORT={port % 60000 + 1}\n"
    assert done.stdout == ""


@pytest.mark.parametrize("port", ["0", "65536", "порт", "-1"])
def test_an_impossible_port_is_explained(portal, port):
    done = Installation(portal.folder, portal.database_url, {"BIND": f"127.0.0.1:{port}"}).run("-m", "eios.gunicorn")

    assert done.returncode == 1
    assert done.stderr == f"Порт «{port}» не годится: нужно число от 1 до 65535, например make run PORT=8123\n"


def checkout_of_installer(tmp_path: Path, requirements: str) -> Path:
    """A folder with the installing script alone and one requirements file."""
    (tmp_path / "eios" / "bin").mkdir(parents=True)
    shutil.copy(ROOT / "eios" / "bin" / "install", tmp_path / "eios" / "bin")
    (tmp_path / "requirements.txt").write_text(requirements)
    return tmp_path


def install(folder: Path, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [folder / "eios" / "bin" / "install", "requirements.txt"],
        env={"PATH": "/usr/bin:/bin", "PYTHON": sys._base_executable, "HOME": str(folder / "home")} | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_an_old_python_is_refused_with_one_line(tmp_path):
    folder = checkout_of_installer(tmp_path, "")
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("sh", "dirname", "cat", "cmp", "cp", "rm"):
        (tools / tool).symlink_to(shutil.which(tool))
    old = tools / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")  # what the question «3.11 or newer?» gets from an old one
    old.chmod(0o755)

    done = install(folder, PATH=str(tools), PYTHON="")

    assert done.returncode == 1
    assert done.stderr.startswith("Не найден Python 3.11 или новее. Установите его")
    assert len(done.stderr.splitlines()) == 1


def test_no_network_ends_in_one_clear_line_and_nothing_in_home(tmp_path):
    folder = checkout_of_installer(tmp_path, f"no-such-thing-anywhere==1.0 --hash=sha256:{'0' * 64}\n")

    done = install(
        folder, PIP_INDEX_URL="http://127.0.0.1:9/simple", PIP_CONFIG_FILE=os.devnull, PIP_RETRIES="0", PIP_TIMEOUT="2"
    )

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(
        "Не удалось скачать пакеты из requirements.txt: проверьте связь с сетью"
    )
    assert not (folder / "home").exists()
    assert not (folder / ".venv" / ".installed-requirements.txt").exists()


@pytest.mark.parametrize(
    ("bind", "shown"),
    [
        ("127.0.0.1:8000", "http://localhost:8000"),
        ("0.0.0.0:8000", "http://localhost:8000"),
        ("[::]:8123", "http://localhost:8123"),
        ("10.1.2.3:80", "http://10.1.2.3:80"),
        ("portal.local:8000", "http://portal.local:8000"),
        ("unix:/run/eios.sock", "unix:/run/eios.sock"),
    ],
)
def test_the_address_is_printed_as_people_type_it(bind, shown):
    assert shown_address(bind) == shown


# --- standing ------------------------------------------------------------------------------------------------------


def test_probes_answer(server):
    assert [server.get(path)[0] for path in ("/healthz", "/readyz")] == [200, 200]


def test_the_container_probe_sees_it(portal, server):
    up = Installation(
        portal.folder, portal.database_url, {"BIND": f"0.0.0.0:{server.port}", "ALLOWED_HOSTS": "localhost"}
    )
    down = Installation(portal.folder, portal.database_url, {"BIND": f"0.0.0.0:{free_port()}"})

    assert up.run("-m", "eios.probe").returncode == 0
    assert down.run("-m", "eios.probe").returncode == 1


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET /?q=" + b"a" * 10_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", "414 URI Too Long"),
        (
            b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Big: " + b"a" * 9000 + b"\r\n\r\n",
            "431 Request Header Fields Too Large",
        ),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", "400 Bad Request"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX y: 1\r\n\r\n", "400 Bad Request"),
    ],
    ids=["address", "header", "tls", "header name"],
)
def test_what_the_server_cannot_read_gets_a_russian_page(server, request_bytes, status):
    answer = server.raw(request_bytes)

    head, _, page = answer.partition("\r\n\r\n")
    assert head.splitlines()[0] == f"HTTP/1.1 {status}"
    assert "Content-Type: text/html; charset=utf-8" in head
    assert re.search(r'<html lang="ru">.*<h1>[А-Я][а-я ]+</h1>', page, re.DOTALL)
    assert server.get("/healthz")[0] == 200


def test_a_worker_takes_little_memory(server):
    with ThreadPoolExecutor(8) as visitors:
        statuses = list(visitors.map(lambda _: server.get("/login/")[0], range(40)))
    workers = [
        int(pid) for pid in Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    ]

    sizes = [pss_in_mebibytes(worker) for worker in workers]

    assert set(statuses) == {200}
    assert len(sizes) == 2
    assert max(sizes) <= 70


def pss_in_mebibytes(pid: int) -> float:
    line = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return int(line[1]) / MEBIBYTE_IN_KIB


def test_a_killed_worker_is_replaced(server):
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    before = children.read_text().split()

    for worker in before:
        os.kill(int(worker), signal.SIGKILL)

    wait_until(lambda: len(children.read_text().split()) == 2 and not set(children.read_text().split()) & set(before))
    assert server.get("/readyz")[0] == 200


@pytest.fixture
def database():
    """A PostgreSQL server of one's own, to be stopped and started."""
    binaries = postgres.find_binaries()
    if binaries is None:
        pytest.skip("нет программ сервера PostgreSQL")
    with postgres.Server(binaries) as running:
        yield running


def test_a_stopped_database_is_503_within_three_seconds_and_recovers_by_itself(database, tmp_path):
    (tmp_path / "static").mkdir()
    place = Installation(tmp_path, database.url())
    assert place.manage("migrate", "--verbosity", "0").returncode == 0
    with serving(place, workers=2) as server:
        assert [server.get(path)[0] for path in ("/", "/", "/login/")] == [200, 200, 200]

        database.stop()
        answers = [timed(server, path) for path in ("/", "/login/", "/readyz", "/", "/elements/")]
        alive = server.get("/healthz")[0]
        database.start()
        recovered = [server.get(path)[0] for path in ("/", "/login/", "/readyz", "/", "/login/")]

    assert [status for status, _, _, _ in answers] == [503] * 5
    assert [bool(headers["Retry-After"]) for _, headers, _, _ in answers] == [True] * 5
    assert max(seconds for _, _, _, seconds in answers) < 3
    assert "<html" in answers[0][2]
    assert re.search("[а-я]{4}", answers[0][2])
    assert alive == 200
    assert recovered == [200] * 5


def timed(server, path: str):
    began = time.monotonic()
    return *server.get(path), time.monotonic() - began


# --- the container -------------------------------------------------------------------------------------------------


def instructions(name: str = "Dockerfile") -> list[str]:
    """Instructions of the Dockerfile, one a string, comments and line breaks removed."""
    text = re.sub(r"^#.*\n", "", (ROOT / name).read_text(), flags=re.MULTILINE)
    return [line.strip() for line in re.sub(r"\\\n", " ", text).splitlines() if line.strip()]


def test_the_container_starts_as_make_serve_does_and_not_as_root():
    lines = instructions()
    users = [line for line in lines if line.startswith("USER")]

    assert lines[-1] == 'CMD ["eios/bin/serve"]'
    assert users == ["USER eios"]
    assert (
        'HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-m", "eios.probe"]'
        in lines
    )
    assert "@eios/bin/serve" in (ROOT / "Makefile").read_text()
    assert "gunicorn -c eios/gunicorn.py" in (ROOT / "eios" / "bin" / "serve").read_text()


def test_no_secret_is_built_into_the_image():
    fixed = [line for line in instructions() if line.startswith(("ENV", "ARG", "COPY"))]

    assert [line for line in fixed if re.search("SECRET|PASSWORD|KEY|TOKEN", line)] == []
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignored[0] == "*"
    assert [line for line in ignored if line.startswith("!") and re.search(r"var|env|\.git", line)] == []


def test_everything_that_the_portal_needs_is_in_the_image():
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    packages = {path.parent.name for path in ROOT.glob("*/apps.py")}

    assert allowed >= packages | {"static", "templates", "manage.py", "pyproject.toml", "requirements.txt"}


def test_compose_gives_every_secret_from_outside_and_waits_for_the_database():
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    portal, database = services["portal"], services["database"]

    assert database["image"] == "postgres:17"
    assert portal["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert [portal["environment"][name].startswith(f"${{{name}:?") for name in SECRETS] == [True] * 3
    assert "${POSTGRES_PASSWORD:?" in portal["environment"]["DATABASE_URL"]
    assert portal["read_only"] is True
    assert portal["cap_drop"] == ["ALL"]
    assert portal["ports"] == ["127.0.0.1:${PORT:-8000}:8000"]
    assert "pg_isready" in database["healthcheck"]["test"][1]
