"""How long loading the marks of a whole school takes; everything is taken back at the end. On a migrated database.

python -m tests.bench.imports [classes subjects]
"""

import io
import os
import sys
import time
from collections.abc import Callable

import django
import xlsxwriter
from django.db import connection, transaction

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eios.settings")
django.setup()

from accounts.actor import Actor  # noqa: E402 (models want Django set up)
from accounts.batches.unpacking import Given  # noqa: E402
from accounts.models import ImportBatch, User  # noqa: E402
from eios.lib.dates import today  # noqa: E402
from journal.actions import imports as actions  # noqa: E402
from journal.importing.plan import plan_of  # noqa: E402
from tests import factories  # noqa: E402

PUPILS, DAYS = 28, 25


def timed(title: str, work: Callable):
    """Does it, and prints a line: seconds and queries."""
    count = 0

    def counted(execute, *args):
        nonlocal count
        count += 1
        return execute(*args)

    with connection.execute_wrapper(counted):
        start = time.perf_counter()
        result = work()
        seconds = time.perf_counter() - start
    print(f"{title:<52} {seconds:6.2f} s {count:6} queries", flush=True)  # noqa: T201
    return result


def dated(year: int, name: str, subject: str, pupils: list[str], shift: int) -> bytes:
    days = [str(day) for day in range(1, DAYS + 1)]
    lines = [[f"Учебный год: {year}/{year + 1}"], [f"Класс: {name}"], [f"Предмет: {subject}"]]
    lines += [["№", "ФИО", "Сентябрь"], ["", "", *days]]
    cells = ["", "5", "4", "Н", "", "4 5", ""]
    for number, pupil in enumerate(pupils, 1):
        lines.append([str(number), pupil, *(cells[(number + day + shift) % 7] for day in range(DAYS))])
    return "\n".join(";".join(line) for line in lines).encode("cp1251")


def results(year: int, name: str, subjects: list[str], pupils: list[str], values: str) -> bytes:
    rows = [[f"Учебный год: {year}/{year + 1}"], [f"Класс: {name}"], ["Учебный период: 1 четверть"], ["ФИО", *subjects]]
    for at, pupil in enumerate(pupils):
        rows.append([pupil, *(values[(at + of) % 4].strip() for of in range(len(subjects)))])
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return buffer.getvalue()


def school(classes: int, subjects: int) -> tuple[int, dict[str, list[str]], list[str]]:
    """(first year, class → its pupils, subjects), of the school year that is over."""
    first = today().year - 1
    year = factories.make_year(starts=today().replace(year=first, month=9, day=1))
    titles = [factories.make_subject(f"Предмет {number}").name for number in range(subjects)]
    people = {}
    for number in range(classes):
        one = factories.make_class(grade=number % 10 + 2, letter="АБВГ"[number // 10], year=year)
        people[str(one)] = [
            factories.make_pupil(
                school_class=one, surname="Ученик", name=f"{'абвгдежзик'[at % 10]}{'абв'[at // 10]}",
                patronymic=f"{'абвгдежзик'[number % 10]}{'абвгд'[number // 10]}", starts=year.starts,
            ).get_full_name()
            for at in range(PUPILS)
        ]  # fmt: skip
    return first, people, titles


def load(what: str, files: list[Given], by: Actor) -> ImportBatch:
    batch = timed(f"{what}: take {len(files)} files", lambda: actions.take_files(files, source="bench", by=by))
    if batch.options.get("job"):
        timed(f"{what}: read", lambda: [actions.read_file(row) for row in batch.files.select_related("file")])
    batch = ImportBatch.objects.get(pk=batch.pk)
    plan = timed(f"{what}: plan", lambda: plan_of(batch, asker=by.person, date=today()))
    counts = timed(f"{what}: apply (plans once more)", lambda: actions.apply_batch(batch, seen=plan.mark, by=by))
    print(f"{what}: {dict(counts)}", flush=True)  # noqa: T201
    return batch


def undo(what: str, batch: ImportBatch, by: Actor) -> None:
    timed(f"{what}: undo", lambda: actions.undo_batch(batch, reason="Замер", by=by))


@transaction.atomic
def run(classes: int = 40, subjects: int = 15) -> None:
    person: User = factories.make_employee(position="deputy")
    by = Actor(person, None, person.username)
    year, people, titles = school(classes, subjects)

    def days(shift: int) -> list[Given]:
        return [
            Given(f"{name}-{at}.csv", dated(year, name, subject, pupils, at + shift))
            for name, pupils in people.items() for at, subject in enumerate(titles)
        ]  # fmt: skip

    def terms(values: str) -> list[Given]:
        return [Given(f"{name}.xlsx", results(year, name, titles, one, values)) for name, one in people.items()]

    first = load("days", days(0), by)
    undo("days again", load("days again", days(0), by), by)
    undo("days changed", load("days changed", days(1), by), by)
    undo("days", first, by)
    load("results", terms("5432"), by)
    undo("half of results", load("half of results", terms("5 3 "), by), by)
    transaction.set_rollback(True)


if __name__ == "__main__":
    run(*map(int, sys.argv[1:3]))
