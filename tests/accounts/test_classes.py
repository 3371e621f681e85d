"""Class pages and the school's report: who has accepted the agreement, who has not, papers, XLSX."""

import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.actor import Actor
from accounts.models import Acceptance, Appointment, AuditEntry, Block, Relation, User
from resources.actions.registry import load_registry
from tests.factories import (
    LONG_AGO,
    make_class,
    make_edition,
    make_employee,
    make_parent,
    make_person,
    make_position,
    make_pupil,
    make_year,
    sign_in,
)

pytestmark = pytest.mark.django_db
Kind = Acceptance.Kind
TODAY = datetime.date.today()
DAY = datetime.timedelta(days=1)
REPORT, EXPORT = "/agreement/report/", "/agreement/report/export/"


@pytest.fixture(autouse=True)
def edition():
    load_registry(by=Actor.command("tests"))
    return make_edition()


def give(person: User, edition, *kinds: Kind, by: User | None = None) -> None:
    for kind in kinds:
        Acceptance.objects.create(person=person, edition=edition, kind=kind, by=by or person)


def leader_of(school_class, **fields) -> User:
    return make_employee(position="class_teacher", school_class=school_class, **fields)


def page_of(school_class) -> str:
    return reverse("accounts:class_agreement", args=[school_class.pk])


def paper_of(school_class) -> str:
    return reverse("accounts:class_agreement_paper", args=[school_class.pk])


def kinds_of(person: User) -> list[str]:
    return list(person.acceptances.order_by("pk").values_list("kind", flat=True))


# Classes


def test_a_class_teacher_sees_the_own_class_and_its_debts(client, edition):
    own, other = make_class(grade=5), make_class(grade=6, letter="Б")
    leader = leader_of(own, surname="Соловьёва", name="Ольга", patronymic="")
    accepted, _, gone = make_pupil(school_class=own), make_pupil(school_class=own), make_pupil(school_class=own)
    give(accepted, edition, Kind.SELF)
    Block.objects.create(person=gone, reason="Пароль потерян")
    sign_in(client, leader)
    page = client.get("/classes/").content.decode()
    assert (own.name in page, other.name in page, "Соловьёва Ольга" in page) == (True, False, True)
    assert ("2 обучающихся" in page, "не приняли: 1" in page) == (True, True)


def test_the_management_sees_all_classes_of_the_year(client):
    own, other = make_class(grade=5), make_class(grade=6, letter="Б")
    old = make_class(grade=4, letter="В", year=make_year(starts=datetime.date(2021, 9, 1)))
    for person in (make_employee(position="deputy"), make_person(is_superuser=True)):
        sign_in(client, person)
        page = client.get("/classes/").content.decode()
        assert [one.name in page for one in (own, other, old)] == [True, True, False]


def test_a_teacher_without_a_class_is_told_so(client):
    make_class(grade=7)
    sign_in(client, make_employee())
    page = client.get("/classes/").content.decode()
    assert ("Своего класса пока нет" in page, "7\xa0«А»" in page) == (True, False)


def test_states_of_a_class(client, edition):
    room = make_class(grade=5)
    leader = leader_of(room, surname="Орлова", name="Мария", patronymic="Петровна")
    settled = make_pupil(school_class=room, age=11, surname="Алексеев")
    give(settled, edition, Kind.PAPER, by=leader)
    give(settled, edition, Kind.CHILD)
    ticked = make_pupil(school_class=room, age=11, surname="Борисов")
    give(ticked, edition, Kind.CHILD)
    paper = make_pupil(school_class=room, age=11, surname="Власов")
    give(paper, edition, Kind.PAPER, by=leader)
    make_pupil(school_class=room, age=14, surname="Громов")
    make_pupil(school_class=make_class(grade=6), surname="Чужой")
    sign_in(client, leader)
    answer = client.get(page_of(room))
    lines = [(row.person.surname, row.state.lacks) for row in answer.context["rows"]]
    assert lines == [
        ("Алексеев", ""),
        ("Борисов", "ждём родителя"),
        ("Власов", "нет отметки ребёнка"),
        ("Громов", "не принято"),
    ]
    page = answer.content.decode()
    assert ("3 из&nbsp;4" in page, "Чужой" in page, "Орлова\xa0М.\xa0П." in page) == (True, False, True)
    assert f"родитель на бумаге, {TODAY:%d.%m.%Y}" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Алексеев", "Борисов"]),
        ("?state=waiting", ["Борисов"]),
        ("?state=accepted", ["Алексеев"]),
        ("?state=zzz", ["Алексеев", "Борисов"]),
    ],
)
def test_the_filter_stands_in_the_address(client, edition, query, expected):
    room = make_class()
    give(make_pupil(school_class=room, surname="Алексеев"), edition, Kind.SELF)
    make_pupil(school_class=room, surname="Борисов")
    sign_in(client, leader_of(room))
    rows = client.get(page_of(room) + query).context["rows"]
    assert [row.person.surname for row in rows] == expected


@pytest.mark.parametrize(("method", "suffix"), [("get", ""), ("get", "paper/"), ("post", "paper/")])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("teacher", 404),
        ("other leader", 404),
        ("former leader of two", 404),
        ("former leader", 403),
        ("future leader", 403),
        ("classmate", 403),
        ("parent", 403),
    ],
)
def test_other_classes_are_not_found(client, school, who, status, method, suffix):
    school(parents_have_cabinets=True)
    room, other = make_class(grade=5), make_class(grade=6)
    pupil = make_pupil(school_class=room, surname="Секретов")
    visitors = {
        "teacher": lambda: make_employee(),
        "other leader": lambda: leader_of(other),
        "former leader of two": lambda: led_before(room, leader_of(other)),
        "former leader": lambda: leader_of(room, ends=TODAY - DAY),
        "future leader": lambda: leader_of(room, starts=TODAY + DAY),
        "classmate": lambda: make_pupil(school_class=room),
        "parent": lambda: make_parent(child=pupil),
    }
    sign_in(client, visitors[who]())
    answer = getattr(client, method)(page_of(room) + suffix, {"pupil": pupil.pk})
    assert (answer.status_code, "Секретов" in answer.content.decode(), kinds_of(pupil)) == (status, False, [])


def led_before(room, leader: User) -> User:
    position = make_position("class_teacher")
    Appointment.objects.create(person=leader, position=position, school_class=room, starts=LONG_AGO, ends=TODAY - DAY)
    return leader


# Papers


@pytest.mark.clause("6.4")
def test_papers_are_recorded_together_after_names_are_shown_once_more(client, edition):
    room = make_class()
    leader = leader_of(room)
    young, grown = make_pupil(school_class=room, age=12, surname="Ёлкин"), make_pupil(school_class=room, surname="Ким")
    make_pupil(school_class=room, surname="Третий")
    sign_in(client, leader)
    page = client.get(page_of(room)).content.decode()
    assert page.count('name="pupil"') == 3
    confirm = client.get(paper_of(room), {"pupil": [young.pk, grown.pk]}).content.decode()
    assert [name in confirm for name in ("Ёлкин", "Ким", "Третий")] == [True, True, False]
    assert not Acceptance.objects.exclude(person=leader).exists()
    answer = client.post(paper_of(room), {"pupil": [young.pk, grown.pk]}, follow=True)
    assert answer.redirect_chain == [(page_of(room), 302)]
    assert "На бумаге внесено: 2 соглашения." in answer.content.decode()
    assert (kinds_of(young), kinds_of(grown)) == (["paper"], ["own_paper"])
    assert set(Acceptance.objects.exclude(person=leader).values_list("by", "address")) == {(leader.pk, "127.0.0.1")}
    assert AuditEntry.objects.filter(action="agreement.accepted", actor=leader).count() == 2


def test_all_boxes_can_come_ticked(client):
    room = make_class()
    for _ in range(3):
        make_pupil(school_class=room)
    sign_in(client, leader_of(room))
    pages = [client.get(page_of(room) + query).content.decode() for query in ("", "?ticked=on")]
    assert [page.count(" checked>") for page in pages] == [0, 3]


def test_papers_twice_change_nothing(client):
    room = make_class()
    pupil = make_pupil(school_class=room)
    sign_in(client, leader_of(room))
    for _ in range(2):
        answer = client.post(paper_of(room), {"pupil": pupil.pk}, follow=True)
    assert (kinds_of(pupil), "На бумаге внесено: 0 соглашений." in answer.content.decode()) == (["own_paper"], True)


@pytest.mark.parametrize("ticked", ["nobody", "stranger", "huge", "words", "nul"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_wrong_ticks_record_nothing(client, ticked, method):
    room = make_class()
    pupil, stranger = make_pupil(school_class=room), make_pupil(school_class=make_class(grade=6), surname="Секретов")
    sign_in(client, leader_of(room))
    keys = {
        "nobody": [],
        "stranger": [pupil.pk, stranger.pk],
        "huge": ["9" * 60],
        "words": ["'--"],
        "nul": ["1\x00"],
    }[ticked]
    if (ticked, method) == ("nul", "get"):
        assert client.get(paper_of(room), {"pupil": keys}).status_code == 400
        return
    answer = getattr(client, method)(paper_of(room), {"pupil": keys}, follow=True)
    assert answer.redirect_chain == [(page_of(room), 302)]
    assert ("Секретов" in answer.content.decode(), kinds_of(pupil), kinds_of(stranger)) == (False, [], [])


def test_pages_of_a_class_without_an_edition(client, edition):
    room = make_class()
    make_pupil(school_class=room, surname="Ёлкин")
    leader = leader_of(room)
    sign_in(client, leader)
    Acceptance.objects.all().delete()
    edition.delete()
    # The gate is shut for everybody then, the class teacher too.
    assert client.get(page_of(room)).url == f"/agreement/?next=%2Fclasses%2F{room.pk}%2Fagreement%2F"


# The report


@pytest.fixture
def school_of_five(edition, school):
    """A deputy, a teacher who is a parent, two pupils, one of them accepted, and people who do not count."""
    school(parents_have_cabinets=True)
    room, other = make_class(grade=5), make_class(grade=6)
    deputy = make_employee(position="deputy", surname="Белая", name="Елена")
    accepted = make_pupil(school_class=room, surname="Алексеев")
    waiting = make_pupil(school_class=other, surname="Борисов")
    teacher = make_parent(child=waiting, surname="Соловьёва")
    Appointment.objects.create(person=teacher, position=make_position(), starts=LONG_AGO)
    for person in (accepted, deputy):
        give(person, edition, Kind.SELF)
    make_pupil(school_class=room, surname="Ушедший", ends=TODAY - DAY)
    Block.objects.create(person=make_employee(surname="Закрытый"), reason="Пароль потерян")
    make_person(surname="Никто")
    return deputy


def found(client, query="") -> list[str]:
    return [row.person.surname for row in client.get(REPORT + query).context["rows"]]


@pytest.mark.clause("6.4")
def test_the_report_counts_living_accounts_only(client, school_of_five):
    sign_in(client, school_of_five)
    answer = client.get(REPORT)
    shares = [(share.of, share.people, share.waiting) for share in answer.context["groups"]]
    assert shares == [("Все", 4, 2), ("Обучающиеся", 2, 1), ("Работники", 2, 1), ("Родители", 1, 1)]
    classes = [(str(share.of), share.people, share.waiting) for share in answer.context["classes"]]
    assert classes == [("5\xa0«А»", 1, 0), ("6\xa0«А»", 1, 1)]
    assert "Не приняли: 2 из&nbsp;4" in answer.content.decode()
    assert found(client) == ["Алексеев", "Белая", "Борисов", "Соловьёва"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?state=waiting", ["Борисов", "Соловьёва"]),
        ("?state=accepted&group=pupils", ["Алексеев"]),
        ("?group=staff", ["Белая", "Соловьёва"]),
        ("?group=parents", ["Соловьёва"]),
        ("?q=соловьева", ["Соловьёва"]),
        ("?q=СОЛОВЬЁВА&group=pupils", []),
        ("?group=nonsense&state=1&school_class=x", ["Алексеев", "Белая", "Борисов", "Соловьёва"]),
        ("?page=-1", ["Алексеев", "Белая", "Борисов", "Соловьёва"]),
    ],
)
def test_filters_of_the_report(client, school_of_five, query, expected):
    sign_in(client, school_of_five)
    assert found(client, query) == expected


def test_a_class_is_chosen_and_filters_stay(client, school_of_five):
    sign_in(client, school_of_five)
    room = make_class(grade=6)
    assert found(client, f"?school_class={room.pk}") == ["Борисов"]
    page = client.get(f"{REPORT}?school_class={room.pk}&state=waiting").content.decode()
    assert f'href="{EXPORT}?school_class={room.pk}&amp;state=waiting"' in page
    assert f'href="?school_class={room.pk}&amp;state=accepted"' in page


@pytest.mark.parametrize("url", [REPORT, EXPORT])
@pytest.mark.parametrize(
    "who", ["teacher", "leader", "method_group_head", "pupil", "credentials_officer", "informatics_support"]
)
def test_the_report_is_for_the_management(client, school_of_five, url, who):
    room = make_class(grade=5)
    visitor = leader_of(room) if who == "leader" else make_pupil() if who == "pupil" else make_employee(position=who)
    sign_in(client, visitor)
    answer = client.get(url)
    assert (answer.status_code, "Борисов" in answer.content.decode()) == (403, False)


@pytest.mark.parametrize("who", ["director", "system_administrator"])
def test_director_and_system_administrator_see_the_report(client, school_of_five, who):
    sign_in(client, make_employee(position=who))
    assert client.get(REPORT).status_code == 200


def sheet_of(answer) -> list[list]:
    book = load_workbook(io.BytesIO(answer.content))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


@pytest.mark.clause("12.1")
def test_the_list_as_a_workbook_names_its_source(client, school_of_five, school):
    card = school(portal_name="ЭИОС школы № 29", short_name="МКОУ ООШ № 29")
    sign_in(client, school_of_five)
    answer = client.get(EXPORT + "?state=waiting")
    rows = sheet_of(answer)
    assert rows[0][0] == f"Соглашение, Редакция №1 от {LONG_AGO:%d.%m.%Y}"
    assert rows[1][0] == f"Источник: {card.portal_name}, {card.short_name}. Составлено {TODAY:%d.%m.%Y}."
    assert rows[3] == ["Фамилия, имя, отчество", "Кто", "Соглашение", "Когда", "Как и кем внесено"]
    assert [row[:3] for row in rows[4:]] == [
        ["Борисов Анна Сергеевна", "6\xa0«А»", "не принято"],
        ["Соловьёва Анна Сергеевна", "teacher, родитель", "не принято"],
    ]
    disposition = answer["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''%D0%A1%D0%BE%D0%B3")
    assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_who_recorded_a_paper_stands_in_the_workbook(client, school_of_five, edition):
    leader = make_employee(surname="Орлова", name="Мария", patronymic="Петровна")
    child = make_pupil(age=12, surname="Яшин")
    give(child, edition, Kind.PAPER, by=leader)
    give(child, edition, Kind.CHILD)
    sign_in(client, school_of_five)
    row = sheet_of(client.get(EXPORT + "?q=Яшин"))[4]
    assert (row[2], row[4]) == ("принято", "родитель на бумаге (Орлова\xa0М.\xa0П.); ребёнок, простой текст")
    assert datetime.datetime.strptime(row[3], "%d.%m.%Y %H:%M").date() == TODAY


@pytest.mark.parametrize("text", ["=1+1", "+7", "-1", "@SUM(A1)", "\tx", '=HYPERLINK("http://e.x")', "http://e.x", "7"])
def test_words_in_a_workbook_are_never_formulas(client, school_of_five, edition, text):
    make_pupil(surname=text, name="Я", patronymic="")
    sign_in(client, school_of_five)
    book = load_workbook(io.BytesIO(client.get(EXPORT).content))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.hyperlink for cell in cells} == {None}
    assert f"{text} Я" in [cell.value for cell in cells]


# Queries


def fill(room, edition, number: int) -> None:
    for n in range(number):
        pupil = make_pupil(school_class=room, age=12 if n % 2 else 15)
        give(pupil, edition, Kind.PARENT, Kind.CHILD) if n % 3 else None
        make_parent(child=pupil)
        make_employee()


@pytest.mark.parametrize("path", ["/classes/", "class", REPORT, REPORT + "?whole=on", EXPORT, "children"])
def test_queries_do_not_grow_with_rows(client, edition, school, path):
    school(parents_have_cabinets=True)
    room = make_class()
    deputy = make_employee(position="deputy")
    fill(room, edition, 1)
    child = User.objects.with_standing(TODAY).filter(standing_pupil=True).get()
    Relation.objects.create(parent=deputy, pupil=child, kind="mother", starts=LONG_AGO)
    url = {"class": page_of(room), "children": "/agreement/children/"}.get(path, path)
    sign_in(client, deputy)
    few = queries(client, url)
    fill(room, edition, 30)
    for n in range(4):
        make_class(grade=7, letter="АБВГ"[n])
    for pupil in User.objects.with_standing(TODAY).filter(standing_pupil=True).exclude(pk=child.pk):
        Relation.objects.create(parent=deputy, pupil=pupil, kind="mother", starts=LONG_AGO)
    assert queries(client, url) == few
    assert few <= 16


def queries(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as context:
        assert client.get(url).status_code == 200
    return len(context)
