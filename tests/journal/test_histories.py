"""Histories of cells: who sees what of them, filters, files; the database keeps them as they were written (7.2)."""

import io

import openpyxl
import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import User
from eios.lib.dates import today
from journal.models import CellChange
from tests.factories import make_employee, make_parent, make_pupil, make_subject, sign_in
from tests.journal.factories import make_gradebook, make_lesson, make_load
from tests.journal.test_entry import Hall

pytestmark = [pytest.mark.django_db, pytest.mark.clause("7.2")]


@pytest.fixture
def hall(client, site):
    """«5», then «н», made «Б» by the class teacher; «4» typed late by the deputy head into another cell."""
    made = Hall(client)
    made.leader = make_employee(position="class_teacher", school_class=made.school_class, surname="Лидина")
    made.put("5", comment="Молодец")
    made.put("н", was="5")
    made.ask(made.leader, absences_of(made), reason_of(made))
    made.put("4", pupil=made.other, lesson=made.past, person=made.deputy, reason="Апелляция")
    return made


def absences_of(hall: Hall) -> str:
    return f"/journal/classes/{hall.school_class.pk}/absences/?week={hall.lesson.date}"


def reason_of(hall: Hall, **more) -> dict:
    days = {"starts": hall.lesson.date, "ends": hall.lesson.date}
    return {"pupil": hall.pupil.pk, "code": "ill", **days, **more}


def rows_of(hall: Hall, person: User, query: str = "") -> list[tuple]:
    answer = hall.ask(person, f"/journal/gradebooks/{hall.book.pk}/history/{query}")
    return [(one.change.pupil.surname, one.was, one.became, one.who.split("\N{NO-BREAK SPACE}")[0])
            for one in answer.context["rows"]]  # fmt: skip


def test_reasons_stay_with_those_whom_they_concern(hall):
    late = ("Ветров", "", "4", "Кузьмина")
    typed = [("Абаев", "5", "Н", "Белова"), ("Абаев", "", "5", "Белова")]
    assert rows_of(hall, hall.teacher) == [late, *typed]
    whole = [late, ("Абаев", "ОТ", "Б", "Лидина"), ("Абаев", "5", "ОТ", "Белова"), typed[1]]
    assert rows_of(hall, hall.leader) == whole
    assert rows_of(hall, hall.deputy) == whole
    cell = f"?date={hall.lesson.date}&slot=1&place=1&pupil={hall.pupil.pk}"
    assert rows_of(hall, hall.deputy, cell) == whole[1:]
    assert rows_of(hall, hall.deputy, "?late=on") == [late]
    assert rows_of(hall, hall.deputy, f"?by={hall.leader.pk}") == [whole[1]]
    assert rows_of(hall, hall.deputy, f"?date={hall.past.date}") == [late]
    assert rows_of(hall, hall.deputy, cell.replace("place=1", "place=2")) == []
    page = hall.ask(hall.teacher, f"/journal/gradebooks/{hall.book.pk}/history/").content.decode()
    assert ("Лидина" in page, "Молодец" in page, "Апелляция" in page) == (False, True, True)


def test_a_reason_given_in_the_grid_stays_with_them_too(hall):
    """The deputy head types it: neither the code, nor that it was given, nor the words beside it reach the teacher."""
    hall.put("н", pupil=hall.other, person=hall.deputy, reason="Перекличка")
    hall.put("б", was="ОТ", pupil=hall.other, person=hall.deputy, reason="Принёс справку")
    hall.put("б", pupil=hall.other, lesson=make_lesson(hall.book, date=hall.lesson.date, slot=2), person=hall.deputy,
             reason="Операция")  # fmt: skip
    pages = [f"/journal/gradebooks/{hall.book.pk}/history/{tail}" for tail in ("", "export/")]
    cell = f"?date={hall.lesson.date}&pupil={hall.other.pk}"
    own = [("Ветров", "", "Н", "Кузьмина")] * 2
    assert rows_of(hall, hall.teacher, cell) == own
    assert [one[1:3] for one in rows_of(hall, hall.leader, cell)] == [("", "Б"), ("ОТ", "Б"), ("", "ОТ")]
    for person, words in ((hall.teacher, (True, False, False)), (hall.leader, (True, True, True))):
        sheet = openpyxl.load_workbook(io.BytesIO(hall.ask(person, pages[1]).content)).active
        told = str(list(sheet.iter_rows(values_only=True)))
        for text in (hall.ask(person, pages[0]).content.decode(), told):
            assert tuple(one in text for one in ("Перекличка", "справку", "Операция")) == words


def test_files_say_the_same_and_others_are_refused_them(hall):
    page, late = f"/journal/gradebooks/{hall.book.pk}/history/", "/journal/entry/late/"

    def cells(person: User, address: str) -> list[tuple]:
        book = openpyxl.load_workbook(io.BytesIO(hall.ask(person, address).content))
        found = [tuple(row) for row in book.active.iter_rows(values_only=True)]
        head = next(place for place, row in enumerate(found) if row[0] == "Когда")
        return [(row[2].split()[0], row[4] or "", row[5], row[9] or "") for row in found[head + 1 :]]

    own = [("Ветров", "", "4", "Апелляция"), ("Абаев", "5", "Н", ""), ("Абаев", "", "5", "")]
    assert cells(hall.teacher, page + "export/") == own
    assert cells(hall.deputy, late + "export/") == own[:1]
    other = make_gradebook(school_class=hall.school_class, subject=make_subject("Химия"))
    make_load(hall.stranger, other)
    for person in (hall.stranger, hall.pupil, make_parent(child=hall.pupil)):
        for address in (page, page + "export/", late, late + "export/", absences_of(hall)):
            answers = (hall.ask(person, address), hall.ask(person, address, reason_of(hall, code="excused")))
            assert {one.status_code for one in answers} <= {403, 404, 405}
            assert all("Апелляция" not in one.content.decode() for one in answers)
    assert hall.ask(hall.teacher, late).status_code == 404
    assert hall.ask(hall.leader, late + "export/").status_code == 404
    assert CellChange.objects.count() == 4


def test_late_changes_of_the_school(hall):
    def found(query: str = "") -> list[str]:
        rows = hall.ask(hall.deputy, f"/journal/entry/late/{query}").context["rows"]
        return [one.change.reason for one in rows]

    assert found() == ["Апелляция"]
    assert found(f"?starts={today()}&ends={today()}&school_class={hall.school_class.pk}&by={hall.deputy.pk}") == found()
    assert found("?ends=2001-01-01") == []


def test_the_database_keeps_the_history_as_it_was_written(hall):
    first = CellChange.objects.order_by("pk").first()

    def replaced() -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE journal_cellchange SET became = '2' WHERE id = %s", [first.pk])

    for spoil in (
        lambda: CellChange.objects.filter(pk=first.pk).update(became="2"),
        lambda: CellChange.objects.filter(pk=first.pk).delete(),
        first.delete,
        replaced,
    ):
        with pytest.raises(DatabaseError, match="только дополняется"), transaction.atomic():
            spoil()
    assert CellChange.objects.filter(pk=first.pk, became="5").exists()


def test_nothing_was_changed_yet(hall):
    empty = make_gradebook(school_class=hall.school_class, subject=make_subject("Химия"), kept="here")
    make_pupil(school_class=hall.school_class)
    sign_in(hall.client, hall.deputy)
    answer = hall.client.get(f"/journal/gradebooks/{empty.pk}/history/")
    assert "Изменений пока нет" in answer.content.decode()
