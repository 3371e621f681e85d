"""The administrator's desk: everything opens, every change is in the trail, and what orders do can't be done here."""

import datetime
import re

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions.school import load_positions
from accounts.actor import Actor
from accounts.models import (
    AcademicYear,
    Acceptance,
    AgreementEdition,
    Appointment,
    AuditEntry,
    Block,
    ConsentText,
    Enrolment,
    MethodGroup,
    Order,
    OrderEffect,
    Position,
    Relation,
    SchoolCard,
    SchoolClass,
    User,
)
from resources.models import EmbeddedPlayer, Level
from tests.factories import (
    make_administrator,
    make_class,
    make_condition,
    make_consent,
    make_document,
    make_element,
    make_employee,
    make_executed_order,
    make_letter,
    make_method_group,
    make_parent,
    make_person,
    make_position,
    make_pupil,
    make_skill,
    make_subject,
    sign_in,
)
from tests.samples import picture

pytestmark = pytest.mark.django_db
BY = Actor.command("tests")
TODAY = datetime.date.today()
DAY = datetime.timedelta(days=1)
QUERIES = ["", "?q=ёлкина", "?q=ЁЛКИНА+5А", "?p=-1&e=1&o=zzz", "?p=99999",
           "?status=zzz&class=zzz&position=9999999999999",
           "?in_force=zzz&doubtful=zzz&action=zzz", "?at__year=zzz", "?starts__month=13&starts__year=0",
           "?o=1.2.3.-4", "?all=", "?_popup=1", "?q=" + "ё" * 3000]  # fmt: skip


@pytest.fixture
def desk(client):
    """A signed-in system administrator by appointment, in a school with some people."""
    make_desk()
    person = make_employee(position="system_administrator", surname="Журавлёв", name="Олег", patronymic="Ильич")
    sign_in(client, person)
    return client


def make_desk():
    """The section of the registry that the desk belongs to, so that the gate knows its closure."""
    make_element(slug="installation", name="Администрирование", closure=5, kind="built_in", address="/admin/")


@pytest.fixture
def everyone():
    """One row at least of everything that has a desk."""
    pupil = make_pupil(surname="Ёлкина", name="Вера", patronymic="Олеговна")
    parent = make_parent(child=pupil, surname="Ёлкина", name="Анна", patronymic="Ильинична")
    teacher = make_employee(position="class_teacher", school_class=make_class(), surname="Белая")
    Block.objects.create(person=teacher, reason="Пароль подсмотрели")
    make_method_group()
    make_letter(pupil)
    make_consent(pupil, by=parent, capacity="parent")
    make_executed_order(people=[pupil])
    make_skill(positions=["teacher"])
    element = make_element(slug="sgo", name="Сетевой город")
    make_administrator(element, teacher)
    make_condition(element)
    make_document()
    make_subject()
    EmbeddedPlayer.objects.create(name="RUTUBE", prefix="https://rutube.ru/play/embed/")
    AuditEntry.objects.create(
        actor_label="команда tests", action="person.added", object_type="accounts.user", object_id="1"
    )
    return {"pupil": pupil, "parent": parent, "teacher": teacher}


def address(name: str, *args) -> str:
    return reverse(f"admin:{name}", args=args)


def texts(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def written():
    """The trail of what was done; that the desk was opened stands there too, for every page."""
    return AuditEntry.objects.exclude(action="element.opened")


def actions_of(obj) -> list[str]:
    return list(AuditEntry.objects.of(obj).order_by("pk").values_list("action", flat=True))


# Everything opens


def desks():
    return sorted(admin.site._registry, key=lambda model: model._meta.label)


def test_only_desks_of_our_own_are_there():
    assert [model._meta.label for model in desks()] == [
        "accounts.AcademicYear",
        "accounts.Acceptance",
        "accounts.AgreementEdition",
        "accounts.Appointment",
        "accounts.AuditEntry",
        "accounts.Block",
        "accounts.Consent",
        "accounts.ConsentText",
        "accounts.Enrolment",
        "accounts.MethodGroup",
        "accounts.Order",
        "accounts.OutgoingLetter",
        "accounts.Position",
        "accounts.Relation",
        "accounts.SchoolCard",
        "accounts.SchoolClass",
        "accounts.Skill",
        "accounts.User",
        "resources.Condition",
        "resources.Document",
        "resources.Edition",
        "resources.Element",
        "resources.ElementAdministrator",
        "resources.EmbeddedPlayer",
        "resources.Level",
        "resources.Subject",
        "resources.SubjectArea",
    ]


@pytest.mark.parametrize("is_superuser", [True, False])
@pytest.mark.parametrize("model", desks(), ids=lambda model: model._meta.label)
def test_every_page_of_every_desk_opens(client, everyone, model, is_superuser):
    make_desk()
    Level.objects.create(number=4, name="Руководство")
    superuser = {"is_superuser": True, "surname": "Главный"}
    person = make_person(**superuser) if is_superuser else make_employee(position="system_administrator")
    sign_in(client, person)
    name, row = f"{model._meta.app_label}_{model._meta.model_name}", model.objects.first()
    pages = {f"{address(f'{name}_changelist')}{query}" for query in QUERIES}
    pages |= {address(f"{name}_{page}", row.pk) for page in ("change", "history")}
    pages |= {address("index"), address("app_list", model._meta.app_label), address(f"{name}_add")}
    site = admin.site._registry[model]
    expected = {page: {200} for page in pages}
    expected[address("app_list", model._meta.app_label)] = {302}
    expected[address(f"{name}_add")] = {200 if site.may_add else 403}
    expected |= {page: {200, 302, 400} for page in pages if "?" in page}
    if model is SchoolCard:
        expected[address(f"{name}_changelist")] = {302}
    wrong = {page: found for page in pages if (found := client.get(page).status_code) not in expected[page]}
    assert wrong == {}


@pytest.mark.parametrize("query", ["p=-1", "p=0&e=1", "p=99", "zzz=1", "e=1"])
def test_a_page_or_filter_that_is_not_there_leads_to_the_whole_list(desk, query):
    rows = [
        AuditEntry(actor_label="x", action="person.added", object_type="accounts.user", object_id=n) for n in range(60)
    ]
    AuditEntry.objects.bulk_create(rows)
    response = desk.get(f"{address('accounts_auditentry_changelist')}?{query}", follow=True)
    page = response.content.decode()
    assert (response.status_code, len(response.context["cl"].result_list)) == (200, 50)
    assert "Такого фильтра или страницы нет: показан весь список." in page


@pytest.mark.parametrize("position", ["teacher", "deputy", "director", "credentials_officer"])
def test_the_desk_is_the_system_administrators_alone(client, position):
    make_desk()
    sign_in(client, make_employee(position=position))
    pupil = make_pupil(surname="Тайнова")
    for page in (address("index"), address("accounts_user_changelist"), address("accounts_user_change", pupil.pk)):
        response = client.get(page)
        assert (response.status_code, "Тайнова" in response.content.decode()) == (403, False)


def test_a_guest_is_led_to_the_portals_own_sign_in(client):
    make_desk()
    assert client.get(address("index")).url == f"{reverse('account_login')}?next=/admin/"


def test_the_front_page_groups_desks_by_what_they_are_for(desk):
    titles = re.findall(r"<caption>(.*?)</caption>", desk.get(address("index")).content.decode())
    assert titles == [
        "Люди",
        "Приказы",
        "Школа",
        "Реестр элементов",
        "Учебные предметы",
        "Курсы",
        "Соглашение и согласия",
        "Письма",
        "Журнал аудита",
    ]


def test_the_password_is_changed_and_the_session_ended_on_the_portals_pages(desk):
    assert desk.get(address("password_change")).url == reverse("account_change_password")
    assert desk.post(address("logout")).url == "/"
    assert desk.get(address("index")).status_code == 302


# Finding people


def names_in(response) -> list[str]:
    return re.findall(r'field-full_name"><a[^>]*>(.*?)</a>', response.content.decode())


@pytest.mark.parametrize("query", ["ёлкина вера", "ЕЛКИНА+Вера", "вера", "Вере"])
def test_people_are_searched_in_cyrillic(desk, everyone, query):
    response = desk.get(f"{address('accounts_user_changelist')}?q={query}")
    assert names_in(response) == ["Ёлкина Вера Олеговна"]


def test_people_are_filtered_by_what_is_true_today(desk, everyone):
    make_pupil(surname="Бывшая", ends=TODAY - DAY)
    own_class, teacher = SchoolClass.objects.get(), Position.objects.get(code="class_teacher")

    def found(query: str) -> list[str]:
        return [name.split()[0] for name in names_in(desk.get(f"{address('accounts_user_changelist')}?{query}"))]

    assert found("status=pupil") == ["Ёлкина"]
    assert found(f"class={own_class.pk}") == ["Ёлкина"]
    assert found(f"position={teacher.pk}") == ["Белая"]
    assert found("state=blocked") == ["Белая"]
    assert found("status=none") == ["Бывшая", "Ёлкина"]
    assert found("status=employee") == ["Белая", "Журавлёв"]


def test_the_list_says_who_people_are_and_what_of_their_accounts(desk, everyone):
    page = texts(desk.get(address("accounts_user_changelist")))
    assert "обучающийся, 5\xa0«А»" in page or "обучающийся, 5 «А»" in page
    assert "class_teacher, 5" in page
    assert "заблокирована" in page
    assert "закрыта: нет статуса" in page


def test_the_list_of_people_costs_the_same_for_five_and_for_thirty(desk):
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(address("accounts_user_changelist")).status_code == 200
        return len(captured)

    cost()
    for _ in range(4):
        make_pupil()
    few = cost()
    for _ in range(25):
        make_employee()
    assert cost() == few


def test_the_autocomplete_knows_cyrillic_and_tells_namesakes_apart(desk):
    first, second = (make_employee(surname="Ёлкина", name="Вера", patronymic="") for _ in range(2))
    query = {"app_label": "accounts", "model_name": "appointment", "field_name": "person", "term": "елкина"}
    found = desk.get(address("autocomplete"), query).json()["results"]
    assert {row["text"] for row in found} == {f"Ёлкина Вера ({first.username})", f"Ёлкина Вера ({second.username})"}


@pytest.mark.parametrize(("term", "expected"), [("5а", ["5\xa0«А»"]), ("5", ["5\xa0«А»", "5\xa0«Б»"]), ("зал", [])])
def test_classes_are_completed_as_they_are_typed(desk, term, expected):
    for letter in "АБ":
        make_class(letter=letter)
    query = {"app_label": "accounts", "model_name": "appointment", "field_name": "school_class", "term": term}
    assert [row["text"] for row in desk.get(address("autocomplete"), query).json()["results"]] == expected


# Registering and correcting people


NEW = {"surname": "Фёдорова", "name": "Инна", "patronymic": "Юрьевна", "birth_date": "01.02.1990",
       "email": "inna@example.org", "phone": "", "starts": "01.09.2026", "ends": "",
       "number": "12-л", "date": "31.08.2026", "signature": "Директор Белая И. Ю."}  # fmt: skip


@pytest.mark.clause("6.6")
def test_an_employee_is_registered_by_an_order_on_record(desk):
    position = make_position("teacher")
    response = desk.post(address("accounts_user_add"), {**NEW, "position": position.pk})
    person = User.objects.get(surname="Фёдорова")
    assert response.url == address("accounts_user_change", person.pk)
    assert (person.username, person.has_usable_password(), person.is_superuser) == ("fedorovaii", False, False)
    order, row = Order.objects.get(), person.appointments.get()
    assert (order.kind, order.number, order.date, order.state) == (
        "hire",
        "12-л",
        datetime.date(2026, 8, 31),
        "executed",
    )
    assert (order.effective_on, order.signatory_name, order.executed_by.surname) == (
        datetime.date(2026, 9, 1),
        "Директор Белая И. Ю.",
        "Журавлёв",
    )
    assert (row.position, row.starts, row.ends, row.order, row.basis) == (
        position,
        datetime.date(2026, 9, 1),
        None,
        order,
        "Приказ № 12-л от 31.08.2026",
    )
    assert (actions_of(person), actions_of(row)) == (["person.added"], ["appointment.added"])
    assert actions_of(order) == ["order.drafted", "order.signed", "order.executed"]
    entry = AuditEntry.objects.of(row).get()
    assert (entry.actor.surname, entry.address, entry.basis) == ("Журавлёв", "127.0.0.1", order.reference)
    assert not LogEntry.objects.exists()


def test_the_director_of_the_day_has_signed_unless_somebody_else_is_named(desk):
    director = make_employee(position="director", surname="Белая", name="Инна", patronymic="Юрьевна")
    desk.post(address("accounts_user_add"), {**NEW, "position": make_position("teacher").pk, "signature": ""})
    order = Order.objects.get()
    assert (order.signatory, order.signatory_name) == (director, "Директор Белая\xa0И.\xa0Ю.")


@pytest.mark.parametrize("missing", ["surname", "name", "position", "starts", "number", "date", "signature"])
def test_without_position_or_order_nobody_is_registered(desk, missing):
    before = User.objects.count(), Order.objects.count(), written().count()
    values = {**NEW, "position": make_position("teacher").pk}
    response = desk.post(address("accounts_user_add"), {key: v for key, v in values.items() if key != missing})
    assert response.status_code == 200
    assert (User.objects.count(), Order.objects.count(), written().count()) == before


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"date": f"{TODAY + DAY:%d.%m.%Y}"}, "Дата приказа ещё не наступила"),
        ({"ends": "31.08.2026"}, "Последний день раньше первого."),
        ({"number": "7-Л"}, "Приказ с таким номером в этой книге в этом году уже есть."),
        ({"surname": "ФЕДОРОВА", "name": "Вера", "patronymic": ""}, "Такой человек уже есть"),
        ({"starts": "01.09.2026", "position": "duty"}, "Выберите корректный вариант."),
    ],
)
def test_what_the_order_refuses_is_said_in_the_form_and_nothing_half_done_stays(desk, values, words):
    make_person(surname="Фёдорова", name="Вера", patronymic="", birth_date=datetime.date(1990, 2, 1))
    make_executed_order(kind="hire", number="7-л", date=datetime.date(2026, 3, 1))
    before = User.objects.count(), Order.objects.count(), written().count()
    duty = Position.objects.create(code="class_teacher", name="Классный руководитель", category="duty")
    values = {**NEW, "position": make_position("teacher").pk, **values}
    values["position"] = duty.pk if values["position"] == "duty" else values["position"]
    response = desk.post(address("accounts_user_add"), values)
    page = response.content.decode()
    assert (response.status_code, User.objects.count(), Order.objects.count(), written().count()) == (200, *before)
    assert words in page
    assert f'value="{values["surname"]}"' in page


def post_person(desk, person: User, **fields):
    values = {"surname": person.surname, "name": person.name, "patronymic": person.patronymic, "birth_date": "",
              "email": person.email, "phone": person.phone, "basis": "", **fields}  # fmt: skip
    return desk.post(address("accounts_user_change", person.pk), values)


def test_a_correction_leaves_names_of_fields_in_the_trail_and_no_values(desk):
    person = make_person(surname="Ошибкина", email="secret@example.org")
    assert post_person(desk, person, surname="Ёлкина", basis="Паспорт").status_code == 302
    assert User.objects.get(pk=person.pk).surname == "Ёлкина"
    entry = AuditEntry.objects.of(person).get()
    assert (entry.action, entry.changes, entry.basis) == ("person.changed", {"surname": None}, "Паспорт")
    assert not LogEntry.objects.exists()


def test_no_form_of_the_desk_changes_rights_logins_or_passwords(desk):
    person = make_person()
    before = User.objects.filter(pk=person.pk).values().get()
    post_person(
        desk, person, is_superuser="on", is_staff="on", username="director", password="1", must_change_password="on",
        session_epoch="9", is_demo="", groups="1", user_permissions="1", last_login_0="01.01.2026",
    )  # fmt: skip
    assert User.objects.filter(pk=person.pk).values().get() == before


def test_the_hash_of_a_password_is_never_shown(desk):
    person = make_person()
    page = desk.get(address("accounts_user_change", person.pk)).content.decode()
    assert (person.password in page, "md5$" in page, 'name="password"' in page) == (False, False, False)


def test_accounts_with_the_right_over_the_installation_are_changed_by_their_like_only(desk, client):
    superuser = make_person(is_superuser=True, surname="Главный")
    assert post_person(desk, superuser, surname="Захвачен").status_code == 403
    page = f"{address('accounts_user_act', 'end-sessions')}?people={superuser.pk}"
    assert "Этих учётных записей вы не меняете" in desk.get(page).content.decode()
    desk.post(page, {"reason": ""})
    assert User.objects.get(pk=superuser.pk).password == superuser.password
    assert written().count() == 0


def test_a_superuser_gives_and_takes_the_right_over_the_installation(client):
    make_desk()
    superuser, person = make_person(is_superuser=True), make_person()
    sign_in(client, superuser)
    post_person(client, person, is_superuser="on")
    assert User.objects.get(pk=person.pk).is_superuser
    assert actions_of(person) == ["person.superuser_changed"]
    post_person(client, person)
    post_person(client, superuser)
    assert [User.objects.get(pk=each.pk).is_superuser for each in (person, superuser)] == [False, True]


# What only orders do


@pytest.mark.clause("6.5")
def test_no_pupil_comes_goes_or_moves_at_the_desk(desk, everyone):
    pupil, row = everyone["pupil"], Enrolment.objects.get()
    values = {"pupil": pupil.pk, "school_class": row.school_class_id, "starts": "01.09.2026"}
    attempts = [
        (address("accounts_enrolment_add"), values),
        (address("accounts_enrolment_change", row.pk), values),
        (address("accounts_enrolment_delete", row.pk), {"post": "yes"}),
        (address("accounts_user_delete", pupil.pk), {"post": "yes"}),
        (address("accounts_relation_add"), {"parent": 1, "pupil": pupil.pk, "kind": "mother", "starts": "01.09.2026"}),
        (address("accounts_relation_delete", Relation.objects.get().pk), {"post": "yes"}),
        (address("accounts_block_add"), {"person": pupil.pk, "reason": "x"}),
    ]
    before = list(Enrolment.objects.values()), User.objects.count(), Relation.objects.count(), Block.objects.count()
    assert [desk.post(page, values).status_code for page, values in attempts] == [403] * len(attempts)
    for model in ("user", "enrolment", "relation", "appointment", "block", "acceptance", "auditentry"):
        chosen = {"action": "delete_selected", "_selected_action": [pupil.pk, row.pk], "post": "yes"}
        desk.post(address(f"accounts_{model}_changelist"), chosen)
    after = list(Enrolment.objects.values()), User.objects.count(), Relation.objects.count(), Block.objects.count()
    assert after == before


@pytest.mark.clause("6.6")
def test_appointments_are_made_and_ended_by_orders_only(desk, everyone):
    row = everyone["teacher"].appointments.get()
    before = list(Appointment.objects.values())
    values = {"person": everyone["pupil"].pk, "position": make_position().pk, "starts": "01.09.2026", "ends": ""}
    attempts = [address("accounts_appointment_add"), address("accounts_appointment_change", row.pk),
                address("accounts_appointment_delete", row.pk)]  # fmt: skip
    assert [desk.post(page, {**values, "post": "yes"}).status_code for page in attempts] == [403] * 3
    assert list(Appointment.objects.values()) == before
    page = desk.get(address("accounts_appointment_changelist")).content.decode()
    assert ('href="/orders/new/"' in page, "Оформить приказом" in page) == (True, True)


def test_facts_name_the_orders_that_began_and_ended_them(desk):
    pupil = make_pupil(surname="Ёлкина")
    came, gone = make_executed_order(number="7-к"), make_executed_order(kind="expulsion", number="8-к")
    pupil.enrolments.update(order=came, ended_by=gone, ends=TODAY)
    for page, told in (
        (address("accounts_enrolment_changelist"), [True, False]),
        (address("accounts_enrolment_change", pupil.enrolments.get().pk), [True, True]),
    ):
        shown = desk.get(page).content.decode()
        assert [f'<a href="{order.get_absolute_url()}">{order}</a>' in shown for order in (came, gone)] == told
    assert "№ 8-к" in texts(desk.get(address("accounts_user_change", pupil.pk)))


# Orders


@pytest.fixture
def orders_of_two_years():
    pupil = make_pupil(surname="Ёлкина")
    early = make_executed_order(number="7-к", date=datetime.date(2025, 9, 1), people=[pupil], place="Школа № 3")
    late = make_executed_order(kind="hire", number="9-л", date=datetime.date(2026, 9, 1))
    OrderEffect.objects.create(order=early, line=early.lines.get(), person=pupil, action="added",
                               fact="accounts.enrolment", fact_id=1)  # fmt: skip
    return early, late


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["9-л", "7-к"]),
        ("year=2025", ["7-к"]),
        ("year=1999", ["9-л", "7-к"]),
        ("register__exact=personnel", ["9-л"]),
        ("kind__exact=enrolment", ["7-к"]),
        ("state__exact=draft", []),
        ("q=7-К", ["7-к"]),
        ("q=зачислении", ["7-к"]),
    ],
)
def test_orders_are_found_at_the_desk(desk, orders_of_two_years, query, expected):
    found = desk.get(f"{address('accounts_order_changelist')}?{query}").context["cl"].result_list
    assert [order.number for order in found] == expected


@pytest.mark.clause("6.5")
def test_orders_are_only_seen_at_the_desk_with_points_and_effects(desk, orders_of_two_years):
    order, _ = orders_of_two_years
    response = desk.get(address("accounts_order_change", order.pk))
    page = texts(response)
    for words in ("Ёлкина Анна Сергеевна", "Школа № 3", "зачисление", "появилось"):
        assert words in page
    assert f'href="{order.get_absolute_url()}"' in response.content.decode()
    before = list(Order.objects.values()), list(order.lines.values())
    attempts = [address("accounts_order_add"), address("accounts_order_change", order.pk),
                address("accounts_order_delete", order.pk)]  # fmt: skip
    values = {"number": "1", "title": "x", "state": "draft", "post": "yes"}
    assert [desk.post(page, values).status_code for page in attempts] == [403] * 3
    assert (list(Order.objects.values()), list(order.lines.values())) == before


def test_a_thousand_points_are_left_to_the_portal(desk, monkeypatch, orders_of_two_years):
    monkeypatch.setattr("accounts.admin.orders.MOST_LINES", 0)
    page = texts(desk.get(address("accounts_order_change", orders_of_two_years[0].pk)))
    assert ("1: читайте их на странице приказа" in page, "Ёлкина" in page) == (True, False)


# Acts


def act(desk, name: str, *people: User, reason: str = "Причина"):
    page = f"{address('accounts_user_act', name)}?people={','.join(str(person.pk) for person in people)}"
    return desk.post(page, {"reason": reason}, follow=True)


@pytest.mark.parametrize("name", ["block", "unblock", "reset_factor", "end_sessions"])
def test_an_act_is_chosen_in_the_list_and_says_first_what_will_happen(desk, name):
    person = make_person(surname="Белая")
    before = User.objects.filter(pk=person.pk).values().get()
    chosen = {"action": name, "_selected_action": [person.pk]}
    response = desk.post(address("accounts_user_changelist"), chosen, follow=True)
    assert response.redirect_chain == [
        (f"{address('accounts_user_act', name.replace('_', '-'))}?people={person.pk}", 302)
    ]
    assert "Что произойдёт" in response.content.decode()
    assert "Белая" in response.content.decode()
    assert (User.objects.filter(pk=person.pk).values().get(), written().count()) == (before, 0)


@pytest.mark.clause("9.2")
def test_passwords_are_issued_in_the_section_of_credentials(desk):
    make_element(slug="credentials", closure=5, kind="built_in")
    worker, pupil = make_employee(must_change_password=True, surname="Белая"), make_pupil(surname="Чужая")
    chosen = {"action": "print_slips", "_selected_action": [worker.pk, pupil.pk]}
    answer = desk.post(address("accounts_user_changelist"), chosen, follow=True)
    assert answer.redirect_chain[0][0].startswith("/credentials/issue/?person=")
    page = answer.content.decode()
    assert ("Белая" in page, "Чужая" in page, "Ещё 1 отмеченному листки выдаёте не вы" in page) == (True, False, True)
    links = [f"/credentials/people/{one.pk}/" for one in (worker, pupil)]
    pages = [desk.get(address("accounts_user_change", one.pk)).content.decode() for one in (worker, pupil)]
    assert [link in page for link, page in zip(links, pages, strict=True)] == [True, False]


@pytest.mark.clause("12.2")
def test_an_account_is_blocked_and_unblocked_with_a_reason(desk):
    person = make_employee()
    page = act(desk, "block", person, reason="")
    assert "Обязательное поле" in page.content.decode()
    assert not Block.objects.exists()
    act(desk, "block", person, reason="Пароль подсмотрели")
    assert Block.objects.standing().get(person=person).reason == "Пароль подсмотрели"
    twice = act(desk, "block", person)
    assert "уже заблокирована" in twice.content.decode()
    act(desk, "unblock", person, reason="Пришёл с паспортом")
    assert not Block.objects.standing().exists()
    assert actions_of(person) == ["person.blocked", "person.unblocked"]


def test_one_refusal_does_not_stop_the_others(desk):
    own, other = User.objects.get(surname="Журавлёв"), make_employee()
    page = act(desk, "block", own, other).content.decode()
    assert "Свою учётную запись заблокировать нельзя" in page
    assert "Учётная запись заблокирована: 1 человек." in page
    assert [block.person for block in Block.objects.all()] == [other]


def test_second_factor_and_sessions_end(desk):
    person = make_employee()
    act(desk, "reset-factor", person, reason="Потерян телефон")
    act(desk, "end-sessions", person, reason="")
    assert User.objects.get(pk=person.pk).session_epoch == person.session_epoch + 2
    assert list(AuditEntry.objects.of(person).values_list("action", "basis")) == [
        ("session.ended", ""), ("factor.reset", "Потерян телефон"),
    ]  # fmt: skip


@pytest.mark.parametrize("people", ["", "abc", "1,x", "-1", "1" * 30, ",".join(["1"] * 201)])
def test_a_wrong_choice_of_people_leads_back_to_the_list(desk, people):
    response = desk.get(address("accounts_user_act", "block"), {"people": people})
    assert (response.status_code, response.url) == (302, address("accounts_user_changelist"))


def test_an_unknown_act_is_not_found(desk):
    assert desk.get(f"{address('accounts_user_act', 'delete')}?people=1").status_code == 404


# The school


def test_the_card_is_changed_through_its_action(desk):
    page = address("accounts_schoolcard_change", 1)
    form = desk.get(page).context["adminform"].form
    values = {name: "" if (value := form[name].value()) is None else value for name in form.fields}
    before = SchoolCard.current().public_version
    wrong = desk.post(page, {**values, "time_zone": "Марс"})
    assert "Нет такого часового пояса" in wrong.content.decode()
    assert desk.post(page, {**values, "portal_name": "ЭИОС школы №29", "public_version": "0"}).status_code == 302
    card = SchoolCard.current()
    assert (card.portal_name, card.public_version) == ("ЭИОС школы №29", before + 1)
    assert AuditEntry.objects.of(card).get().changes == {"portal_name": ["ЭИОС школы", "ЭИОС школы №29"]}
    assert desk.post(address("accounts_schoolcard_delete", 1), {"post": "yes"}).status_code == 403


def test_the_logo_goes_through_the_store_of_files(desk, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    page = address("accounts_schoolcard_change", 1)
    form = desk.get(page).context["adminform"].form
    values = {name: "" if (value := form[name].value()) is None else value for name in form.fields}
    values.pop("logo_file")
    content = picture()

    def post(sent: bytes):
        return desk.post(page, {**values, "logo_file": SimpleUploadedFile("logo.png", sent)})

    refused = post(b"<svg onload=alert(1)>")
    assert (refused.status_code, SchoolCard.current().logo) == (200, None)
    assert post(content).status_code == 302
    logo = SchoolCard.current().logo
    assert (logo.kind, logo.media_type, (tmp_path / logo.path).read_bytes()) == ("logo", "image/png", content)
    assert desk.post(page, {**values, "logo_file-clear": "on"}).status_code == 302
    assert SchoolCard.current().logo is None
    assert actions_of(SchoolCard.current()) == ["school_card.changed", "school_card.changed"]


def test_years_and_classes_are_opened_renamed_and_deleted_with_a_trace(desk):
    desk.post(address("accounts_academicyear_add"), {"starts": "01.09.2026", "ends": "31.08.2027"})
    year = AcademicYear.objects.get()
    overlap = desk.post(address("accounts_academicyear_add"), {"starts": "01.01.2027", "ends": "31.08.2028"})
    assert "В эти дни идёт другой учебный год" in overlap.content.decode()
    wrong = desk.post(address("accounts_schoolclass_add"), {"year": year.pk, "name": "10А"})
    assert "классы с 1 по 9" in wrong.content.decode()
    desk.post(address("accounts_schoolclass_add"), {"year": year.pk, "name": "5-a"})
    row = SchoolClass.objects.get()
    desk.post(address("accounts_schoolclass_change", row.pk), {"name": "5Б"})
    row.refresh_from_db()
    assert (row.name, row.year) == ("5\xa0«Б»", year)
    trail = AuditEntry.objects.of(row)
    desk.post(address("accounts_schoolclass_delete", row.pk), {"post": "yes"})
    assert list(trail.values_list("action", flat=True)) == [
        "school_class.deleted", "school_class.changed", "school_class.added",
    ]  # fmt: skip
    assert (SchoolClass.objects.count(), actions_of(year)) == (0, ["academic_year.added"])


def test_a_class_with_pupils_is_neither_deleted_nor_moved_to_another_grade(desk, everyone):
    row = SchoolClass.objects.get()
    desk.post(address("accounts_schoolclass_delete", row.pk), {"post": "yes"})
    moved = desk.post(address("accounts_schoolclass_change", row.pk), {"name": "6А"})
    assert "переводит приказ" in moved.content.decode()
    assert SchoolClass.objects.get().name == "5\xa0«А»"


def test_rows_deleted_together_are_in_the_trail_one_by_one(desk):
    rows = [make_method_group(name="ШМО музыки"), make_method_group(name="ШМО пения")]
    chosen = {"action": "delete_selected", "_selected_action": [row.pk for row in rows], "post": "yes"}
    desk.post(address("accounts_methodgroup_changelist"), chosen)
    assert (MethodGroup.objects.count(), [actions_of(row) for row in rows]) == (0, [["method_group.deleted"]] * 2)
    assert not LogEntry.objects.exists()


@pytest.mark.clause("5.3")
def test_levels_of_positions_change_and_their_codes_do_not(desk):
    load_positions(by=BY)
    row = Position.objects.get(code="methodist")
    values = {"name": row.name, "category": row.category, "level": "3", "order": "5", "code": "director2"}
    desk.post(address("accounts_position_change", row.pk), values)
    row.refresh_from_db()
    assert (row.level, row.code) == (3, "methodist")
    wrong = desk.post(address("accounts_position_change", row.pk), {**values, "level": "5"})
    assert wrong.status_code == 200
    assert Position.objects.get(pk=row.pk).level == 3
    found = desk.get(f"{address('accounts_position_changelist')}?q=ПСИХОЛОГ").content.decode()
    assert ("педагог-психолог" in found, "методист" in found) == (True, False)


# The agreement


def test_an_edition_is_published_and_corrected_until_somebody_accepts_it(desk):
    values = {"title": "Соглашение", "text": "Текст", "plain_text": "Просто",
              "in_force_from": f"{TODAY + DAY:%d.%m.%Y}"}  # fmt: skip
    desk.post(address("accounts_agreementedition_add"), values)
    edition = AgreementEdition.objects.get(number=2)
    assert actions_of(edition) == ["agreement.published"]
    page = address("accounts_agreementedition_change", edition.pk)
    assert desk.post(page, {**values, "text": "Исправлено", "in_force_from": "01.01.2020"}).status_code == 302
    edition.refresh_from_db()
    assert (edition.text, edition.in_force_from) == ("Исправлено", TODAY + DAY)
    Acceptance.objects.create(person=make_person(), by=make_person(), edition=edition, kind="self")
    assert desk.post(page, {**values, "text": "Тайком"}).status_code == 403
    edition.refresh_from_db()
    assert edition.text == "Исправлено"
    assert actions_of(edition) == ["agreement.published", "agreement_edition.changed"]


def test_an_edition_of_the_past_is_refused_in_the_form(desk):
    values = {"title": "С", "text": "Т", "plain_text": "П", "in_force_from": f"{TODAY - DAY:%d.%m.%Y}"}
    response = desk.post(address("accounts_agreementedition_add"), values)
    assert "не может начать действовать в прошлом" in response.content.decode()
    assert AgreementEdition.objects.count() == 1


def test_a_text_of_a_consent_is_published_mended_and_then_kept(desk):
    values = {"kind": "portfolio", "audience": "pupil", "title": "Показ", "text": "Текст",
              "in_force_from": f"{TODAY + DAY:%d.%m.%Y}"}  # fmt: skip
    desk.post(address("accounts_consenttext_add"), values)
    row = ConsentText.objects.get(kind="portfolio")
    assert (row.number, actions_of(row)) == (1, ["consent_text.published"])
    page = address("accounts_consenttext_change", row.pk)
    desk.post(page, {**values, "text": "Исправлено", "kind": "processing", "in_force_from": "01.01.2020"})
    row.refresh_from_db()
    assert (row.text, row.kind, row.in_force_from) == ("Исправлено", "portfolio", TODAY + DAY)
    make_consent(make_pupil(), text=row)
    desk.post(page, {**values, "text": "Тайком", "is_asked": "on"})
    row.refresh_from_db()
    assert (row.text, row.is_asked) == ("Исправлено", True)
    assert actions_of(row) == ["consent_text.published", "consent_text.changed", "consent_text.changed"]
    past = {**values, "kind": "publication", "in_force_from": f"{TODAY - DAY:%d.%m.%Y}"}
    assert "не может начать действовать в прошлом" in texts(desk.post(address("accounts_consenttext_add"), past))


# The trail


def test_the_history_of_an_object_shows_names_values_and_grounds(desk):
    desk.post(address("accounts_user_add"), {**NEW, "position": make_position("teacher").pk})
    row = User.objects.get(surname="Фёдорова").appointments.get()
    page = texts(desk.get(address("accounts_appointment_history", row.pk)))
    for words in ("Журавлёв Олег Ильич", "Назначение на должность", "Работник: — → Фёдорова Инна Юрьевна",
                  "С: — → 01.09.2026", "Должность: — → teacher", "Исполняет обязанности: — → нет",
                  "Приказ № 12-л от 31.08.2026", "127.0.0.1"):  # fmt: skip
        assert words in page


def test_the_trail_can_be_searched_and_not_touched(desk):
    make_employee(surname="Белая")
    values = {"starts": "01.09.2026", "ends": "31.08.2027"}
    desk.post(address("accounts_academicyear_add"), values)
    entry = written().get()
    found = [texts(desk.get(f"{address('accounts_auditentry_changelist')}?q={q}")) for q in ("журавлёв", "белая")]
    assert ["открыт учебный год" in page.split("Фильтр")[0] for page in found] == [True, False]
    attempts = [address("accounts_auditentry_add"), address("accounts_auditentry_change", entry.pk),
                address("accounts_auditentry_delete", entry.pk)]  # fmt: skip
    assert [desk.post(page, {"action": "x", "post": "yes"}).status_code for page in attempts] == [403] * 3
    assert written().get() == entry
