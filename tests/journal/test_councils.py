"""Councils: propose, freeze, confirm by minutes, change with a reason (1.3 b)."""

import datetime
from decimal import Decimal

import pytest

from accounts.actor import Actor
from accounts.counters import waiting_for
from accounts.models import AuditEntry, User
from eios.lib.dates import today
from journal.models import Council, Result
from resources.actions.registry import load_registry
from tests.factories import make_class, make_employee, make_pupil, make_subject, sign_in
from tests.journal.attesting import make_council
from tests.journal.factories import make_gradebook, make_load, make_mark, make_result, make_terms

pytestmark = [pytest.mark.django_db, pytest.mark.clause("1.3 b")]
BY = Actor.command("проверка")


class School:
    """7 «А»: one gradebook kept here, one mirrored, two pupils."""

    def __init__(self, client):
        self.client = client
        load_registry(by=BY)
        self.seven = make_class(grade=7)
        make_terms(self.seven.year)
        self.here = make_gradebook(school_class=self.seven, subject=make_subject("Информатика"), kept="here")
        self.mirror = make_gradebook(school_class=self.seven, subject=make_subject("Алгебра"))
        self.teacher, self.stranger = make_employee(surname="Соловьёва"), make_employee(surname="Зайцева")
        for book in (self.here, self.mirror):
            make_load(self.teacher, book)
        self.deputy = make_employee(position="deputy")
        self.pupils = [make_pupil(school_class=self.seven, surname=name) for name in ("Абрамов", "Яшин")]

    def ask(self, person: User, address: str, data: dict | None = None):
        sign_in(self.client, User.objects.get(pk=person.pk))
        return self.client.get(address) if data is None else self.client.post(address, data)

    def propose(self, council: Council, *values: str, book=None, kind="term", by=None):
        """Fills in the page of a gradebook, pupil by pupil."""
        address = f"/journal/councils/{council.pk}/gradebooks/{(book or self.here).pk}/"
        form = self.ask(by or self.teacher, address).context["form"]
        data = {"seen": form["seen"].value()}
        data |= {f"result_{one.pk}_{kind}": value for one, value in zip(self.pupils, values, strict=True)}
        return self.ask(by or self.teacher, address, data)

    def do(self, council: Council, verb: str, data: dict | None = None, by=None):
        return self.ask(by or self.deputy, f"/journal/councils/{council.pk}/{verb}/", data or {})

    def waits(self, person: User) -> set[str]:
        found = waiting_for(User.objects.get(pk=person.pk), today())
        return {one.text for one in found if "результат" in one.text or "итог" in one.text}

    def values(self) -> list[tuple]:
        rows = Result.objects.filter(gradebook=self.here).order_by("pupil__sort_name", "kind")
        return [(one.pupil.surname, one.kind, one.value, one.council_id) for one in rows]


@pytest.fixture
def school7(client):
    return School(client)


MINUTES = {"minutes_number": "4", "minutes_date": "2026-12-29"}


def test_the_way_of_a_term(school7):
    """Called → proposed → frozen → opened again → confirmed → families see → changed with a reason."""
    data = {"what": "term-1", "classes": [school7.seven.pk], "date": "2026-10-30"}
    school7.ask(school7.deputy, "/journal/councils/add/", data)
    council = Council.objects.get()
    again = school7.ask(school7.deputy, "/journal/councils/add/", data)
    assert "уже созван: 7" in str(again.context["form"].errors)
    page = school7.ask(school7.teacher, f"/journal/councils/{council.pk}/").context
    assert (page["title"], page["missing"]) == ("Итоги: 1-я четверть", 4)
    assert school7.waits(school7.teacher) == {"Выставьте результаты: 1 журнал"}

    school7.propose(council, "5", "")
    assert school7.waits(school7.teacher) == {"Выставьте результаты: 1 журнал"}
    school7.propose(council, "5", "н/а")
    assert school7.waits(school7.teacher) == set()
    mine = [("Абрамов", "term", "5", None), ("Яшин", "term", "н/а", None)]
    assert (school7.values(), Result.objects.for_families().count()) == (mine, 0)

    assert school7.do(council, "freeze", by=school7.teacher).status_code == 404
    assert school7.do(council, "confirm", MINUTES).status_code == 200
    school7.do(council, "freeze")
    assert school7.waits(school7.deputy) == {"Ждёт утверждения итогов: 1 педсовет"}
    assert school7.propose(council, "2", "2").status_code == 404
    school7.do(council, "unfreeze")
    school7.propose(council, "4", "н/а")
    school7.do(council, "freeze")
    assert school7.do(council, "confirm", {"minutes_number": "", "minutes_date": ""}).status_code == 200
    assert school7.values()[0] == ("Абрамов", "term", "4", None)

    assert "Не хватает: 2 результата" in school7.do(council, "confirm", {"minutes_number": ""}).content.decode()
    assert school7.do(council, "confirm", MINUTES).status_code == 302
    assert school7.values() == [("Абрамов", "term", "4", council.pk), ("Яшин", "term", "н/а", council.pk)]
    assert Result.objects.for_families().count() == 2
    for verb in ("unfreeze", "freeze", "call-off"):
        school7.do(council, verb)
    council.refresh_from_db()
    assert (council.state, council.minutes_number) == ("confirmed", "4")

    row = Result.objects.get(value="4")
    address = f"/journal/councils/{council.pk}/results/{row.pk}/"
    assert school7.ask(school7.teacher, address, {"value": "5", "reason": "Хочу"}).status_code == 404
    assert school7.ask(school7.deputy, address, {"value": "5", "reason": " "}).status_code == 200
    assert school7.ask(school7.deputy, address, {"value": "5", "reason": "Ошибка учителя"}).status_code == 302
    assert school7.values()[0] == ("Абрамов", "term", "5", council.pk)
    entry = AuditEntry.objects.get(action="result.changed")
    assert (entry.basis, entry.changes) == ("Ошибка учителя", {"value": None})


def test_a_mirror_is_shown_as_it_is_and_others_are_refused(school7):
    council = make_council(school7.seven)
    make_result(school7.mirror, school7.pupils[0], value="3")
    page = school7.ask(school7.teacher, f"/journal/councils/{council.pk}/gradebooks/{school7.mirror.pk}/")
    assert (page.context["may_propose"], "во&nbsp;внешней системе" in page.content.decode()) == (False, True)
    assert school7.propose(council, "5", "5", book=school7.mirror).status_code == 404
    here = f"/journal/councils/{council.pk}/gradebooks/{school7.here.pk}/"
    other = make_council(make_class(grade=6))
    odd = f"/journal/councils/{other.pk}/gradebooks/{school7.here.pk}/"
    data = {f"result_{school7.pupils[0].pk}_term": "5", "seen": "x"}
    asked = [school7.ask(one, here, data).status_code for one in (school7.stranger, school7.pupils[0])]
    assert (asked, school7.ask(school7.deputy, odd).status_code) == ([404, 403], 404)
    stale = school7.ask(school7.teacher, here, data)
    assert "результаты изменились" in str(stale.context["form"].errors)
    wrong = school7.ask(school7.teacher, here, data | {f"result_{school7.pupils[0].pk}_term": "зач"})
    assert wrong.context["form"].errors
    assert [one.value for one in Result.objects.all()] == ["3"]
    # A teacher's list holds the own gradebooks only, and says what is missing there.
    lines = school7.ask(school7.stranger, f"/journal/councils/{council.pk}/").context["lines"]
    missing = [one.missing for one in school7.ask(school7.teacher, f"/journal/councils/{council.pk}/").context["lines"]]
    assert (lines, sorted(missing)) == ([], [1, 2])


def test_averages_stand_beside_by_the_days_of_the_term(school7):
    """(5·1 + 2·2) / 3 = 3.00; the mark of the second term is not in it."""
    council = make_council(school7.seven)
    pupil, first = school7.pupils[0], school7.seven.year.starts
    make_mark(school7.here, pupil, value="5", date=first)
    make_mark(school7.here, pupil, value="2", date=first + datetime.timedelta(days=3), weight=2)
    make_mark(school7.here, pupil, value="5", date=datetime.date(first.year, 11, 20))
    page = school7.ask(school7.teacher, f"/journal/councils/{council.pk}/gradebooks/{school7.here.pk}/")
    assert [line.average for line, _ in page.context["rows"]] == [Decimal("3.00"), None]
    # On a telephone a result says what it is.
    assert 'data-label="Результат"' in page.content.decode()
    # The average proposes where nothing stands; nothing is saved until the teacher does it.
    choices = [f'value="{one}" selected' for one in "543"]
    filled = school7.ask(school7.teacher, f"/journal/councils/{council.pk}/gradebooks/{school7.here.pk}/?fill")
    assert [[one in answer.content.decode() for one in choices] for answer in (page, filled)] == [
        [False, False, False], [False, False, True]
    ]  # fmt: skip
    assert not Result.objects.exists()
    grid = school7.ask(school7.teacher, f"/journal/gradebooks/{school7.here.pk}/").content.decode()
    assert f"/journal/councils/{council.pk}/gradebooks/{school7.here.pk}/" in grid
    school7.propose(council, "4", "")
    assert Result.objects.get().average == Decimal("3.00")


def test_a_council_of_the_year_takes_exams_and_finals_too(school7):
    council = make_council(school7.seven, kind="year", number=0)
    school7.propose(council, "4", "5", kind="year")
    school7.propose(council, "5", "", kind="final")
    school7.do(council, "freeze")
    school7.do(council, "confirm", MINUTES)
    assert school7.values() == [
        ("Абрамов", "final", "5", council.pk),
        ("Абрамов", "year", "4", council.pk),
        ("Яшин", "year", "5", council.pk),
    ]
