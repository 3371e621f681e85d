"""Undoing an import: constant queries, and nothing that others have written since is lost (7.1, 11.2)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.batches.unpacking import Given
from accounts.models import AuditEntry
from journal.actions import imports as actions
from journal.models import Absence, Gradebook, Mark, Result
from tests import factories
from tests.journal.attesting import make_assessment
from tests.journal.importing import load, whole_journal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("subjects")]
ALICE, PETER = "Воронцова Алиса Игоревна", "Ёлкин Пётр"
YEAR = "Учебный год: 2026/2027\nКласс: 8А\n"


def days(subject: str, people: list[str], cells: list[str]) -> Given:
    """A page of September: everybody has the same cells, from the first on."""
    head = ";".join(["ФИО", "Сентябрь"]), ";".join(["", *(str(day) for day in range(1, len(cells) + 1))])
    lines = [f"{YEAR}Предмет: {subject}", *head, *(";".join([name, *cells]) for name in people)]
    return Given(f"{subject}.csv", "\n".join(lines).encode())


def term(people: list[str], **values: str) -> Given:
    lines = [f"{YEAR}Учебный период: 1 четверть", ";".join(["ФИО", *values])]
    lines += [";".join([name, *values.values()]) for name in people]
    return Given("итоги.csv", "\n".join(lines).encode())


def replaced_and_undone(subject: str, people: list[str], count: int, by) -> tuple[int, int]:
    """How many rows a second file replaces, and by how many queries they are brought back."""
    load([days(subject, people, ["5", "Н"] * count), term(people, **{subject: "5"})], by)
    before = whole_journal()
    batch = load([days(subject, people, ["4", ""] * count), term(people, **{subject: "4"})], by)
    assert batch.counts["gone"] == count * len(people)
    assert batch.counts["changed"] == (count + 1) * len(people)
    assert Absence.objects.filter(gradebook__subject__name=subject).count() == 0
    with CaptureQueriesContext(connection) as queries:
        actions.undo_batch(batch, reason="Не тот файл", by=by)
    assert whole_journal() == before
    entry = AuditEntry.objects.filter(action="import_batch.undone").latest("pk")
    assert (entry.object_id, entry.basis) == (str(batch.pk), "Не тот файл")
    return batch.counts["gone"] + batch.counts["changed"], len(queries)


def test_undoing_asks_no_query_for_each_row(pupil, another, by):
    few, queries = replaced_and_undone("Алгебра", [ALICE], 2, by)
    many, more = replaced_and_undone("Геометрия", [ALICE, PETER], 12, by)
    assert (few, many) == (5, 50)
    assert more == queries


def test_what_stands_in_the_place_of_a_removed_row_is_not_overwritten(pupil, by):
    load([days("Алгебра", [ALICE], ["5", "Н", "4"]), term([ALICE], Алгебра="5", Геометрия="4")], by)
    batch = load([days("Алгебра", [ALICE], ["5", "", ""]), term([ALICE], Алгебра="5", Геометрия="")], by)
    assert batch.counts["gone"] == 3
    book = Gradebook.objects.get(subject__name="Алгебра")
    other = Gradebook.objects.get(subject__name="Геометрия")
    place = {"gradebook": book, "pupil": pupil}
    result = {"pupil": pupil, "year": book.school_class.year, "subject": other.subject, "kind": "term", "number": 1}
    for make in (
        lambda: Mark.objects.create(value="3", date=datetime.date(2026, 9, 3), **place),
        lambda: Absence.objects.create(code="ill", date=datetime.date(2026, 9, 2), **place),
        lambda: Result.objects.create(value="3", gradebook=other, **result),
    ):
        own = make()
        before = whole_journal()
        with pytest.raises(ValidationError, match="правки на портале"):
            actions.undo_batch(batch, reason="Поздно", by=by)
        assert whole_journal() == before
        own.delete()
    Mark.objects.create(value="3", date=datetime.date(2026, 9, 3), place=2, **place)
    actions.undo_batch(batch, reason="Рядом, а не вместо", by=by)
    assert sorted(Mark.objects.filter(**place).values_list("value", flat=True)) == ["3", "4", "5"]


def test_a_gradebook_that_others_speak_of_stays(pupil, by):
    batch = load([days("Алгебра", [ALICE], ["5"]), days("Геометрия", [ALICE], ["5"])], by)
    make_assessment(Gradebook.objects.get(subject__name="Алгебра"))
    actions.undo_batch(batch, reason="Не тот файл", by=by)
    assert [book.subject.name for book in Gradebook.objects.all()] == ["Алгебра"]
    assert Mark.objects.count() == 0


def test_a_period_of_one_year_removes_nothing_of_another(pupil, school_class, by):
    """Files of two years at once: the first quarter of this year is in no file, so its results stay."""
    former = factories.make_class(grade=7, letter="А", year=factories.make_year(starts=datetime.date(2025, 9, 1)))
    factories.make_enrolment(pupil, former, starts=former.year.starts, ends=former.year.ends)
    load([term([ALICE], Алгебра="5")], by)
    second = term([ALICE], Алгебра="4").data.decode().replace("1 четверть", "2 четверть")
    earlier = term([ALICE], Алгебра="").data.decode().replace("2026/2027", "2025/2026").replace("8А", "7А")
    batch = load([Given("a.csv", second.encode()), Given("b.csv", earlier.encode())], by)
    assert (batch.counts["new"], batch.counts["gone"]) == (1, 0)
    assert sorted(Result.objects.values_list("number", "value")) == [(1, "5"), (2, "4")]
