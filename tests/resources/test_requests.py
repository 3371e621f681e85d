"""Requests for access: who may ask for what, both sides of the state, the desk's decisions, reminders (5.4)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actor import Actor
from accounts.counters import waiting_for
from accounts.models import AuditEntry, Notification, User
from resources import access
from resources.actions import credentials, requests
from resources.asker import asker_for
from resources.models import AccessRequest, ExternalCredential, Privilege
from resources.requests import Terms, Way
from tests.factories import (
    confirm_again,
    make_administrator,
    make_class,
    make_condition,
    make_credential,
    make_element,
    make_employee,
    make_person,
    make_pupil,
    make_request,
    recognised,
    sign_in,
)
from tests.resources.asking import by, card, desk, told

pytestmark = [pytest.mark.django_db, pytest.mark.clause("5.4")]
COMMAND = Actor.command("tests")
TODAY = datetime.date.today()
TOMORROW = TODAY + datetime.timedelta(days=1)
State = AccessRequest.State


# Who may ask


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"closure": 1}, "Попросить доступ"),
        ({"closure": 4}, "Попросить доступ"),
        ({"closure": 4, "kind": "built_in"}, "Попросить доступ"),
        ({"closure": 1, "library_way": "pool"}, "Попросить доступ"),
        ({"closure": 1, "keeping": "nameless"}, "Коды этой платформы не связывают с именем"),
        ({"closure": 1, "keeping": "state"}, "входят через Госуслуги"),
        ({"closure": 1, "library_way": "own_anywhere"}, "каждый регистрируется сам"),
        ({"closure": 0, "outside_access": "free"}, ""),
        ({"closure": 1, "kind": "built_in"}, ""),
    ],
)
def test_asking_is_offered_where_it_makes_sense(site, client, fields, words):
    element = make_element(**fields)
    sign_in(client, make_pupil())
    html = card(client, element)
    found = [one for one in ("Попросить доступ", words or "Доступ для вас") if one in html]
    assert found == ([words] if words != "Попросить доступ" else [words, words]) * bool(words)
    offered = words == "Попросить доступ"
    client.post(f"/elements/{element.slug}/ask/")
    assert AccessRequest.objects.count() == int(offered)


def test_guests_and_those_with_a_login_are_offered_nothing(site, client):
    element, pupil = make_element(closure=1), make_pupil()
    assert "Доступ для вас" not in card(client, element)
    make_credential(element, pupil)
    sign_in(client, pupil)
    assert "Доступ для вас" not in card(client, element)


def test_a_condition_alone_is_nothing_to_ask_for(site, client):
    element = make_element(closure=1, outside_access="free")
    make_condition(element)
    sign_in(client, make_pupil())
    assert "Доступ для вас" not in card(client, element)


def test_an_element_one_may_not_know_of_is_not_found(site, client):
    make_element(slug="secret", closure=4, is_listed=False)
    sign_in(client, make_pupil())
    assert [client.post(f"/elements/{slug}/ask/").status_code for slug in ("secret", "nothing")] == [404, 404]
    assert AccessRequest.objects.count() == 0


# Both sides


def test_a_request_is_seen_by_both_sides_until_it_is_over(owner, client):
    element, pupil = owner.element, make_pupil(surname="Тайная", school_class=make_class(grade=7))
    sign_in(client, pupil)
    client.post(f"/elements/{element.slug}/ask/", {"note": "Школьный этап"})
    found = AccessRequest.objects.get()
    assert (found.person, found.asked_by, found.note, found.state) == (pupil, pupil, "Школьный этап", State.WAITING)
    html = card(client, element)
    assert "ждёт решения" in html
    assert f"С {TODAY:%d.%m.%Y}, решает: {owner.initials}" in html
    assert "Попросить доступ" not in html
    assert told(owner) == [f"Просят доступ к элементу «Олимпиады»: {pupil.get_full_name()}."]
    assert [one.text for one in waiting_for(recognised(owner), TODAY) if one.url == "/desk/"] == [
        "Ждёт решения: 1 заявка на доступ"
    ]
    sign_in(client, owner)
    page = client.get(desk(element)).content.decode()
    assert [words in page for words in ("Тайная", str(make_class(grade=7)), "Школьный этап", "сегодня")] == [True] * 4
    requests.decline(found, "Этап прошёл", by=by(owner))
    assert waiting_for(recognised(User.objects.get(pk=owner.pk)), TODAY)[0].url != "/desk/"
    sign_in(client, pupil)
    for html in (card(client, element), client.get("/requests/").content.decode()):
        assert f"{TODAY:%d.%m.%Y}, {owner.initials} Причина: Этап прошёл" in html
    assert "Попросить снова" in card(client, element)
    assert told(pupil) == ["Заявка на доступ к элементу «Олимпиады» отклонена."]
    assert [row.action for row in AuditEntry.objects.filter(object_type="resources.accessrequest").order_by("pk")] == [
        "access_request.asked", "access_request.declined",
    ]  # fmt: skip
    assert "Этап прошёл" not in str(list(AuditEntry.objects.values_list("changes", "basis")))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, "confirmed"),
        ({"expires_on": TODAY}, "confirmed"),
        ({"expires_on": TODAY - datetime.timedelta(days=1)}, "expired"),
        ({"ended_at": timezone.now(), "end_reason": "Ушёл"}, "ended"),
    ],
)
def test_what_became_of_a_confirmed_one_is_derived(owner, client, change, code):
    pupil = make_pupil()
    found = make_request(owner.element, pupil)
    requests.confirm(found, Terms(way=Way.TYPED, login="petrova"), by=by(owner))
    ExternalCredential.objects.update(**change)
    sign_in(client, pupil)
    rows = client.get("/requests/").context["rows"]
    assert [row.line.code for row in rows] == [code]
    chosen = {name: len(client.get(f"/requests/?state={name}").context["rows"]) for name in ("confirmed", "over")}
    assert chosen == {"confirmed": int(code == "confirmed"), "over": int(code != "confirmed")}


def test_an_applicant_withdraws_once_and_only_the_own(owner, client):
    pupil, other = make_pupil(), make_pupil()
    found = make_request(owner.element, pupil)
    sign_in(client, other)
    assert client.post(f"/requests/{found.pk}/withdraw/").status_code == 404
    sign_in(client, pupil)
    assert "Отозвать заявку" in client.get(f"/requests/{found.pk}/withdraw/").content.decode()
    client.post(f"/requests/{found.pk}/withdraw/")
    client.post(f"/requests/{found.pk}/withdraw/")
    found.refresh_from_db()
    assert (found.state, found.decided_by) == (State.WITHDRAWN, pupil)
    with pytest.raises(requests.AlreadyDecided, match="уже решили: отозвана заявителем"):
        requests.confirm(found, Terms(way=Way.GENERATED), by=by(owner))
    assert ExternalCredential.objects.count() == 0


def test_a_list_of_requests_asks_alike_for_one_and_thirty(owner, client):
    pupil = make_pupil()
    makers = {
        "/requests/": lambda: make_request(make_element(closure=1), pupil),
        desk(owner.element): lambda: make_request(owner.element, make_pupil()),
    }
    for page, make in makers.items():
        sign_in(client, pupil if page == "/requests/" else owner)
        counts = []
        for _ in (1, 2):
            make()
            client.get(page)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(page)
            counts.append(len(queries))
            for _ in range(28):
                make()
        assert (page, counts[0]) == (page, counts[1])


def test_too_many_in_a_day_are_refused(site):
    pupil = make_pupil()
    for _ in range(requests.MOST_A_DAY):
        requests.ask(make_element(closure=1), pupil, by=by(pupil))
    with pytest.raises(ValidationError, match="Остальные подайте завтра"):
        requests.ask(make_element(closure=1), pupil, by=by(pupil))


# The desk


def test_generated_logins_are_unique_and_shown_once(owner, client):
    pupils = [make_pupil(surname="Иванова", name="Мария", patronymic="Петровна") for _ in range(3)]
    make_credential(owner.element, pupils[0], login="IvanovaMP1", ended_at=timezone.now(), end_reason="Ушла")
    found = [make_request(owner.element, one) for one in pupils]
    sign_in(client, owner)
    keys = [one.pk for one in found]
    assert client.get(desk(owner.element, "generate"), {"request": keys}).url.startswith("/account/confirm/")
    confirm_again(client)
    assert "Создать логины" in client.get(desk(owner.element, "generate"), {"request": keys}).content.decode()
    html = client.post(desk(owner.element, "generate"), {"request": keys, "ends": str(TOMORROW)}).content.decode()
    made = ExternalCredential.objects.standing().order_by("pk")
    assert [one.login for one in made] == ["ivanovamp2", "ivanovamp3", "ivanovamp4"]
    assert {one.expires_on for one in made} == {TOMORROW}
    assert all(one.unseal() in html for one in made)
    assert not any(one.unseal() in client.get(desk(owner.element)).content.decode() for one in made)
    assert AccessRequest.objects.waiting().count() == 0


def test_a_closed_element_is_opened_for_a_term_and_taken_back(owner, client):
    element, teacher = make_element(name="Отчёты", closure=4), make_employee()
    make_administrator(element, owner)
    found = make_request(element, teacher)
    sign_in(client, owner)
    page = client.get(desk(element, found.pk)).content.decode()
    assert "Нужен уровень «Руководство»" in page
    data = {"way": "none", "opens": "on", "ends": str(TOMORROW)}
    client.post(desk(element, found.pk, "confirm"), data)
    found.refresh_from_db()
    assert (found.state, found.credential, found.privilege.ends) == (State.CONFIRMED, None, TOMORROW)
    assert access.decide(asker_for(User.objects.get(pk=teacher.pk)), element).allowed
    client.post(desk(element, found.pk, "revoke"), {"answer": "Отчёт сдан"})
    assert not access.decide(asker_for(User.objects.get(pk=teacher.pk)), element).allowed
    sign_in(client, teacher)
    assert "доступ прекращён" in card(client, element)
    assert told(teacher) == [
        "Заявка на доступ к элементу «Отчёты» подтверждена.",
        "Заявка на доступ к элементу «Отчёты» больше не действует: доступ прекращён.",
    ]


def test_a_login_and_a_privilege_end_together(owner):
    element, teacher = make_element(closure=4), make_employee()
    make_administrator(element, owner)
    owner = User.objects.get(pk=owner.pk)
    found = make_request(element, teacher)
    requests.confirm(found, Terms(way=Way.TYPED, login="t", password="p", opens=True), by=by(owner))
    requests.revoke(found, "Ошибка", by=by(owner))
    assert ExternalCredential.objects.standing().count() == Privilege.objects.standing().count() == 0
    with pytest.raises(ValidationError, match="уже ничего не действует"):
        requests.revoke(found, "Ошибка", by=by(owner))


def test_what_a_confirmation_needs(owner, client):
    found = make_request(owner.element, make_pupil())
    sign_in(client, owner)
    yesterday = TODAY - datetime.timedelta(days=1)
    answers = [
        client.post(desk(owner.element, found.pk, "confirm"), data).content.decode()
        for data in ({"way": "typed"}, {"way": "generated", "ends": str(yesterday)}, {"way": "pool"})
    ]
    words = ("Введите логин.", "Этот день уже прошёл.", "Выберите корректный вариант")
    assert [word in html for word, html in zip(words, answers, strict=True)] == [True] * 3
    with pytest.raises(ValidationError, match="Выберите, что дать"):
        requests.confirm(found, Terms(), by=by(owner))
    with pytest.raises(ValidationError, match="почему заявка отклонена"):
        requests.decline(found, " ", by=by(owner))
    found.refresh_from_db()
    assert found.is_waiting


def test_an_expired_login_gives_way_to_a_new_one(owner):
    pupil = make_pupil()
    make_credential(owner.element, pupil, expires_on=TODAY - datetime.timedelta(days=1))
    found = requests.ask(owner.element, pupil, by=by(pupil))
    requests.confirm(found, Terms(way=Way.GENERATED), by=by(owner))
    assert [one.end_reason for one in ExternalCredential.objects.order_by("pk")] == [requests.TERM_IS_OVER, ""]


def test_a_login_given_meanwhile_settles_the_request(owner, client):
    pupil = make_pupil()
    found = make_request(owner.element, pupil)
    given = make_credential(owner.element, pupil)
    sign_in(client, owner)
    form = client.get(desk(owner.element, found.pk)).context["confirm_form"]
    assert [way for way, _ in form.fields["way"].choices] == ["existing"]
    client.post(desk(owner.element, found.pk, "confirm"), {"way": "existing"})
    found.refresh_from_db()
    assert (found.state, found.credential) == (State.CONFIRMED, given)


def test_where_there_is_nothing_to_give_one_can_only_decline(owner, client):
    pupil = make_pupil()
    requests.confirm(make_request(owner.element, pupil), Terms(way=Way.GENERATED), by=by(owner))
    found = make_request(owner.element, pupil)
    sign_in(client, owner)
    assert "Давать по&nbsp;заявке нечего" in client.get(desk(owner.element, found.pk)).content.decode()
    assert client.post(desk(owner.element, found.pk, "confirm"), {"way": "none"}).status_code == 200
    assert requests.serve_waiting(owner.element, by=COMMAND) == 0
    found.refresh_from_db()
    assert found.is_waiting


def test_nobody_decides_on_the_own_request(owner, client):
    found = make_request(owner.element, owner)
    with pytest.raises(ValidationError, match="другой администратор"):
        requests.confirm(found, Terms(way=Way.GENERATED), by=by(owner))
    sign_in(client, owner)
    assert "Подтвердить заявку" not in client.get(desk(owner.element, found.pk)).content.decode()


def test_another_elements_administrator_finds_nothing(owner, client):
    other = make_element(slug="foreign")
    stranger = make_administrator(other, make_employee())
    found = make_request(owner.element, make_pupil(surname="Тайная"))
    sign_in(client, stranger)
    pages = [desk(owner.element), *(desk(owner.element, page) for page in ("pool", "generate", "open", "decline"))]
    pages += [desk(owner.element, found.pk), desk(other, found.pk), desk(owner.element, found.pk, "revoke")]
    assert [client.get(page).status_code for page in pages] == [404] * len(pages)
    posts = [desk(one, found.pk, verb) for one in (owner.element, other) for verb in ("confirm", "decline", "revoke")]
    assert [client.post(page, {"answer": "нет", "way": "generated"}).status_code for page in posts] == [404] * 6
    # A foreign request ticked at the own element is not there either.
    client.post(desk(other, "decline"), {"request": [found.pk], "answer": "нет"})
    found.refresh_from_db()
    assert found.is_waiting


def test_without_a_living_administrator_it_falls_to_the_system_administrator(owner, client):
    chief = make_employee(position="system_administrator")
    found = make_request(owner.element, make_pupil())
    sign_in(client, chief)
    assert client.get(desk(owner.element, found.pk)).status_code == 404
    owner.appointments.update(ends=TODAY - datetime.timedelta(days=1))
    assert client.get(desk(owner.element, found.pk)).status_code == 200
    requests.ask(owner.element, pupil := make_pupil(), by=by(pupil))
    assert (len(told(owner)), len(told(chief))) == (0, 1)
    assert [one.text for one in waiting_for(recognised(chief), TODAY) if one.url == "/desk/"] == [
        "Ждут решения: 2 заявки на доступ"
    ]


def test_one_reason_for_many(owner, client):
    found = [make_request(owner.element, make_pupil(), days=day) for day in (1, 5, 3)]
    sign_in(client, owner)
    shown = [row["days"] for row in client.get(desk(owner.element)).context["rows"]]
    assert shown == [5, 3, 1]
    client.post(desk(owner.element, "decline"), {"request": [one.pk for one in found[:2]], "answer": "Мест нет"})
    assert sorted(AccessRequest.objects.values_list("state", "answer")) == [
        ("declined", "Мест нет"), ("declined", "Мест нет"), ("waiting", ""),
    ]  # fmt: skip


# Reminders


def test_old_requests_are_reminded_of_once_in_three_days(owner, capsys):
    for days in (1, 4, 5):
        make_request(owner.element, make_pupil(surname="Тайная"), days=days)
    call_command("remind_requests")
    call_command("remind_requests")
    assert capsys.readouterr().out.splitlines() == [
        "Старых заявок: 2, напоминаний: 1.", "Старых заявок: 0, напоминаний: 0.",
    ]  # fmt: skip
    assert told(owner) == ["2 заявки ждут вашего решения дольше трёх дней."]
    assert requests.remind(timezone.now() + datetime.timedelta(days=3), by=COMMAND) == (1, 3)


def test_letters_about_requests_name_nobody(owner):
    User.objects.filter(pk=owner.pk).update(email="owner@example.org")
    pupil = make_pupil(surname="Тайная")
    requests.ask(owner.element, pupil, by=by(pupil))
    row = Notification.objects.get(person=owner)
    assert (row.waits_for_digest, owner.outgoing_letters.count()) == (True, 0)


def test_a_departed_person_gets_nothing(owner):
    found = make_request(owner.element, make_person())
    with pytest.raises(ValidationError, match="закрыта"):
        requests.confirm(found, Terms(way=Way.GENERATED), by=by(owner))
    assert AccessRequest.objects.waiting().count() == 1
    assert credentials.take_from_pool(owner.element, found.person, by=COMMAND) is None


def test_a_made_password_is_shown_to_one_who_has_confirmed_the_own(owner, client):
    found = make_request(owner.element, make_pupil())
    sign_in(client, owner)
    confirm = desk(owner.element, found.pk, "confirm")
    assert client.post(confirm, {"way": "generated"}).url.startswith("/account/confirm/")
    assert (AccessRequest.objects.waiting().count(), ExternalCredential.objects.count()) == (1, 0)
    assert client.get(confirm).url == desk(owner.element, found.pk)
    confirm_again(client)
    html = client.post(confirm, {"way": "generated"}).content.decode()
    assert ExternalCredential.objects.get().unseal() in html


def test_a_request_is_not_settled_by_what_one_noted_for_oneself(owner, client):
    pupil = make_pupil()
    found = make_request(owner.element, pupil)
    noted = make_credential(owner.element, pupil, login="taina29", source="noted")
    sign_in(client, owner)
    page = client.get(desk(owner.element, found.pk)).content.decode()
    assert ("считать заявку исполненной" in page, "taina29" in page) == (False, False)
    with pytest.raises(ValidationError):
        requests.confirm(found, Terms(way=Way.EXISTING), by=by(owner))
    assert requests.serve_waiting(owner.element, by=by(owner)) == 0
    noted.refresh_from_db()
    assert (AccessRequest.objects.get().credential, noted.ended_at) == (None, None)
