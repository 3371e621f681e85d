"""Pools of pseudonymous accounts: made, exported, answered, handed out, taken back (10.6)."""

import csv
import io

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook, load_workbook

from accounts.models import AuditEntry
from eios.lib.tables import TableError
from resources import pool_answers, pools
from resources.actions import credentials, handing_out
from resources.actions import pool_answers as answers
from resources.actions import pools as actions
from resources.asker import asker_for
from resources.models import ExternalCredential, PoolAccount
from resources.pool_answers import Outcome
from tests.factories import (
    make_class,
    make_element,
    make_library,
    make_logins,
    make_pupil,
)
from tests.races import at_once
from tests.resources.pooling import BY, LOGINS, State, answer, apply, csv_of, new_pool, outcomes, states

pytestmark = pytest.mark.django_db


# Making


@pytest.mark.clause("10.6")
def test_logins_are_the_elements_own_once_and_passwords_are_sealed():
    library = make_library()
    pool = new_pool(library)
    assert list(states(pool)) == ["kniga-001", "kniga-002", "kniga-003"]
    assert list(states(new_pool(library, number=2))) == ["kniga-004", "kniga-005"]
    assert list(states(new_pool(make_library(), number=1))) == ["kniga-001"]
    passwords = [account.unseal() for account in pool.accounts.all()]
    assert [len(word) for word in passwords] == [8, 8, 8]
    assert set("".join(passwords)) <= set("abcdefgh23")
    assert all(word not in account.sealed for word, account in zip(passwords, pool.accounts.all(), strict=True))
    assert not any(word in str(entry.changes) for word in passwords for entry in AuditEntry.objects.all())


def test_two_thousand_are_made_in_few_queries_and_random_logins_differ():
    library = make_library()
    with CaptureQueriesContext(connection) as queries:
        pool = new_pool(library, number=2000, numbering="random")
    assert len(states(pool)) == 2000
    assert len(queries) < 25


@pytest.mark.parametrize(
    ("number", "fields", "words"),
    [
        (0, {}, "от 1 до 2000"),
        (2001, {}, "от 1 до 2000"),
        (1, {"password_length": 7}, "короче 8"),
        (1, {"alphabet": "abc"}, "не меньше восьми"),
        (1, {"alphabet": "abcdefgh=+"}, "не меньше восьми"),
    ],
)
def test_a_pool_that_is_no_good_is_refused(number, fields, words):
    with pytest.raises(ValidationError, match=words):
        new_pool(make_library(), number=number, **fields)
    assert PoolAccount.objects.count() == 0


def test_no_pool_for_what_is_no_library_or_keeps_no_logins():
    for element in (make_element(), make_library(keeping="nameless")):
        with pytest.raises(ValidationError, match="только для библиотек"):
            new_pool(element)


# The file for the library


@pytest.mark.clause("10.6")
def test_the_file_has_the_librarys_columns_and_nobodys_name():
    library, person = make_library(), make_pupil(surname="Тайнова")
    pool = make_logins(library, logins=LOGINS[:2], state="made")
    given = make_logins(library, logins=["kniga-900"])
    credentials.take_from_pool(library, person, by=BY)
    actions.save_columns(
        pool,
        [
            {"title": "№", "what": "number", "text": ""},
            {"title": "=Группа", "what": "constant", "text": "=1+1"},
            {"title": "Ник", "what": "login", "text": ""},
            {"title": "Ключ", "what": "password", "text": ""},
        ],
        by=BY,
    )
    sheet = load_workbook(io.BytesIO(actions.export(pool, "xlsx", by=BY))).active
    assert [[cell.value for cell in row] for row in sheet] == [
        ["№", "=Группа", "Ник", "Ключ"],
        ["1", "=1+1", "kniga-001", "Тайна-kniga-001"],
        ["2", "=1+1", "kniga-002", "Тайна-kniga-002"],
    ]
    assert {cell.data_type for row in sheet for cell in row} == {"s"}
    assert set(states(pool).values()) == {State.SENT}
    for form, encoding in (("csv", "utf-8-sig"), ("csv1251", "cp1251")):
        content = actions.export(pool, form, by=BY).decode(encoding)
        assert next(csv.reader(io.StringIO(content), delimiter=";")) == ["№", "'=Группа", "Ник", "Ключ"]
        assert ("Тайнова" in content, "kniga-900" in content, "'=1+1" in content) == (False, False, True)
    assert states(given) == {"kniga-900": State.GIVEN}
    assert new_pool(library, number=1).columns == given.columns


def test_nothing_to_send_a_foreign_sign_and_a_missing_key_are_told(settings):
    pool = make_logins(make_library(), state="ready")
    with pytest.raises(ValidationError, match="Передавать нечего"):
        actions.export(pool, "xlsx", by=BY)
    other = make_logins(make_library(), state="made", columns=[{"title": "用户", "what": "login", "text": ""}])
    with pytest.raises(ValidationError, match="Windows-1251"):
        actions.export(other, "csv1251", by=BY)
    lost = make_logins(make_library(), state="made")
    settings.FIELD_KEYS = {"new": b"k" * 32}
    with pytest.raises(ValidationError, match="Нет ключа шифрования"):
        actions.export(lost, "xlsx", by=BY)
    assert (states(other), states(lost)) == ({"kniga-001": State.MADE}, {"kniga-001": State.MADE})


# The answer


@pytest.mark.clause("10.6")
@pytest.mark.parametrize("encoding", ["utf-8", "cp1251"])
def test_an_answer_accepts_refuses_and_changes_and_a_second_time_changes_nothing(encoding):
    pool = make_logins(make_library(), logins=LOGINS, state="sent")
    content = csv_of(
        "Ответ библиотеки на заявку школы",
        "Логин;Статус;Причина;Новый логин;Новый пароль",
        "KNIGA-001;Принята;;;",
        "kniga-002;Отклонена;Логин занят;;",
        "kniga-003;Изменена;;kniga-903;Novyi-29",
        "kniga-777;Принята;;;",
        "kniga-001;принята;;;",
        encoding=encoding,
    )
    row = answer(pool, content)
    plan = pool_answers.plan_of(row)
    assert outcomes(plan) == {
        3: Outcome.ACCEPTED, 4: Outcome.REFUSED, 5: Outcome.CHANGED, 6: Outcome.UNKNOWN, 7: Outcome.REPEATED,
    }  # fmt: skip
    assert [account.login for account in plan.missing] == ["kniga-004", "kniga-005"]
    assert set(states(pool).values()) == {State.SENT}
    answers.apply_answer(row, plan.mark, by=BY)
    assert states(pool) == {
        "kniga-001": State.READY, "kniga-002": State.REFUSED, "kniga-903": State.READY,
        "kniga-004": State.SENT, "kniga-005": State.SENT,
    }  # fmt: skip
    changed = pool.accounts.get(login="kniga-903")
    assert (changed.unseal(), pool.accounts.get(login="kniga-002").note) == ("Novyi-29", "Логин занят")
    row.refresh_from_db()
    assert (row.unseal(), row.counts["accepted"], row.counts["refused"]) == (content, 1, 1)
    assert "Novyi-29" not in row.sealed
    before = list(pool.accounts.order_by("pk").values())
    again = answer(pool, content)
    second = pool_answers.plan_of(again)
    assert (second.can_be_applied, pools.applied_before(again)) == (False, row)
    answers.apply_answer(again, second.mark, by=BY)
    assert list(pool.accounts.order_by("pk").values()) == before
    with pytest.raises(ValidationError, match="уже подтверждён"):
        answers.apply_answer(row, plan.mark, by=BY)


def test_what_can_not_be_understood_stops_the_whole_answer():
    pool = make_logins(make_library(), logins=LOGINS, state="sent")
    content = csv_of(
        "Логин;Статус;Новый логин",
        "kniga-001;загадочно;",
        "kniga-002;Принята;",
        "kniga-002;Отклонена;",
        "kniga-003;Изменена;",
        "kniga-004;Принята;kniga-005",
        ";Принята;",
        "kniga-005;;",
    )
    row = answer(pool, content)
    plan = pool_answers.plan_of(row)
    assert outcomes(plan) == {
        2: Outcome.ERROR, 3: Outcome.ACCEPTED, 4: Outcome.ERROR, 5: Outcome.ERROR, 6: Outcome.ERROR, 7: Outcome.ERROR,
        8: Outcome.SILENT,
    }  # fmt: skip
    with pytest.raises(ValidationError, match="есть ошибки"):
        answers.apply_answer(row, plan.mark, by=BY)
    assert set(states(pool).values()) == {State.SENT}


def test_the_librarys_own_words_are_explained_once_for_all_its_pools():
    library = make_library()
    pool = make_logins(library, logins=LOGINS[:2], state="sent")
    content = csv_of("Ник;Итог", "kniga-001;загружен", "kniga-002;мимо")
    with pytest.raises(TableError, match="заголовков"):
        answer(pool, content)
    mapping = {"login": "Ник", "status": "Итог", "accepted_words": ["Загружен"], "refused_words": ["мимо"]}
    actions.save_answer_columns(pool, mapping, by=BY)
    apply(pool, content)
    assert states(pool) == {"kniga-001": State.READY, "kniga-002": State.REFUSED}
    assert new_pool(library, number=1).answer_columns == mapping


def test_a_list_of_accepted_ones_and_an_html_table_and_a_workbook_are_answers_too():
    library = make_library()
    listed = make_logins(library, logins=["a-1", "a-2"], state="sent", answer_columns={"listed_are_accepted": True})
    apply(listed, csv_of("Логин", "a-1"))
    page = make_logins(library, logins=["b-1"], state="sent")
    apply(page, "<table><tr><th>Логин<th>Статус<tr><td>b-1<td>отказ: занят</table>".encode())
    book, content = Workbook(), io.BytesIO()
    for line in (["Логин", "Статус"], ["c-1", "да"]):
        book.active.append(line)
    book.save(content)
    sheet = make_logins(library, logins=["c-1"], state="sent")
    apply(sheet, content.getvalue())
    assert (states(listed), states(page), states(sheet)) == (
        {"a-1": State.READY, "a-2": State.SENT}, {"b-1": State.REFUSED}, {"c-1": State.READY},
    )  # fmt: skip


def test_who_holds_an_account_sees_what_the_library_changed_and_keeps_what_it_refuses():
    library, person = make_library(), make_pupil()
    pool = make_logins(library, logins=LOGINS[:1])
    held = credentials.take_from_pool(library, person, by=BY)
    apply(pool, csv_of("Логин;Статус;Новый логин;Новый пароль", "kniga-001;изменена;kniga-201;Novyi-29"))
    held.refresh_from_db()
    assert (held.login, held.unseal(), states(pool)) == ("kniga-201", "Novyi-29", {"kniga-201": State.GIVEN})
    plan = pool_answers.plan_of(answer(pool, csv_of("Логин;Статус", "kniga-201;отклонена")))
    assert outcomes(plan) == {2: Outcome.HELD}


def test_what_was_seen_must_still_be_so():
    pool = make_logins(make_library(), logins=LOGINS[:1], state="sent")
    row = answer(pool, csv_of("Логин;Статус", "kniga-001;принята"))
    mark = pool_answers.plan_of(row).mark
    actions.close(pool.accounts.get(), by=BY)
    with pytest.raises(ValidationError, match="Посмотрите ещё раз"):
        answers.apply_answer(row, mark, by=BY)


# Handing out


@pytest.mark.clause("10.6")
def test_a_class_gets_one_each_or_nobody_gets_any():
    library, five = make_library(), make_class(grade=5)
    people = [make_pupil(school_class=five) for _ in range(3)]
    make_logins(library, logins=LOGINS[:2])
    with pytest.raises(ValidationError, match="Не хватает 1 учётной записи: нужно 3, свободно 2"):
        handing_out.hand_out(library, people, by=BY)
    assert ExternalCredential.objects.count() == 0
    given = handing_out.hand_out(library, people, by=BY, as_many_as_there_are=True)
    assert [(one.person, one.login, one.unseal()) for one in given] == [
        (people[0], "kniga-001", "Тайна-kniga-001"), (people[1], "kniga-002", "Тайна-kniga-002"),
    ]  # fmt: skip
    with pytest.raises(ValidationError, match="Свободных учётных записей нет"):
        handing_out.hand_out(library, people[2:], by=BY)


def test_one_person_never_has_two_and_then_nobody_of_the_list_gets_one():
    library, lucky, other = make_library(), make_pupil(), make_pupil()
    pool = make_logins(library, logins=LOGINS[:3])
    handing_out.hand_out(library, [lucky], by=BY)
    with pytest.raises(ValidationError, match="уже есть"):
        handing_out.hand_out(library, [other, lucky], by=BY)
    assert sorted(states(pool).values()) == [State.GIVEN, State.READY, State.READY]


def test_the_librarys_own_handing_out_is_recorded_without_a_password():
    library, person = make_library(), make_pupil()
    make_logins(library)
    (noted,) = handing_out.note_given_by_library(library, [person], by=BY)
    assert (noted.source, noted.login, noted.has_password, pools.free(library)) == ("library", "", False, 1)


def test_each_pupil_of_a_class_costs_the_same_few_queries():
    library, five = make_library(), make_class(grade=5)
    people = [make_pupil(school_class=five) for _ in range(12)]
    make_logins(library, logins=[f"kniga-{number:03}" for number in range(100)])
    counts = []
    for group in (people[:2], people[2:]):
        with CaptureQueriesContext(connection) as queries:
            handing_out.hand_out(library, group, by=BY)
        counts.append(len(queries))
    assert counts[1] - counts[0] <= 8 * 30


@pytest.mark.django_db(transaction=True)
def test_of_fifty_who_ask_for_the_last_account_one_gets_it():
    library = make_library()
    people = [make_pupil() for _ in range(50)]
    make_logins(library)
    results = at_once(lambda place: credentials.take_from_pool(library, people[place], by=BY), 50)
    assert (len(results), len([one for one in results if one])) == (50, 1)
    assert ExternalCredential.objects.count() == 1


# Taking back


@pytest.mark.clause("10.6")
def test_a_returned_account_is_free_again_only_with_a_new_password():
    library, first, second = make_library(), make_pupil(), make_pupil()
    pool = make_logins(library)
    held = credentials.take_from_pool(library, first, by=BY)
    account = pool.accounts.get()
    with pytest.raises(ValidationError, match="сначала заберите"):
        actions.close(account, by=BY)
    with pytest.raises(ValidationError, match="только возвращённую"):
        actions.make_free(account, "Novyi-2929", by=BY)
    credentials.end(held, "Выбыл", by=BY)
    assert (states(pool), pools.free(library)) == ({"kniga-001": State.RETURNED}, 0)
    for password in ("Тайна-kniga-001", "short"):
        with pytest.raises(ValidationError):
            actions.make_free(account, password, by=BY)
    actions.make_free(account, "Novyi-2929", by=BY)
    assert not ExternalCredential.objects.to_close_outside().exists()
    new = credentials.take_from_pool(library, second, by=BY)
    assert (new.login, new.unseal()) == ("kniga-001", "Novyi-2929")
    assert [one.person for one in pools.holders(account)] == [second, first]
    credentials.end(new, "Больше не нужна", by=BY)
    actions.close(account, by=BY)
    with pytest.raises(ValidationError, match="уже закрыта"):
        actions.close(account, by=BY)
    moved, issued, ended, closed = (
        "изменено состояние обезличенной учётной записи", "выданы учётные данные платформы",
        "прекращены учётные данные платформы", "учётные данные закрыты на платформе",
    )  # fmt: skip
    told = [line.title for line in pools.changes(account, asker_for(first))]
    given, taken_back = [moved, issued], [moved, ended]
    assert told[::-1] == [*given, *taken_back, moved, closed, *given, *taken_back, moved, closed]
