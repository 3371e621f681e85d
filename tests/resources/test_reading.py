"""Who must read a document, who has; the day of a new edition; reminders and sheets to sign (3.2, 5.11, 13.4)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from accounts.counters import waiting_for
from accounts.models import Notification, SchoolCard, User
from resources import reading, sections
from resources.actions import documents
from resources.actions import reading as actions
from resources.actions.registry import load_registry
from resources.models import Acquaintance, Element, MustRead
from tests.factories import (
    make_class,
    make_document,
    make_edition,
    make_employee,
    make_parent,
    make_position,
    make_privilege,
    make_pupil,
    sign_in,
)

pytestmark = pytest.mark.django_db
COMMAND = Actor.command("проверка")
TODAY = datetime.date.today()
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def registry(db):
    load_registry(by=COMMAND)
    sections.forget()


def page(name, *args) -> str:
    return reverse(f"resources:{name}", args=args)


def duty(document, **values) -> MustRead:
    return actions.add_duty(MustRead(document=document, **values), by=COMMAND)


def waits(person: User, date: datetime.date = TODAY) -> list[str]:
    return [str(row.document) for row in reading.own_list(User.objects.get(pk=person.pk), date)]


def asked(person: User, date: datetime.date = TODAY) -> list[str]:
    """What the cabinet says of documents."""
    found = waiting_for(User.objects.get(pk=person.pk), date)
    return [one.text for one in found if one.url == page("document_to_read")]


def move(monkeypatch, days: int) -> None:
    """The portal's clock, so many days ahead."""
    now = timezone.now() + DAY * days
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.mark.clause("13.4")
@pytest.mark.clause("3.2")
def test_on_its_day_a_new_edition_steps_in_by_itself_and_all_that_hangs_on_it_asks_again(client, monkeypatch):
    document, pupil = make_document(title="Порядок входа", text="Слова прежней"), make_pupil()
    duty(document, status="pupil", days=10)
    sign_in(client, pupil)
    assert asked(pupil) == ["Прочитайте документ"]
    client.post(page("document_acquaint", document.pk), {"edition": document.edition_on(TODAY).pk})
    agreement = make_edition(number=2, in_force_from=TODAY + DAY * 3)
    documents.publish_edition(
        document, text="Слова новой", in_force_from=TODAY + DAY * 3, agreement=agreement, by=COMMAND
    )
    detail = page("document_detail", document.pk)

    def seen() -> dict:
        client.logout()
        text = client.get(detail).content.decode()
        person, date = User.objects.get(pk=pupil.pk), timezone.localdate()
        return {
            "former": "Слова прежней" in text, "new": "Слова новой" in text, "waits": waits(pupil, date),
            "asked": asked(pupil, date), "agreement accepted": person.has_accepted,
            "told": actions.remind(date, by=COMMAND)[0],
        }  # fmt: skip

    before = {"former": True, "new": False, "waits": [], "asked": [], "agreement accepted": True, "told": 0}
    assert seen() == before
    move(monkeypatch, 2)
    assert seen() == before
    move(monkeypatch, 1)
    assert seen() == {
        "former": False, "new": True, "waits": ["Порядок входа"], "asked": ["Прочитайте документ"],
        "agreement accepted": False, "told": 1,
    }  # fmt: skip
    assert [row.due for row in reading.own_list(pupil, timezone.localdate())] == [TODAY + DAY * 13]


@pytest.mark.clause("3.2")
@pytest.mark.parametrize("who", ["pupil", "staff", "parent", "class", "position"])
def test_the_page_the_counter_and_the_reminder_ask_the_same_people(who):
    SchoolCard.objects.update_or_create(pk=1, defaults={"parents_have_cabinets": True})
    room = make_class(grade=7)
    people = {
        "pupil": make_pupil(school_class=room), "other": make_pupil(school_class=make_class(grade=8)),
        "teacher": make_employee(), "librarian": make_employee(position="librarian"),
        "gone": make_employee(position="librarian", ends=TODAY - DAY),
    }  # fmt: skip
    people["parent"] = make_parent(child=people["pupil"])
    named, expected = {
        "pupil": ({"status": "pupil"}, ["pupil", "other"]),
        "staff": ({"status": "staff"}, ["teacher", "librarian"]),
        "parent": ({"status": "parent"}, ["parent"]),
        "class": ({"school_class": room}, ["pupil"]),
        "position": ({"position": make_position("librarian")}, ["librarian"]),
    }[who]
    document = make_document(title="Порядок")
    duty(document, **named)
    by_key = {person.pk: name for name, person in people.items()}
    assert [name for name, person in people.items() if waits(person)] == expected
    assert [name for name, person in people.items() if asked(person)] == expected
    found = reading.who_must(reading.duties_of(document), TODAY).values_list("pk", flat=True)
    assert {by_key[pk] for pk in found} == set(expected)
    actions.remind(TODAY, by=COMMAND)
    assert {by_key[pk] for pk in Notification.objects.values_list("person", flat=True)} == set(expected)


def test_a_document_that_lost_force_or_has_not_begun_waits_for_nobody():
    pupil, old, coming, bare = make_pupil(), make_document(), make_document(), make_document()
    coming.editions.update(in_force_from=TODAY + DAY)
    bare.editions.all().delete()
    for document in (old, coming, bare):
        duty(document, status="pupil")
    documents.lose_force(old, on=TODAY + DAY, by=COMMAND)
    counts = [len(waits(pupil, TODAY + DAY * days)) for days in (0, 1)]
    assert (counts, len(asked(pupil, TODAY + DAY))) == ([1, 1], 1)


@pytest.mark.clause("5.11")
def test_reminders_come_on_the_first_day_and_once_a_week_until_it_is_read(capsys):
    document, reader = make_document(title="Порядок"), make_pupil()
    duty(document, status="pupil")
    make_pupil()
    Acquaintance.objects.create(person=reader, edition=document.edition_on(TODAY))
    call_command("remind_documents")
    call_command("remind_documents")
    assert capsys.readouterr().out.splitlines() == [
        "Документов: 1, напоминаний: 1.", "Документов: 1, напоминаний: 0.",
    ]  # fmt: skip
    told = [actions.remind(TODAY + DAY * days, by=COMMAND) for days in (6, 7, 8, 14)]
    assert told == [(0, 1), (1, 1), (0, 1), (1, 1)]
    assert not Notification.objects.filter(person=reader).exists()
    assert Notification.objects.first().url == page("document_detail", document.pk)


def test_a_duty_names_exactly_one(client):
    document, keeper = make_document(), make_employee()
    make_privilege(Element.objects.get(slug="documents"), person=keeper, right="contribute")
    sign_in(client, keeper)
    duties = page("document_duties", document.pk)
    room = make_class(grade=7)
    for values in ({}, {"status": "staff", "school_class": room.pk}):
        assert "кого-то одного" in client.post(duties, values).content.decode()
    assert "Хотя бы один день" in client.post(duties, {"status": "staff", "days": 0}).content.decode()
    assert client.post(duties, {"status": "staff", "days": 5}).url == duties
    assert "уже обязаны" in client.post(duties, {"status": "staff"}).content.decode()
    row = MustRead.objects.get()
    assert (row.who, row.days, row.added_by) == ("все работники", 5, keeper)
    with pytest.raises(ValidationError, match="уже обязаны"):
        duty(document, status="staff")
    with pytest.raises(IntegrityError), transaction.atomic():
        MustRead.objects.create(document=document)
    assert client.post(page("document_duty_remove", document.pk, row.pk)).url == duties
    assert not MustRead.objects.exists()


@pytest.mark.clause("3.2")
def test_the_own_page_tells_what_to_read_and_what_was_read(client, django_assert_num_queries):
    pupil, read = make_pupil(), make_document(title="Прочитанный")
    Acquaintance.objects.create(person=pupil, edition=read.edition_on(TODAY))
    late = make_document(title="Просроченный")
    MustRead.objects.create(document=late, status="pupil", days=3, since=TODAY - DAY * 10)
    duty(make_document(title="Обычный"), status="pupil", days=3)
    sign_in(client, pupil)
    own = page("document_to_read")
    answer = client.get(own)
    assert [(str(row.document), row.is_late) for row in answer.context["rows"]] == [
        ("Просроченный", True), ("Обычный", False),
    ]  # fmt: skip
    assert [str(one.edition.document) for one in answer.context["page"]] == ["Прочитанный"]
    assert "Прочитайте документы: 2" in client.get(reverse("eios:cabinet")).content.decode()
    with django_assert_num_queries(8):
        client.get(own)
    for number in range(30):
        duty(make_document(title=f"Ещё {number}"), status="pupil")
    with django_assert_num_queries(8):
        client.get(own)


@pytest.mark.clause("5.11")
def test_sheets_are_printed_by_those_who_lead_the_class(client, django_assert_num_queries):
    room, other = make_class(grade=7), make_class(grade=8)
    document, leader = make_document(), make_employee(position="class_teacher", school_class=make_class(grade=7))
    pupil = make_pupil(school_class=room, surname="Читаева")
    make_parent(child=pupil, surname="Родительская")
    make_pupil(school_class=room, surname="Нечитаев")
    make_pupil(school_class=other, surname="Чужой")
    Acquaintance.objects.create(person=pupil, edition=document.edition_on(TODAY))
    sheet = page("document_sheet", document.pk)
    sign_in(client, make_employee())
    assert client.get(sheet).status_code == 404
    sign_in(client, make_pupil(school_class=other))
    assert client.get(sheet).status_code == 403
    sign_in(client, leader)
    assert sheet in client.get(page("document_detail", document.pk)).content.decode()

    def names(query: str) -> list[tuple[str, bool]]:
        lines = client.get(sheet + query).context["lines"]
        return [(line.name.split()[0], line.read_at is not None) for line in lines]

    own = [("Нечитаев", False), ("Читаева", True)]
    assert [names(""), names(f"?school_class={other.pk}"), names("?who=staff")] == [own, own, own]
    assert names("?who=parents") == [("Родительская", False)]
    sign_in(client, make_employee(position="director", surname="Главная"))
    assert ("Чужой", False) in names(f"?school_class={other.pk}")
    assert ("Главная", False) in names("?who=staff")
    with django_assert_num_queries(10):
        client.get(f"{sheet}?school_class={room.pk}")
    for number in range(30):
        make_pupil(school_class=room, surname=f"Новый {number}")
    with django_assert_num_queries(10):
        client.get(f"{sheet}?school_class={room.pk}")


def test_readers_are_counted_among_those_who_must(client):
    document = make_document()
    make_pupil(surname="Ученик")
    duty(document, status="staff")
    sign_in(client, make_employee(position="director", surname="Главная"))
    answer = client.get(page("document_readers", document.pk))
    assert answer.context["counts"] == {"people": 1, "read": 0}
    assert "Ученик" not in answer.content.decode()
