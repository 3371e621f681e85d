"""Everything that must pass, stage by stage: `make test`. With --proof, the long suites: `make proof`.

A stage that can't run here says why and is skipped; with CI=true it fails instead, and so does any skipped test.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from eios.keys import production_settings
from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI", "").lower() == "true"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
TEMPLATES = ["templates", *sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("*/templates"))]
# pytest's closing line: «== 3 failed, 12 passed, 1 skipped in 4.05s ==».
COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed)")
CLOSING_LINE = re.compile(r"^=* ?(?:\d+ [a-z]+(?:, )?)+ in [\d.]+s")


# The tests make their own SQLite file, even where DATABASE_URL names a server.
SQLITE = {"DATABASE_URL": ""}


# What no database changes: who opens which page, headers, starting, linters' own. `make proof` runs them on PostgreSQL
# too; on SQLite they run always.
ALIKE = (
    "tests/test_matrix.py",
    "tests/test_headers.py",
    "tests/test_bad_requests.py",
    "tests/test_architecture.py",
    "tests/eios/test_startup.py",
    "tests/accounts/test_admin.py",
    "tests/test_clauses.py",
    "tests/lib",
    "tests/resources/courses/test_dialect.py",
)


@dataclass
class Stage:
    """One command and what came of it."""

    title: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    unavailable: str = ""
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    note: str = ""

    def run(self) -> None:
        print(f"\n== {self.title}", flush=True)
        if self.unavailable:
            self._give_up(self.unavailable)
            return
        began = time.monotonic()
        code = self._watch()
        self.seconds = time.monotonic() - began
        if code and not self.failed:
            self.failed = 1
        if IN_CI and self.skipped:
            self.failed, self.note = self.failed + self.skipped, "пропуски в CI запрещены"

    def _give_up(self, reason: str) -> None:
        self.note = f"пропущено: {reason}"
        self.failed, self.skipped = (1, 0) if IN_CI else (0, 1)
        print(self.note)

    def _watch(self) -> int:
        """Run the command, show what it prints, count what pytest's closing line says; its exit code."""
        with subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=os.environ | self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process:
            for line in process.stdout:
                print(line, end="", flush=True)
                if CLOSING_LINE.match(line):
                    self._count(line)
        return process.returncode

    def _count(self, line: str) -> None:
        counts = {name.rstrip("s"): int(number) for number, name in COUNT.findall(line)}
        self.passed, self.skipped = counts.get("passed", 0), counts.get("skipped", 0)
        self.failed = counts.get("failed", 0) + counts.get("error", 0)

    @property
    def line(self) -> str:
        mark = "не прошло" if self.failed else "пропущено" if self.unavailable else "прошло"
        tests = f", тестов {self.passed}" if self.passed else ""
        return f"  {self.title:<34} {mark:<10} {self.seconds:6.1f} с{tests}{'  ' + self.note if self.note else ''}"


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def linters() -> list[Stage]:
    return [
        Stage("ruff check", python("-m", "ruff", "check", ".")),
        Stage("ruff format --check", python("-m", "ruff", "format", "--check", ".")),
        Stage("djlint", python("-m", "djlint", "--quiet", "--lint", *[t for t in TEMPLATES if (ROOT / t).exists()])),
    ]


def django_checks(folder: str) -> list[Stage]:
    """Checks under the settings of a real portal; they may leave an empty database in `folder`."""
    live = production_settings("school.example") | {
        "DATABASE_URL": f"sqlite:///{folder}/nothing.sqlite3",
        "TRUSTED_PROXIES": "1",
        "DEBUG": "false",
    }
    manage = python("manage.py")
    return [
        Stage("makemigrations --check", [*manage, "makemigrations", "--check", "--dry-run"], live),
        Stage("check --deploy", [*manage, "check", "--deploy", "--fail-level", "WARNING"], live),
    ]


def suites() -> list[Stage]:
    pytest = python("-m", "pytest", "-n", "2", "-q", "--durations=5", "-m")
    ordinary = [*pytest, "not browser and not slow"]
    return [
        Stage("pytest, SQLite", ordinary, SQLITE),
        on_postgresql("pytest, PostgreSQL", [*ordinary, *(f"--ignore={path}" for path in ALIKE)]),
        in_browser([*pytest, "browser and not slow"]),
    ]


def proofs() -> list[Stage]:
    slow = python("-m", "pytest", "-q", "-m", "slow")
    alike = python("-m", "pytest", "-n", "2", "-q", "-m", "not slow", *ALIKE)
    return [
        Stage("pytest -m slow, SQLite", slow, SQLITE),
        on_postgresql("pytest -m slow, PostgreSQL", slow),
        on_postgresql("остальное, PostgreSQL", alike),
    ]


def on_postgresql(title: str, command: list[str]) -> Stage:
    if os.environ.get("DATABASE_URL", "").startswith(("postgres:", "postgresql:")):
        return Stage(title, command)
    if postgres.find_binaries():
        return Stage(title, [*python("-m", "tests.postgres", "--"), *command])
    return Stage(title, command, unavailable="нет ни DATABASE_URL с PostgreSQL, ни программ сервера")


def in_browser(command: list[str]) -> Stage:
    browser = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    title = "pytest, браузер"
    if not browser:
        return Stage(title, command, unavailable="нет Chromium (пакет chromium)")
    installed = subprocess.run([ROOT / "eios" / "bin" / "install", "requirements-browser.txt"], cwd=ROOT, check=False)
    if installed.returncode:
        return Stage(title, command, unavailable="не поставились пакеты из requirements-browser.txt")
    return Stage(title, command, SQLITE | {"CHROMIUM": browser})


def main(arguments: list[str]) -> int:
    began = time.monotonic()
    # Tests start a hundred processes of the portal; each would compile all of it anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as folder:
        stages = proofs() if "--proof" in arguments else [*linters(), *django_checks(folder), *suites()]
        for stage in stages:
            stage.run()
    print("\n" + "\n".join(stage.line for stage in stages))
    print(f"  {'всего':<45} {time.monotonic() - began:6.1f} с\n")
    failed, skipped = sum(stage.failed for stage in stages), sum(stage.skipped for stage in stages)
    closing = f"{sum(stage.passed for stage in stages)} passed, {failed} failed"
    print(f"{closing}, {skipped} skipped" if skipped else closing)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
