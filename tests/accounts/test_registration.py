"""Registration sheets (9.5): loading, checks, states, orders, and who may open what."""

import datetime
import io
import threading

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from accounts import registration
from accounts.actions import execution, orders
from accounts.actions import registration as actions
from accounts.actions.school import load_positions
from accounts.actor import Actor
from accounts.importing.plan import Outcome, plan_of
from accounts.models import (
    AuditEntry,
    Enrolment,
    Order,
    OrderLine,
    Position,
    RegistrationSheet,
    Relation,
    SchoolClass,
    SheetRow,
    Slip,
    StoredFile,
    User,
)
from eios.lib.dates import school_year_start
from resources.actions.registry import load_registry
from tests.factories import (
    make_class,
    make_employee,
    make_person,
    make_pupil,
    make_year,
    sign_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.clause("9.5")]
TODAY = datetime.date.today()
BORN = school_year_start(TODAY).replace(year=school_year_start(TODAY).year - 11)
HEAD = ["Фамилия", "Имя", "Отчество", "Дата рождения"]
State = RegistrationSheet.State


@pytest.fixture(autouse=True)
def store_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def registry():
    load_registry(by=Actor.command("tests"))


def actor(person=None) -> Actor:
    return Actor(person, None, person.username if person else "команда test")


def xlsx(*rows) -> SimpleUploadedFile:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("список.xlsx", out.getvalue())


def born(years=11) -> str:
    return f"{BORN.replace(year=BORN.year + 11 - years):%d.%m.%Y}"


def leader_of(school_class, **fields) -> User:
    return make_employee(position="class_teacher", school_class=school_class, **fields)


def planned(leader, school_class, *rows, head=HEAD):
    """The plan of a file given by the class teacher; nothing is confirmed."""
    sheet = actions.keep_file(xlsx(head, *rows), school_class=school_class, by=actor(leader))
    return plan_of(sheet, asker=leader, date=TODAY)


def loaded(leader, school_class, *rows, head=HEAD) -> RegistrationSheet:
    plan = planned(leader, school_class, *rows, head=head)
    actions.confirm_file(plan.sheet, plan.mark, by=actor(leader))
    return RegistrationSheet.objects.get(pk=plan.sheet.pk)


def outcomes(plan) -> list[str]:
    return [item.outcome.name for item in plan.items]


def remarks(plan) -> list[tuple]:
    return [
        (item.record.number, remark.column, remark.is_error, remark.text)
        for item in plan.items
        for remark in item.record.remarks
    ]


def page_of(school_class, name="class_sheet", *args) -> str:
    return reverse(f"accounts:{name}", args=[school_class.pk, *args])


@pytest.fixture
def room():
    return make_class(grade=5)


@pytest.fixture
def leader(room):
    return leader_of(room, surname="Соловьёва", name="Ольга")


# --- the plan --------------------------------------------------------------------------------------------------------


def test_a_file_is_planned_applied_and_repeated_without_change(leader, room):
    rows = [["Ёлкин", "Пётр", "Ильич", born()], ["орлова", "АННА", None, born()]]
    plan = planned(leader, room, *rows)
    assert (outcomes(plan), SheetRow.objects.count()) == (["NEW", "NEW"], 0)
    sheet = loaded(leader, room, *rows)
    assert list(sheet.rows.values_list("number", "surname", "name", "birth_date")) == [
        (1, "Ёлкин", "Пётр", BORN), (2, "Орлова", "Анна", BORN),
    ]  # fmt: skip
    again = planned(leader, room, *rows)
    assert (outcomes(again), again.changes_anything, again.can_be_applied) == (["SAME", "SAME"], False, False)
    assert User.objects.filter(surname="Ёлкин").count() == 0


def test_a_changed_row_says_what_changes_and_absent_columns_change_nothing(leader, room):
    head = [*HEAD, "Телефон"]
    loaded(leader, room, ["Ёлкин", "Пётр", "Ильич", born(), "+7 900 111-22-33"], head=head)
    plan = planned(leader, room, ["Ёлкин", "Пётр", "Ильич", born(12)])
    assert [(item.outcome.name, item.changed) for item in plan.items] == [("CHANGED", ["birth_date"])]
    actions.confirm_file(plan.sheet, plan.mark, by=actor(leader))
    row = SheetRow.objects.get()
    assert (f"{row.birth_date:%d.%m.%Y}", row.phone) == (born(12), "+7 900 111-22-33")


def test_rows_that_the_file_lacks_stay(leader, room):
    loaded(leader, room, ["Ёлкин", "Пётр", "Ильич", born()])
    plan = planned(leader, room, ["Орлова", "Анна", "Ивановна", born()])
    assert [row.surname for row in plan.left] == ["Ёлкин"]
    actions.confirm_file(plan.sheet, plan.mark, by=actor(leader))
    assert list(SheetRow.objects.values_list("surname", flat=True)) == ["Ёлкин", "Орлова"]


def test_representatives_come_with_the_pupil(leader, room):
    head = ["ФИО", "Дата рождения", "Мать", "Телефон матери", "Мать: документ", "Отец: ФИО", "Отец: e-mail"]
    row = ["Ёлкин Пётр Ильич", born(), "Ёлкина Вера Павловна", "+7 900 000-00-00", "I-АГ № 1", "Ёлкин Илья", "a@b.ru"]
    loaded(leader, room, row, head=head)
    assert SheetRow.objects.get().parents == [
        {"surname": "Ёлкина", "name": "Вера", "patronymic": "Павловна", "kind": "mother", "phone": "+7 900 000-00-00",
         "email": "", "document": "I-АГ № 1"},
        {"surname": "Ёлкин", "name": "Илья", "patronymic": "", "kind": "father", "phone": "", "email": "a@b.ru",
         "document": ""},
    ]  # fmt: skip


def test_every_mistake_says_row_column_and_cause(leader, room):
    head = [*HEAD, "Телефон", "E-mail", "Мать", "Класс"]
    plan = planned(
        leader, room,
        ["", "Пётр", "", born(), None, None, None, None],
        ["Ёлкин", "Пётр", "", "31.02.2014", None, None, None, None],
        ["Орлов", "Ивaн", "", born(), "нет", "не почта", "Вера", "6Б"],
        ["Орлов5", "Ян", "", None, None, None, None, None],
        head=head,
    )  # fmt: skip
    assert outcomes(plan) == ["ERROR"] * 4
    assert [row[:2] for row in remarks(plan) if row[2]] == [
        (2, "Фамилия"), (3, "Дата рождения"), (4, "Имя"), (4, "Телефон"), (4, "Мать"), (4, "Класс"), (4, "E-mail"),
        (5, "Фамилия"), (5, "Дата рождения"),
    ]  # fmt: skip
    with pytest.raises(Exception, match="В файле есть ошибки"):
        actions.confirm_file(plan.sheet, plan.mark, by=actor(leader))
    assert SheetRow.objects.count() == 0


def test_duplicates_within_a_file_fold_case_and_yo(leader, room):
    plan = planned(
        leader, room, ["Ёлкин", "Пётр", "Ильич", born()], ["ЕЛКИН", "ПЕТР", "ИЛЬИЧ", born()],
        ["Елкин", "Петр", "Ильич", born(12)],
    )  # fmt: skip
    assert [(number, is_error, text) for number, _, is_error, text in remarks(plan)] == [
        (3, True, "Повторяет строку 2."),
        (4, False, "Однофамилец строки 2: проверьте, не один ли это человек."),
    ]


@pytest.mark.parametrize(("years", "outcome", "words"), [
    (11, "NEW", ""), (9, "NEW", "Необычный возраст"), (15, "NEW", "Необычный возраст"),
    (7, "ERROR", "не бывает"), (17, "ERROR", "не бывает"), (0, "ERROR", "не бывает"),
])  # fmt: skip
def test_the_age_is_held_against_the_grade(leader, room, years, outcome, words):
    plan = planned(leader, room, ["Ёлкин", "Пётр", "Ильич", born(years)])
    assert (outcomes(plan), [words in text for *_, text in remarks(plan)]) == ([outcome], [True] if words else [])


def test_a_birth_date_to_come_is_a_mistake(leader, room):
    plan = planned(leader, room, ["Ёлкин", "Пётр", "", f"{TODAY + datetime.timedelta(days=400):%d.%m.%Y}"])
    assert outcomes(plan) == ["ERROR"]


def test_someone_of_another_sheet_is_refused_without_telling_of_whose_class(leader, room):
    other = make_class(grade=5, letter="Б")
    loaded(leader_of(other), other, ["Елкин", "Петр", "Ильич", born()])
    plan = planned(leader, room, ["Ёлкин", "Пётр", "Ильич", born()])
    words = "Уже есть в другой ведомости. Один человек регистрируется один раз."
    assert remarks(plan) == [(2, "", True, words)]
    seen = plan_of(plan.sheet, asker=make_employee(position="deputy"), date=TODAY)
    assert other.name in remarks(seen)[0][3]


def test_a_pupil_of_another_class_needs_a_transfer(leader, room):
    other = make_class(grade=5, letter="Б")
    make_pupil(school_class=other, surname="Ёлкин", name="Пётр", patronymic="Ильич", birth_date=BORN)
    plan = planned(leader, room, ["елкин", "пётр", "ильич", born()])
    assert outcomes(plan) == ["ERROR"]
    assert (other.name in remarks(plan)[0][3], "приказ о переводе" in remarks(plan)[0][3]) == (False, True)


def test_a_pupil_of_the_own_class_asks_for_credentials(leader, room):
    pupil = make_pupil(school_class=room, surname="Ёлкин", name="Пётр", patronymic="Ильич", birth_date=BORN)
    sheet = loaded(leader, room, ["Елкин", "Петр", "Ильич", born()])
    assert [(row.person, row.standing) for row in registration.rows_of(sheet)] == [(pupil, registration.CREDENTIALS)]


def former_pupil(**fields) -> User:
    fields = {"surname": "Ёлкин", "name": "Пётр", "patronymic": "Ильич", "birth_date": BORN, **fields}
    return make_pupil(school_class=make_class(grade=4), ends=datetime.date(2025, 5, 31), **fields)


def test_a_former_pupil_is_offered_and_must_be_decided(leader, room):
    former = former_pupil()
    sheet = loaded(leader, room, ["Елкин", "Петр", "Ильич", born()])
    row = registration.rows_of(sheet)[0]
    assert (row.standing, row.candidate) == (registration.UNDECIDED, former)
    with pytest.raises(Exception, match="Решите, те ли это люди"):
        actions.submit(sheet, by=actor(leader))
    actions.recognise(row, former, by=actor(leader))
    assert outcomes(planned(leader, room, ["Елкин", "Петр", "Ильич", born()])) == ["SAME"]
    actions.submit(sheet, by=actor(leader))
    order = actions.take(sheet, by=actor())
    assert list(order.lines.values_list("person", "surname")) == [(former.pk, "")]


def test_another_human_being_of_the_same_name_is_registered_anew(leader, room):
    former_pupil(birth_date=None)
    sheet = loaded(leader, room, ["Ёлкин", "Пётр", "Ильич", born()])
    row = registration.rows_of(sheet)[0]
    actions.recognise(row, None, by=actor(leader))
    actions.submit(sheet, by=actor(leader))
    order = actions.take(sheet, by=actor())
    assert list(order.lines.values_list("person", "surname")) == [(None, "Ёлкин")]


def test_the_plan_asks_a_constant_number_of_queries(leader, room):
    def count(number):
        plan = planned(leader, room, *[["Ёлкин", f"Пётр{'а' * n}", "", born()] for n in range(number)])
        with CaptureQueriesContext(
            connection,
        ) as asked:
            plan_of(plan.sheet, asker=leader, date=TODAY)
        return len(asked)

    assert count(1) == count(30)


def test_ten_thousand_rows_are_planned_or_refused_in_seconds(leader, room):
    names = ["Ёлкин", "Орлов"]
    rows = [
        [names[n % 2], f"И{'абвгдежзик'[n // 1000]}{'абвгдежзик'[n // 100 % 10]}", None, born()] for n in range(9000)
    ]
    begun = datetime.datetime.now()
    plan = planned(leader, room, *rows)
    assert (len(plan.items), plan.has_errors) == (9000, True)
    assert (datetime.datetime.now() - begun).total_seconds() < 15


# --- confirming ------------------------------------------------------------------------------------------------------


def test_a_plan_that_changed_meanwhile_is_not_carried_out(leader, room):
    plan = planned(leader, room, ["Ёлкин", "Пётр", "Ильич", born()])
    make_pupil(school_class=make_class(grade=6), surname="Ёлкин", name="Пётр", patronymic="Ильич", birth_date=BORN)
    with pytest.raises(actions.StalePlan):
        actions.confirm_file(plan.sheet, plan.mark, by=actor(leader))
    assert SheetRow.objects.count() == 0


def test_confirming_twice_adds_once(leader, room):
    plan = planned(leader, room, ["Ёлкин", "Пётр", "Ильич", born()])
    actions.confirm_file(plan.sheet, plan.mark, by=actor(leader))
    with pytest.raises(actions.StalePlan):
        actions.confirm_file(plan.sheet, plan.mark, by=actor(leader))
    assert SheetRow.objects.count() == 1


def test_the_trail_keeps_no_names(leader, room):
    sheet = loaded(leader, room, ["Ёлкин", "Пётр", "Ильич", born()])
    row = SheetRow.objects.get()
    row.surname = "Орлов"
    actions.save_row(row, by=actor(leader))
    actions.remove_row(row, by=actor(leader))
    told = [(entry.action, str(entry.changes)) for entry in AuditEntry.objects.filter(object_type__contains="sheet")]
    assert [action for action, _ in reversed(told)] == [
        "registration_sheet.opened", "registration_sheet.loaded", "sheet_row.changed", "sheet_row.removed",
    ]  # fmt: skip
    assert not any("Ёлкин" in changes or "Орлов" in changes for _, changes in told)
    assert AuditEntry.objects.of(sheet).filter(action="registration_sheet.loaded").get().changes["new"] == [None, 1]


# --- states and orders -----------------------------------------------------------------------------------------------


def test_a_sheet_becomes_an_enrolment_order_in_one_click(leader, room):
    mother = {"surname": "Ёлкина", "name": "Вера", "kind": "mother", "document": "I-АГ № 1"}
    head = [*HEAD, "№ личного дела", "Мать", "Мать: документ"]
    sheet = loaded(leader, room, ["Ёлкин", "Пётр", "Ильич", born(), "Ё-27", "Ёлкина Вера", "I-АГ № 1"], head=head)
    actions.submit(sheet, by=actor(leader))
    order = actions.take(sheet, by=actor())
    line = order.lines.get()
    assert (order.kind, order.state, line.school_class, line.file_number) == ("enrolment", "draft", room, "Ё-27")
    assert {key: line.parents[0][key] for key in mother} == mother
    sheet.refresh_from_db()
    assert (sheet.state, sheet.order, sheet.credentials) == (State.TAKEN, order, "")
    with pytest.raises(Exception, match="Ведомость уже взята в приказ"):
        actions.take(sheet, by=actor())
    assert Order.objects.count() == 1


def test_the_order_of_a_sheet_can_be_executed(leader, room):
    head = [*HEAD, "Мать"]
    sheet = loaded(leader, room, ["Ёлкин", "Пётр", "Ильич", born(), "Ёлкина Вера"], head=head)
    actions.submit(sheet, by=actor(leader))
    order = actions.take(sheet, by=actor())
    execute(order)
    pupil = User.objects.get(surname="Ёлкин")
    assert Enrolment.objects.get(pupil=pupil).school_class == room
    assert Relation.objects.get(pupil=pupil).parent.surname == "Ёлкина"
    assert outcomes(planned(leader, room, ["Ёлкин", "Пётр", "Ильич", born()])) == ["NEW"]
    assert registration.credentials_waiting().count() == 0


def execute(order: Order) -> None:
    orders.change_order(order, by=actor(), number="1", signatory_name="Директор")
    order.refresh_from_db()
    execution.execute(orders.sign(order, by=actor()), by=actor())


def test_pupils_enrolled_already_become_a_request_for_credentials(leader, room):
    pupil = make_pupil(school_class=room, surname="Ёлкин", name="Пётр", patronymic="Ильич", birth_date=BORN)
    sheet = loaded(leader, room, ["Ёлкин", "Пётр", "Ильич", born()])
    actions.submit(sheet, by=actor(leader))
    assert actions.take(sheet, by=actor()) is None
    sheet.refresh_from_db()
    assert (sheet.state, sheet.credentials, Order.objects.count()) == (State.ANSWERED, "waiting", 0)
    assert [row.person for row in registration.credentials_waiting()] == [pupil]


@pytest.mark.clause("9.4")
def test_a_request_is_done_with_once_a_slip_is_printed(client, leader, room):
    pupil = make_pupil(school_class=room, surname="Ёлкин", name="Пётр", patronymic="Ильич", birth_date=BORN)
    sheet = loaded(leader, room, ["Ёлкин", "Пётр", "Ильич", born()])
    actions.submit(sheet, by=actor(leader))
    actions.take(sheet, by=actor())
    sign_in(client, make_employee(position="credentials_officer"))
    assert "просят логин для 1 обучающегося" in client.get("/cabinet/").content.decode()
    make_pupil(school_class=room, surname="Тихий")
    page = client.get("/credentials/?state=asked").content.decode()
    assert ("Ёлкин Пётр" in page, "Тихий" in page) == (True, False)
    Slip.objects.create(person=pupil, stop_digest="1", expires_at=timezone.now() + datetime.timedelta(days=14))
    assert actions.close_requests(by=actor()) == 1
    sheet.refresh_from_db()
    assert (sheet.credentials, registration.credentials_waiting().count()) == ("issued", 0)
    assert actions.close_requests(by=actor()) == 0


def test_a_mixed_sheet_does_both(leader, room):
    make_pupil(school_class=room, surname="Ёлкин", name="Пётр", patronymic="Ильич", birth_date=BORN)
    sheet = loaded(leader, room, ["Ёлкин", "Пётр", "Ильич", born()], ["Орлова", "Анна", "", born()])
    actions.submit(sheet, by=actor(leader))
    order = actions.take(sheet, by=actor())
    assert ([line.surname for line in order.lines.all()], registration.credentials_waiting().count()) == (["Орлова"], 1)


def test_a_deleted_draft_order_gives_the_sheet_back(leader, room):
    sheet = loaded(leader, room, ["Ёлкин", "Пётр", "Ильич", born()])
    actions.submit(sheet, by=actor(leader))
    orders.delete_draft(actions.take(sheet, by=actor()), by=actor())
    sheet.refresh_from_db()
    assert (sheet.can_be_taken, RegistrationSheet.objects.submitted().get()) == (True, sheet)
    assert actions.take(sheet, by=actor()).lines.count() == 1


def test_a_submitted_sheet_is_recalled_or_sent_back(leader, room):
    sheet = loaded(leader, room, ["Ёлкин", "Пётр", "Ильич", born()])
    actions.submit(sheet, by=actor(leader))
    with pytest.raises(Exception, match="снова черновик"):
        actions.remove_row(SheetRow.objects.get(), by=actor(leader))
    actions.recall(sheet, by=actor(leader))
    sheet = actions.submit(sheet, by=actor(leader))
    sheet = actions.send_back(sheet, "Нет отчества", by=actor())
    assert (sheet.state, sheet.remark) == (State.DRAFT, "Нет отчества")
    assert list(registration.returned_to(leader.pk, TODAY)) == [sheet]
    sheet = actions.submit(sheet, by=actor(leader))
    actions.take(sheet, by=actor())
    with pytest.raises(Exception, match="в другом состоянии"):
        actions.recall(sheet, by=actor(leader))


def test_an_empty_sheet_is_not_submitted(leader, room):
    with pytest.raises(Exception, match="ни одной строки"):
        actions.submit(actions.open_sheet(school_class=room, by=actor(leader)), by=actor(leader))


@pytest.mark.django_db(transaction=True)
def test_of_many_who_take_a_sheet_at_once_one_does(leader, room):
    sheet = loaded(leader, room, ["Ёлкин", "Пётр", "Ильич", born()])
    actions.submit(sheet, by=actor(leader))
    results = []

    def click():
        try:
            results.append(actions.take(sheet, by=actor()) is not None)
        except ValidationError:
            results.append(False)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(results), Order.objects.count(), OrderLine.objects.count()) == ([False] * 7 + [True], 1, 1)


# --- an empty school -------------------------------------------------------------------------------------------------


def school_load(kind, *rows, by) -> RegistrationSheet:
    sheet = actions.keep_file(xlsx(*rows), kind=kind, by=actor(by))
    plan = plan_of(sheet, asker=by, date=TODAY)
    assert (remarks(plan), plan.can_be_applied) == ([], True)
    actions.confirm_file(sheet, plan.mark, by=actor(by))
    return RegistrationSheet.objects.get(pk=sheet.pk)


def load_school(by) -> Order:
    classes = school_load("classes", ["Класс", "Классный руководитель"], ["5А", None], ["5-б", "Белая Елена"], by=by)
    staff = school_load(
        "staff", ["ФИО", "Должность", "Классное руководство"],
        ["Орлова Мария Петровна", "Учитель", "5А"], ["Белая Елена", "учитель", None], by=by,
    )  # fmt: skip
    order = actions.take(staff, by=actor(by))
    assert actions.take(classes, by=actor(by)) == order
    pupils = school_load("pupils", ["ФИО", "Дата рождения", "Класс"],
        ["Ёлкин Пётр", born(), "5 «А»"], ["Орлов Ян", born(), "5Б"], by=by)  # fmt: skip
    assert actions.take(pupils, by=actor(by)) == order
    return order


def test_an_empty_school_loads_three_files_into_one_order():
    load_positions(by=actor())
    make_year()
    admin = make_employee(position="system_administrator", surname="Журавлёв")
    order = load_school(admin)
    assert list(SchoolClass.objects.values_list("grade", "letter")) == [(5, "А"), (5, "Б")]
    assert (order.kind, order.lines.count()) == ("initial_load", 6)
    execute(order)
    teacher = User.objects.get(surname="Орлова")
    assert sorted(str(row) for row in teacher.appointments.all()) == [
        "Орлова Мария Петровна — классный руководитель", "Орлова Мария Петровна — учитель",
    ]  # fmt: skip
    assert User.objects.get(surname="Белая").led_classes == [SchoolClass.objects.get(letter="Б")]
    assert User.objects.get(surname="Ёлкин").school_class_now.letter == "А"


@pytest.mark.parametrize("executed", [False, True])
def test_loading_the_same_three_files_again_changes_nothing(executed):
    load_positions(by=actor())
    make_year()
    admin = make_employee(position="system_administrator", surname="Журавлёв")
    order = load_school(admin)
    if executed:
        execute(order)
    files = {
        "classes": (["Класс", "Классный руководитель"], ["5А", None], ["5-б", "Белая Елена"]),
        "staff": (
            ["ФИО", "Должность", "Классное руководство"],
            ["Орлова Мария Петровна", "Учитель", "5А"], ["Белая Елена", "учитель", None],
        ),
        "pupils": (["ФИО", "Дата рождения", "Класс"], ["Ёлкин Пётр", born(), "5 «А»"], ["Орлов Ян", born(), "5Б"]),
    }  # fmt: skip
    for kind, rows in files.items():
        plan = plan_of(actions.keep_file(xlsx(*rows), kind=kind, by=actor(admin)), asker=admin, date=TODAY)
        assert (kind, outcomes(plan)) == (kind, ["SAME", "SAME"])
    assert OrderLine.objects.count() == 6


def test_unknown_positions_and_classes_are_named():
    make_year()
    make_class(grade=5)
    make_position_named("учитель")
    admin = make_employee(position="system_administrator")
    rows = [["Орлова Мария", "дворецкий", "5А"], ["Белая Елена", "учитель", "9Я"], ["Тихий Лев", None, "кружок"]]
    sheet = actions.keep_file(xlsx(["ФИО", "Должность", "Класс"], *rows), kind="staff", by=actor(admin))
    plan = plan_of(sheet, asker=admin, date=TODAY)
    assert [row[:2] for row in remarks(plan)] == [(2, "Должность"), (3, "Класс"), (4, "Должность"), (4, "Класс")]


def make_position_named(name) -> Position:
    return Position.objects.create(code="teacher", name=name, category="teaching")


def test_a_class_teacher_who_is_nobody_yet_is_named():
    load_positions(by=actor())
    make_year()
    admin = make_employee(position="system_administrator")
    sheet = school_load("classes", ["Класс", "Классный руководитель"], ["5А", "Белая Елена"], by=admin)
    with pytest.raises(Exception, match="Нет среди работников: Белая Елена"):
        actions.take(sheet, by=actor(admin))


# --- pages -----------------------------------------------------------------------------------------------------------


def test_class_sheet_from_a_file_to_the_management(client, leader, room):
    sign_in(client, leader)
    data = xlsx(HEAD, ["Ёлкин", "Пётр", "Ильич", born()], ["Орлова", "Анна", "", born(9)])
    load = page_of(room, "class_sheet_load")
    assert client.post(load, {"file": data}).status_code == 302
    answer = client.get(load)
    page = answer.content.decode()
    assert ("Ёлкин Пётр Ильич" in page, "Необычный возраст" in page, SheetRow.objects.count()) == (True, True, 0)
    done = client.post(page_of(room, "class_sheet_confirm"), {"seen": answer.context["plan"].mark}, follow=True)
    assert ("Файл загружен. Строк: 2" in done.content.decode(), SheetRow.objects.count()) == (True, 2)
    client.post(page_of(room, "class_sheet_submit"))
    deputy = make_employee(position="deputy")
    sign_in(client, deputy)
    assert "Ждут приказа: 1" in client.get("/cabinet/").content.decode()
    sheet = RegistrationSheet.objects.get()
    assert room.name in client.get("/registration/?state=submitted").content.decode()
    assert "Ёлкин Пётр" in client.get(sheet.get_absolute_url()).content.decode()
    taken = client.post(reverse("accounts:registration_take", args=[sheet.pk]), follow=True)
    assert "Составлен черновик приказа: 2 пункта." in taken.content.decode()


def test_class_sheet_row_add_checks_as_a_file_does(client, leader, room):
    sign_in(client, leader)
    url = page_of(room, "class_sheet_row_add")
    data = {"surname": "Ёлкин", "name": "Пётр", "birth_date": BORN.isoformat(), "mother_name": "Ёлкина Вера Павловна"}
    assert client.post(url, data).status_code == 302
    row = SheetRow.objects.get()
    assert (row.surname, row.parents[0]["surname"], row.school_class) == ("Ёлкин", "Ёлкина", room)
    again = client.post(url, data | {"surname": "ЕЛКИН"})
    assert "Уже есть в этой ведомости: строка 1." in again.content.decode()
    wrong = client.post(url, data | {"surname": "Орл0в", "phone": "нет", "birth_date": "2000-01-01"})
    assert wrong.context["form"].errors.keys() == {"surname", "phone", "__all__"}
    edit = page_of(room, "class_sheet_row", row.pk)
    assert "Ёлкина Вера Павловна" in client.get(edit).content.decode()
    client.post(edit, data | {"phone": "+7 900 111-22-33"})
    assert [(one.phone, one.number) for one in SheetRow.objects.all()] == [("+7 900 111-22-33", 1)]
    client.post(page_of(room, "class_sheet_row_remove", row.pk))
    assert SheetRow.objects.count() == 0


def test_class_sheet_row_decide_recognises_a_former_pupil(client, leader, room):
    former = former_pupil()
    loaded(leader, room, ["Ёлкин", "Пётр", "Ильич", born()])
    row = SheetRow.objects.get()
    sign_in(client, leader)
    assert "Это он — восстановить" in client.get(page_of(room)).content.decode()
    client.post(page_of(room, "class_sheet_row_decide", row.pk), {"decision": "same"})
    row.refresh_from_db()
    assert row.person == former
    client.post(page_of(room, "class_sheet_row_decide", row.pk), {"decision": "other"})
    row.refresh_from_db()
    assert row.person == former


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04 broken", "повреждён"),
        ("Имя;Рост\nПётр;150\n".encode(), "Не хватает столбцов: «Фамилия», «Дата рождения»"),
        ("Фамилия;Имя;Дата рождения\n".encode("cp1251"), "нет ни одной строки"),
        (b"", "пуст"),
    ],
)
def test_class_sheet_load_refuses_at_once_and_keeps_nothing(client, leader, room, content, words):
    sign_in(client, leader)
    answer = client.post(page_of(room, "class_sheet_load"), {"file": SimpleUploadedFile("a.xlsx", content)})
    assert (words in answer.content.decode(), StoredFile.objects.count()) == (True, 0)


def test_class_sheet_load_takes_a_csv_of_windows_1251(client, leader, room):
    sign_in(client, leader)
    data = f"Список класса;;\r\nФамилия;Имя;Дата рождения\r\nЁлкин;Пётр;{born()}\r\n".encode("cp1251")
    client.post(page_of(room, "class_sheet_load"), {"file": SimpleUploadedFile("a.csv", data)})
    plan = client.get(page_of(room, "class_sheet_load")).context["plan"]
    assert (outcomes(plan), plan.items[0].record.number) == (["NEW"], 3)


def test_class_sheet_template_is_read_back(client, leader, room):
    sign_in(client, leader)
    content = client.get(page_of(room, "class_sheet_template")).content
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert [cell.value for cell in sheet[1]][:4] == HEAD
    client.post(page_of(room, "class_sheet_load"), {"file": SimpleUploadedFile("a.xlsx", content)})
    assert client.get(page_of(room, "class_sheet_load")).context["plan"].unknown == []


OWN_PAGES = ["class_sheet", "class_sheet_row_add", "class_sheet_load", "class_sheet_template"]
OWN_POSTS = ["class_sheet_confirm", "class_sheet_submit", "class_sheet_recall", "class_sheet_load"]


@pytest.mark.clause("9.5")
@pytest.mark.parametrize("name", OWN_PAGES)
def test_another_class_is_not_found(client, leader, room, name):
    other = make_class(grade=5, letter="Б")
    loaded(leader_of(other), other, ["Тайный", "Пётр", "Ильич", born()])
    sign_in(client, leader)
    answer = client.get(page_of(other, name))
    assert (answer.status_code, "Тайный" in answer.content.decode()) == (404, False)


@pytest.mark.parametrize("name", OWN_POSTS)
def test_another_class_can_t_be_changed(client, leader, room, name):
    other = make_class(grade=5, letter="Б")
    sheet = loaded(leader_of(other), other, ["Тайный", "Пётр", "Ильич", born()])
    sign_in(client, leader)
    assert client.post(page_of(other, name), {"seen": "a"}).status_code == 404
    sheet.refresh_from_db()
    assert (sheet.state, sheet.rows.count()) == (State.DRAFT, 1)


@pytest.mark.parametrize("name", ["class_sheet_row", "class_sheet_row_remove", "class_sheet_row_decide"])
def test_another_class_s_row_is_not_found_under_the_own_class(client, leader, room, name):
    other = make_class(grade=5, letter="Б")
    loaded(leader_of(other), other, ["Тайный", "Пётр", "Ильич", born()])
    row = SheetRow.objects.get()
    sign_in(client, leader)
    for place in (room, other):
        answer = client.post(page_of(place, name, row.pk), {"decision": "same", "surname": "Орлов"})
        assert (answer.status_code, "Тайный" in answer.content.decode()) == (404, False)
    assert SheetRow.objects.get().surname == "Тайный"


def test_the_file_is_for_the_uploader_and_the_management(client, leader, room):
    sheet = loaded(leader, room, ["Ёлкин", "Пётр", "Ильич", born()])
    other = leader_of(make_class(grade=5, letter="Б"))
    people = [leader, make_employee(position="deputy"), other, make_employee(), make_person()]
    found = []
    for person in people:
        sign_in(client, person)
        found.append(client.get(sheet.source.get_absolute_url()).status_code)
    assert found == [200, 200, 404, 404, 404]


def test_registration_pages_are_for_the_management_and_drafts_of_classes_are_not(client, leader, room):
    sheet = loaded(leader, room, ["Ёлкин", "Пётр", "Ильич", born()])
    sign_in(client, leader)
    pages = ["/registration/", sheet.get_absolute_url(), "/registration/load/staff/"]
    assert [client.get(page).status_code for page in pages] == [403, 403, 403]
    sign_in(client, make_employee(position="director"))
    assert [client.get(page).status_code for page in pages] == [200, 404, 200]
    assert "Ёлкин" not in client.get("/registration/").content.decode()
    assert client.get("/registration/load/nothing/").status_code == 404


def test_registration_return_sends_back_with_a_word(client, leader, room):
    sheet = loaded(leader, room, ["Ёлкин", "Пётр", "Ильич", born()])
    actions.submit(sheet, by=actor(leader))
    sign_in(client, make_employee(position="deputy"))
    url = reverse("accounts:registration_return", args=[sheet.pk])
    assert client.post(url, {"remark": " "}).status_code == 200
    client.post(url, {"remark": "Нет отчества"})
    sign_in(client, leader)
    assert "Нет отчества" in client.get(page_of(room)).content.decode()
    assert "Вернули на исправление: 1" in client.get("/cabinet/").content.decode()


def test_registration_load_of_classes(client):
    make_year()
    sign_in(client, make_employee(position="system_administrator"))
    client.post("/registration/load/classes/", {"file": xlsx(["Класс"], ["5А"], ["6 «Б»"])})
    answer = client.get("/registration/load/classes/")
    client.post("/registration/load/classes/confirm/", {"seen": answer.context["plan"].mark})
    assert list(SchoolClass.objects.values_list("grade", "letter")) == [(5, "А"), (6, "Б")]
    assert RegistrationSheet.objects.get().state == State.ANSWERED
    book = load_workbook(io.BytesIO(client.get("/registration/load/classes/template/").content))
    assert book.sheetnames == ["Классы", "Пояснения"]


def test_registration_decide_and_row_remove_for_the_whole_school(client):
    load_positions(by=actor())
    former = make_employee(surname="Белая", name="Елена", patronymic="", ends=datetime.date(2024, 5, 31))
    admin = make_employee(position="system_administrator")
    sheet = actions.keep_file(
        xlsx(["ФИО", "Должность"], ["Белая Елена", "педагог-психолог"]), kind="staff", by=actor(admin)
    )
    actions.confirm_file(sheet, plan_of(sheet, asker=admin, date=TODAY).mark, by=actor(admin))
    row = SheetRow.objects.get()
    sign_in(client, admin)
    assert "Это он — восстановить" in client.get(sheet.get_absolute_url()).content.decode()
    client.post(reverse("accounts:registration_decide", args=[sheet.pk, row.pk]), {"decision": "same"})
    row.refresh_from_db()
    assert row.person == former
    client.post(reverse("accounts:registration_row_remove", args=[sheet.pk, row.pk]))
    assert SheetRow.objects.count() == 0


def test_rows_of_several_sheets_name_theirs(client, leader, room):
    book = Workbook()
    for title, surname in (("Первая", "Ёлкин"), ("Вторая", "Орлов")):
        sheet = book.create_sheet(title)
        sheet.append(HEAD)
        sheet.append([surname, "Пётр", None, born()])
    out = io.BytesIO()
    book.save(out)
    sign_in(client, leader)
    client.post(page_of(room, "class_sheet_load"), {"file": SimpleUploadedFile("a.xlsx", out.getvalue())})
    page = client.get(page_of(room, "class_sheet_load")).content.decode()
    assert ("Первая, 2" in page, "Вторая, 2" in page) == (True, True)


@pytest.mark.parametrize("size", [1, 30])
def test_pages_ask_a_constant_number_of_queries(client, leader, room, size):
    rows = [["Ёлкин", f"Пётр{'а' * n}", "", born()] for n in range(size)]
    sheet = loaded(leader, room, *rows)
    sign_in(client, leader)
    counted = []
    for who, page in ((leader, page_of(room)), (make_employee(position="deputy"), sheet.get_absolute_url())):
        sign_in(client, who)
        if who is not leader:
            actions.submit(sheet, by=actor(leader))
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == 200
        counted.append(len(asked))
    assert counted == [12, 10]


def test_outcomes_have_words():
    assert [outcome.kind for outcome in Outcome] == ["ok", "info", "", "no"]
