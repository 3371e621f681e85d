"""Consents of a class: who has and hasn't, papers, the blank, XLSX; the school's report; scans."""

import datetime
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts import consents
from accounts.actor import Actor
from accounts.models import Consent, ConsentKind, StoredFile, User
from eios.lib.dates import start_of_day
from resources.actions.registry import load_registry
from tests.factories import (
    LONG_AGO,
    make_class,
    make_consent,
    make_consent_text,
    make_employee,
    make_parent,
    make_pupil,
    sign_in,
)
from tests.samples import picture

pytestmark = pytest.mark.django_db
TODAY = datetime.date.today()
DAY = datetime.timedelta(days=1)
REPORT, EXPORT = "/consents/report/", "/consents/report/export/"


@pytest.fixture(autouse=True)
def text():
    load_registry(by=Actor.command("tests"))
    return make_consent_text()


@pytest.fixture
def room():
    return make_class(grade=8)


@pytest.fixture
def leader(client, room) -> User:
    """The class teacher of 8 «А», signed in."""
    person = make_employee(position="class_teacher", school_class=room, surname="Орлова", name="Мария")
    sign_in(client, person)
    return person


def url(room, suffix="") -> str:
    return f"/classes/{room.pk}/consents/{suffix}"


def capacities(pupil: User) -> list[str]:
    return list(pupil.consents.order_by("pk").values_list("capacity", flat=True))


# Who has and hasn't


def test_class_consents_of_all_kinds_and_of_one(client, room, leader, text):
    make_consent_text(kind="portfolio")
    given = make_pupil(school_class=room, age=12, surname="Алексеев")
    make_consent(given, by=make_parent(child=given, surname="Алексеева"), text=text)
    make_pupil(school_class=room, age=15, surname="Борисов")
    make_pupil(school_class=make_class(grade=9), surname="Чужой")
    answer = client.get(url(room))
    rows = [(row.person.surname, [one.words for one in row.states]) for row in answer.context["rows"]]
    assert rows == [
        ("Алексеев", ["дано", "ждём родителя"]),
        ("Борисов", ["ждём родителя и обучающегося"] * 2),
    ]
    html = client.get(url(room) + "?kind=processing").content.decode()
    assert [word in html for word in ("Алексеева", "Чужой", "Показ портфолио: ")] == [True, False, False]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Алексеев", "Борисов"]),
        ("?state=given", ["Алексеев"]),
        ("?kind=processing&state=missing", ["Борисов"]),
        ("?kind=zzz&state=zzz", ["Алексеев", "Борисов"]),
    ],
)
def test_the_filter_stands_in_the_address(client, room, leader, text, query, expected):
    given = make_pupil(school_class=room, age=12, surname="Алексеев")
    make_consent(given, by=make_parent(child=given), text=text)
    make_pupil(school_class=room, surname="Борисов")
    assert [row.person.surname for row in client.get(url(room) + query).context["rows"]] == expected


def test_without_texts_the_page_says_so(client, room, leader, text):
    text.delete()
    make_pupil(school_class=room)
    assert "Тексты согласий ещё не опубликованы" in client.get(url(room)).content.decode()


@pytest.mark.parametrize(
    ("method", "suffix"),
    [
        ("get", ""),
        ("get", "export/"),
        ("get", "processing/blank/?named=on"),
        ("get", "paper/"),
        ("post", "paper/"),
        ("get", "{row}/withdraw/"),
        ("post", "{row}/withdraw/"),
    ],
)
@pytest.mark.parametrize(
    ("who", "status"),
    [("teacher", 404), ("other leader", 404), ("former leader", 403), ("classmate", 403), ("parent", 403)],
)
def test_other_classes_are_not_found(client, school, room, text, who, status, method, suffix):
    school(parents_have_cabinets=True)
    pupil = make_pupil(school_class=room, surname="Секретов")
    row = make_consent(pupil, by=make_parent(child=pupil), text=text)
    leads = {"position": "class_teacher"}
    visitors = {
        "teacher": make_employee,
        "other leader": lambda: make_employee(**leads, school_class=make_class(grade=9)),
        "former leader": lambda: make_employee(**leads, school_class=room, ends=TODAY - DAY),
        "classmate": lambda: make_pupil(school_class=room),
        "parent": lambda: make_parent(child=pupil),
    }
    sign_in(client, visitors[who]())
    values = {"kind": "processing", "pupil": pupil.pk, "signed_on": TODAY, f"own_{pupil.pk}": "on", "note": "Заявление"}
    answer = getattr(client, method)(url(room, suffix.format(row=row.pk)), values if "?" not in suffix else None)
    assert (answer.status_code, "Секретов" in answer.content.decode()) == (status, False)
    assert list(pupil.consents.values_list("pk", "withdrawn_at")) == [(row.pk, None)]


# Papers


def test_class_consents_paper_names_the_signers_and_records_them_together(client, room, leader, text):
    young = make_pupil(school_class=room, age=12, surname="Ёлкин")
    mother = make_parent(child=young, surname="Ёлкина", name="Светлана", patronymic="")
    grown = make_pupil(school_class=room, age=15, surname="Ким")
    ticked = {"kind": "processing", "pupil": [young.pk, grown.pk]}
    html = client.get(url(room, "paper/"), ticked).content.decode()
    assert ("Ёлкина Светлана, мать" in html, f'name="own_{young.pk}"' in html, 'name="scan"' in html) == (
        True, False, False,
    )  # fmt: skip
    assert not Consent.objects.exists()
    signed = {f"parent_{young.pk}": mother.pk, f"parent_{grown.pk}": "0", f"own_{grown.pk}": "on"}
    answer = client.post(url(room, "paper/"), ticked | signed | {"signed_on": TODAY - DAY}, follow=True)
    assert answer.redirect_chain == [(url(room) + "?kind=processing", 302)]
    assert "На бумаге внесено: 3 подписи." in answer.content.decode()
    rows = Consent.objects.order_by("pk").values_list("subject", "capacity", "given_by", "recorded_by", "how")
    assert list(rows) == [
        (young.pk, "parent", mother.pk, leader.pk, "paper"),
        (grown.pk, "parent", None, leader.pk, "paper"),
        (grown.pk, "pupil", grown.pk, leader.pk, "paper"),
    ]
    assert Consent.objects.first().given_at == start_of_day(TODAY - DAY)


def test_of_several_parents_nobody_is_guessed(client, room, leader):
    pupil = make_pupil(school_class=room, age=12)
    father = [make_parent(child=pupil, kind=kind) for kind in ("mother", "father")][1]
    ticked = {"kind": "processing", "pupil": pupil.pk, "signed_on": TODAY}
    answer = client.post(url(room, "paper/"), ticked)
    assert ("Выберите, кто подписал." in answer.content.decode(), capacities(pupil)) == (True, [])
    client.post(url(room, "paper/"), ticked | {f"parent_{pupil.pk}": father.pk})
    assert Consent.objects.get().given_by == father


def test_a_stranger_can_not_be_named_as_the_signer(client, room, leader):
    pupil, stranger = make_pupil(school_class=room, age=12), make_employee()
    values = {"kind": "processing", "pupil": pupil.pk, "signed_on": TODAY, f"parent_{pupil.pk}": stranger.pk}
    assert (client.post(url(room, "paper/"), values).status_code, capacities(pupil)) == (200, [])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"signed_on": TODAY + DAY}, "не может быть подписана в будущем"),
        ({"signed_on": ""}, "Обязательное поле"),
        ({"signed_on": LONG_AGO - DAY}, "раньше его подписать не могли"),
        ({"parent": "none"}, "отметьте, чья подпись стоит на бумаге"),
    ],
)
def test_wrong_papers_come_back_with_the_reason(client, room, leader, values, message):
    pupil = make_pupil(school_class=room, age=12)
    parent = values.pop("parent", "0") if "parent" in values else "0"
    sent = {"kind": "processing", "pupil": pupil.pk, f"parent_{pupil.pk}": parent, "signed_on": TODAY} | values
    answer = client.post(url(room, "paper/"), sent)
    assert (answer.status_code, message in answer.content.decode(), capacities(pupil)) == (200, True, [])


@pytest.mark.parametrize("sent", [{}, {"kind": "processing"}, {"kind": "zzz"}, {"kind": "processing", "pupil": "x"}])
@pytest.mark.parametrize("method", ["get", "post"])
def test_wrong_ticks_lead_back(client, room, leader, method, sent):
    stranger = make_pupil(school_class=make_class(grade=9), surname="Секретов")
    answer = getattr(client, method)(url(room, "paper/"), {"pupil": stranger.pk} | sent, follow=True)
    assert (answer.redirect_chain, "Секретов" in answer.content.decode()) == ([(url(room), 302)], False)
    assert capacities(stranger) == []


@pytest.fixture
def scanned(client, room, leader, settings, tmp_path, school) -> tuple[User, User, StoredFile]:
    """A pupil, the mother, and the scan of her paper."""
    settings.MEDIA_ROOT = tmp_path / "media"
    school(parents_have_cabinets=True)
    pupil = make_pupil(school_class=room, age=12)
    mother = make_parent(child=pupil)
    scan = SimpleUploadedFile("Согласие Ёлкина.png", picture())
    values = {"kind": "processing", "pupil": pupil.pk, "signed_on": TODAY, f"parent_{pupil.pk}": mother.pk}
    client.post(url(room, "paper/"), values | {"scan": scan})
    return pupil, mother, Consent.objects.get().scan


def test_a_scan_opens_to_the_family_the_class_teacher_and_the_management(client, scanned):
    pupil, mother, scan = scanned
    other_room = make_class(grade=9)
    people = {
        "pupil": (pupil, 200),
        "mother": (mother, 200),
        "leader": (User.objects.get(surname="Орлова"), 200),
        "deputy": (make_employee(position="deputy"), 200),
        "other leader": (make_employee(position="class_teacher", school_class=other_room), 404),
        "teacher": (make_employee(), 404),
        "other parent": (make_parent(child=make_pupil(school_class=other_room)), 404),
        "former mother": (make_parent(child=pupil, ends=TODAY - DAY), 404),
    }
    found = {}
    for name, (person, _) in people.items():
        sign_in(client, person)
        found[name] = client.get(scan.url).status_code
    assert found == {name: status for name, (_, status) in people.items()}
    client.logout()
    assert client.get(scan.url).status_code == 404


def test_a_wrong_scan_is_refused_with_the_whole_paper(client, room, leader, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    pupil = make_pupil(school_class=room, age=12)
    values = {"kind": "processing", "pupil": pupil.pk, "signed_on": TODAY, f"parent_{pupil.pk}": "0"}
    answer = client.post(url(room, "paper/"), values | {"scan": SimpleUploadedFile("x.png", b"<html>")})
    assert (answer.status_code, capacities(pupil), StoredFile.objects.count()) == (200, [], 0)


def test_class_consent_withdraw_records_the_paper(client, room, leader, text):
    pupil = make_pupil(school_class=room, age=12)
    row = make_consent(pupil, by=make_parent(child=pupil), text=text)
    address = url(room, f"{row.pk}/withdraw/")
    assert "Укажите бумагу" in client.post(address, {"note": ""}).content.decode()
    assert consents.state_of(pupil, "processing", TODAY).is_given
    client.post(address, {"note": "Заявление матери от 12.10.2026"})
    row.refresh_from_db()
    assert (row.withdrawn_by, row.withdrawn_how, row.withdraw_reason) == (
        leader, "paper", "Заявление матери от 12.10.2026",
    )  # fmt: skip
    assert client.get(address).status_code == 404


def test_class_consents_blank_with_and_without_names(client, room, leader, text):
    given = make_pupil(school_class=room, age=12, surname="Алексеев")
    make_consent(given, by=make_parent(child=given), text=text)
    for surname in ("Борисов", "Власов"):
        make_pupil(school_class=room, age=12, surname=surname)
    plain = client.get(url(room, "processing/blank/")).content.decode()
    named = client.get(url(room, "processing/blank/?named=on")).content.decode()
    assert [plain.count("Текст согласия"), named.count("Текст согласия")] == [1, 2]
    names = ("Алексеев", "Борисов", "Власов")
    assert [name in plain for name in names] + [name in named for name in names] == [False] * 4 + [True, True]
    assert client.get(url(room, "portfolio/blank/")).status_code == 404


# XLSX and the report


def sheet_of(answer) -> list[list]:
    return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(answer.content)).active.iter_rows()]


@pytest.mark.clause("12.1")
def test_class_consents_export(client, room, leader, text):
    pupil = make_pupil(school_class=room, age=12, surname="=1+1", name="А", patronymic="")
    parent = make_parent(child=pupil, surname="Ким", name="Вера", patronymic="")
    make_consent(pupil, by=parent, text=text)
    rows = sheet_of(client.get(url(room, "export/")))
    assert (rows[0][0], rows[1][0].startswith("Источник: ")) == ("Согласия, 8\xa0«А»", True)
    how = f"законный представитель, {TODAY:%d.%m.%Y}, на портале (Ким\xa0В.)"
    assert rows[4:] == [["1", "=1+1 А", "дано", how]]


def test_consent_report_by_class_and_of_the_staff(client, room, text):
    staff_text = make_consent_text(audience="staff")
    deputy = make_employee(position="deputy")
    make_consent(deputy, text=staff_text, capacity="self")
    make_employee()
    given = make_pupil(school_class=room, age=12)
    make_consent(given, by=make_parent(child=given), text=text)
    make_pupil(school_class=room, age=12)
    make_class(grade=9)
    sign_in(client, deputy)
    context = client.get(REPORT).context
    assert [(str(share.of), share.people, share.given) for share, _ in context["classes"]] == [
        ("8\xa0«А»", 2, [1, 0, 0]),
        ("9\xa0«А»", 0, [0, 0, 0]),
    ]
    assert (context["staff"][0].people, context["staff"][0].given) == (2, [1, None, None])
    assert [row[:3] for row in sheet_of(client.get(EXPORT))[4:]] == [
        ["8\xa0«А»", "2", "1 из 2"],
        ["9\xa0«А»", "0", "0 из 0"],
        ["Работники", "2", "1 из 2"],
    ]


@pytest.mark.parametrize("address", [REPORT, EXPORT])
@pytest.mark.parametrize("who", ["teacher", "class_teacher", "method_group_head", "credentials_officer", "pupil"])
def test_the_report_is_for_the_management(client, room, address, who):
    visitor = make_pupil() if who == "pupil" else make_employee(position=who)
    sign_in(client, visitor)
    assert client.get(address).status_code == 403


# Queries


def fill(room, text, number: int) -> None:
    for n in range(number):
        pupil = make_pupil(school_class=room, age=12 if n % 2 else 15)
        parent = make_parent(child=pupil)
        if n % 3:
            make_consent(pupil, by=parent, text=text)


@pytest.mark.parametrize(
    "suffix", ["", "?kind=processing", "export/", "processing/blank/?named=on", "paper/?kind=processing", REPORT]
)
def test_queries_do_not_grow_with_rows(client, room, text, suffix):
    for kind in ConsentKind:
        make_consent_text(kind=kind)
    sign_in(client, make_employee(position="deputy"))
    address = suffix if suffix == REPORT else url(room, suffix)

    def queries() -> int:
        ticked = "".join(f"&pupil={pupil.pk}" for pupil in consents.pupils_of(room, TODAY)) if "paper" in suffix else ""
        client.get(address + ticked)
        with CaptureQueriesContext(connection) as context:
            assert client.get(address + ticked).status_code == 200
        return len(context)

    fill(room, text, 1)
    few = queries()
    fill(room, text, 30)
    assert (queries(), few <= 20) == (few, True)
