"""Courses and seminars: entered by employees or the management, confirmed by another (4.3, 5.11)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actions import staff_records as actions
from accounts.actor import Actor
from accounts.counters import waiting_for
from accounts.models import AuditEntry, StoredFile, Training, User
from resources.actions.registry import load_registry
from tests.factories import LONG_AGO, make_employee, make_pupil, make_training, sign_in

pytestmark = pytest.mark.django_db
TODAY = datetime.date.today()
DAY = datetime.timedelta(days=1)
State = Training.State
VALUES = {
    "kind": "course", "title": "Цифровая среда", "organisation": "ИРО", "hours": "72", "document": "certificate",
    "document_number": "23-001", "document_date": "2026-03-01", "valid_until": "2029-03-01", "note": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def registry():
    load_registry(by=Actor.command("tests"))


@pytest.fixture
def deputy():
    return make_employee(position="deputy", surname="Белая")


@pytest.fixture
def teacher():
    return make_employee(surname="Агеева")


def by(person: User) -> Actor:
    return Actor(person, None, person.username)


def scan() -> SimpleUploadedFile:
    return SimpleUploadedFile("скан.png", PNG, "image/png")


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)


def state(training: Training) -> State:
    return Training.objects.get(pk=training.pk).state


@pytest.mark.clause("5.11")
def test_an_employee_enters_the_own_course_and_it_waits(client, teacher, deputy):
    sign_in(client, teacher)
    answer = client.post(f"/staff/{teacher.pk}/training/add/", {**VALUES, "scan": scan()})
    assert answer["Location"] == f"/staff/{teacher.pk}/"
    training = Training.objects.get()
    assert (training.person, training.hours, training.state, training.scan.owner) == (
        teacher,
        72,
        State.WAITING,
        teacher,
    )
    assert [line.text for line in waiting_for(deputy, TODAY)] == ["Ждёт подтверждения: 1 запись об обучении работников"]
    trail = AuditEntry.objects.of(training).get()
    assert (trail.action, trail.changes["document_number"]) == ("training.added", None)


def test_the_management_enters_another_s_course_and_it_counts(client, teacher, deputy):
    sign_in(client, deputy)
    client.post(f"/staff/{teacher.pk}/training/add/", {**VALUES, "scan": scan()})
    training = Training.objects.get()
    assert (training.state, training.confirmed_by, training.scan.owner) == (State.CONFIRMED, deputy, None)


def test_the_own_course_of_the_management_waits_for_another(client, deputy):
    sign_in(client, deputy)
    client.post(f"/staff/{deputy.pk}/training/add/", VALUES)
    training = Training.objects.get()
    assert training.state is State.WAITING
    assert waiting_for(deputy, TODAY) == []
    assert client.post(f"/staff/training/{training.pk}/confirm/", {"mark": training.mark}).status_code == 404
    with pytest.raises(ValidationError, match="Своё обучение подтверждает другой"):
        actions.confirm_training(training, mark=training.mark, by=by(deputy))


def test_nobody_enters_for_a_colleague(client, teacher):
    colleague = make_employee(surname="Вольная")
    sign_in(client, teacher)
    answer = client.get(f"/staff/{colleague.pk}/training/add/")
    assert (answer.status_code, "Вольная" in answer.content.decode()) == (404, False)
    assert client.post(f"/staff/{colleague.pk}/training/add/", VALUES).status_code == 404
    assert Training.objects.count() == 0


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"document_date": (TODAY + DAY).isoformat()}, "Эта дата ещё не наступила."),
        ({"valid_until": "2026-02-28"}, "Срок действия не может кончиться раньше даты документа."),
        ({"hours": "0"}, "1"),
        ({"title": ""}, "Обязательное поле."),
    ],
)
def test_what_can_t_be_is_refused_in_words(client, teacher, changed, words):
    sign_in(client, teacher)
    answer = client.post(f"/staff/{teacher.pk}/training/add/", {**VALUES, **changed})
    assert (answer.status_code, words in answer.content.decode()) == (200, True)
    assert Training.objects.count() == 0


def test_the_same_course_twice_is_refused(client, teacher):
    sign_in(client, teacher)
    for _ in range(2):
        answer = client.post(f"/staff/{teacher.pk}/training/add/", VALUES)
    assert "Это обучение у работника уже внесено." in answer.content.decode()
    assert Training.objects.count() == 1


def test_a_scan_that_is_none_is_refused(client, teacher):
    sign_in(client, teacher)
    evil = SimpleUploadedFile("скан.pdf", b"<script>alert(1)</script>", "application/pdf")
    answer = client.post(f"/staff/{teacher.pk}/training/add/", {**VALUES, "scan": evil})
    assert (answer.status_code, Training.objects.count(), StoredFile.objects.count()) == (200, 0, 0)


# Settling what waits


def test_confirming_once_however_often_it_is_pressed(client, teacher, deputy):
    training = make_training(person=teacher)
    sign_in(client, deputy)
    for _ in range(2):
        client.post(f"/staff/training/{training.pk}/confirm/", {"mark": training.mark})
    assert state(training) is State.CONFIRMED
    assert AuditEntry.objects.of(training).filter(action="training.confirmed").count() == 1
    assert waiting_for(deputy, TODAY) == []


def test_what_has_changed_since_it_was_read_is_not_confirmed(client, teacher, deputy):
    training = make_training(person=teacher)
    mark = training.mark
    training.title = "Другой курс"
    training.save()
    sign_in(client, deputy)
    answer = client.post(f"/staff/training/{training.pk}/confirm/", {"mark": mark}, follow=True)
    assert "запись изменилась" in answer.content.decode()
    assert state(training) is State.WAITING


def test_a_returned_record_is_corrected_and_waits_again(client, teacher, deputy):
    training = make_training(person=teacher)
    sign_in(client, deputy)
    page = f"/staff/training/{training.pk}/"
    client.post(f"{page}return/", {"mark": training.mark, "reason": "Скан не читается"})
    assert state(training) is State.RETURNED
    assert waiting_for(deputy, TODAY) == []
    assert [line.text for line in waiting_for(teacher, TODAY)] == ["Поправьте запись об обучении"]
    sign_in(client, teacher)
    assert "Скан не читается" in client.get(page).content.decode()
    client.post(f"{page}change/", VALUES)
    row = Training.objects.get()
    assert (row.state, row.title, row.return_reason) == (State.WAITING, "Цифровая среда", "")
    assert waiting_for(teacher, TODAY) == []


def test_a_returned_record_is_not_confirmed_and_a_confirmed_one_not_returned(teacher, deputy):
    returned = make_training(person=teacher, return_reason="Нет печати")
    with pytest.raises(ValidationError, match="возвращена"):
        actions.confirm_training(returned, mark=returned.mark, by=by(deputy))
    confirmed = make_training(person=teacher, confirmed_by=deputy)
    with pytest.raises(ValidationError, match="уже подтверждена"):
        actions.return_training(confirmed, reason="Нет", mark=confirmed.mark, by=by(deputy))
    assert (state(returned), state(confirmed)) == (State.RETURNED, State.CONFIRMED)


def test_teachers_settle_nothing(client, teacher):
    support = make_employee(position="informatics_support")
    training = make_training(person=make_employee(), title="Чужой курс")
    for person, may_look in ((teacher, 404), (support, 200)):
        sign_in(client, person)
        page = f"/staff/training/{training.pk}/"
        assert client.get(page).status_code == may_look
        found = [client.post(f"{page}{verb}/", {"mark": training.mark, **VALUES}).status_code for verb in VERBS]
        assert found == [404] * 4
    assert (state(training), Training.objects.get().title) == (State.WAITING, "Чужой курс")


VERBS = ("confirm", "return", "change", "delete")


# Changing and deleting


def test_one_s_own_is_changed_and_deleted_only_until_it_is_confirmed(client, teacher, deputy):
    training = make_training(person=teacher)
    page = f"/staff/training/{training.pk}/"
    sign_in(client, teacher)
    assert client.get(f"{page}change/").status_code == 200
    Training.objects.filter(pk=training.pk).update(confirmed_by=deputy, confirmed_at=training.recorded_at)
    assert [client.post(f"{page}{verb}/", VALUES).status_code for verb in ("change", "delete")] == [404, 404]
    for verb in (actions.change_training, actions.delete_training):
        with pytest.raises(ValidationError, match="уже подтверждена"):
            verb(training, by=by(teacher))
    assert Training.objects.count() == 1
    sign_in(client, deputy)
    assert client.get(f"{page}delete/").status_code == 200
    client.post(f"{page}delete/")
    assert Training.objects.count() == 0
    assert AuditEntry.objects.filter(action="training.deleted").count() == 1


def test_the_scan_stays_when_only_words_change(client, teacher):
    sign_in(client, teacher)
    client.post(f"/staff/{teacher.pk}/training/add/", {**VALUES, "scan": scan()})
    training = Training.objects.get()
    client.post(f"/staff/training/{training.pk}/change/", {**VALUES, "title": "Иначе"})
    row = Training.objects.get()
    assert (row.title, row.scan) == ("Иначе", training.scan)


# Who sees what


def test_the_scan_opens_to_those_who_may_open_the_record(client, teacher, deputy):
    sign_in(client, teacher)
    client.post(f"/staff/{teacher.pk}/training/add/", {**VALUES, "scan": scan()})
    url = Training.objects.get().scan.url
    viewers = [teacher, deputy, make_employee(position="informatics_support"), make_employee(), make_pupil()]
    found = []
    for viewer in viewers:
        sign_in(client, viewer)
        found.append(client.get(url).status_code)
    client.logout()
    assert [*found, client.get(url).status_code] == [200, 200, 200, 404, 404, 404]


def test_the_list_is_one_s_own_or_everybody_s(client, teacher, deputy):
    make_training(person=teacher, title="Курс Агеевой")
    make_training(person=make_employee(surname="Вольная"), title="Курс Вольной", confirmed_by=deputy)
    expected = {
        (teacher, ""): ["Курс Агеевой"],
        (teacher, "?q=Вольная"): [],
        (deputy, ""): ["Курс Агеевой", "Курс Вольной"],
        (deputy, "?state=waiting"): ["Курс Агеевой"],
        (deputy, "?state=confirmed"): ["Курс Вольной"],
        (deputy, "?state=returned"): [],
        (deputy, "?q=вольная"): ["Курс Вольной"],
        (deputy, "?q=курсы"): ["Курс Агеевой", "Курс Вольной"],
    }
    found = {}
    for viewer, query in expected:
        sign_in(client, viewer)
        page = client.get(f"/staff/training/{query}").context["page"]
        found[viewer, query] = sorted(row.title for row in page)
    assert found == expected


def test_a_training_of_long_ago_keeps_its_date():
    training = make_training(person=make_employee())
    assert (training.document_date, str(training).endswith(training.title)) == (LONG_AGO, True)
