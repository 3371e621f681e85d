"""Pages of pools at the desk of a library (10.6)."""

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import letters
from accounts.models import AuditEntry
from resources import pool_answers
from resources.actions import credentials, handing_out
from resources.actions.registry import load_registry
from resources.models import Pool, PoolAccount
from resources.pool_answers import Outcome
from tests.factories import (
    confirm_again,
    make_administrator,
    make_class,
    make_credential,
    make_employee,
    make_library,
    make_logins,
    make_pupil,
    make_request,
    sign_in,
)
from tests.resources.pooling import BY, LOGINS, State, answer, csv_of, states

pytestmark = pytest.mark.django_db


@pytest.mark.clause("10.6")
def test_who_has_asked_is_served_when_accounts_become_free_and_done_with_when_given(client, desk):
    library, pool = desk
    fresh = make_logins(library, logins=["new-1"], state="sent")
    PoolAccount.objects.filter(pool=pool, state=State.READY).update(state=State.CLOSED)
    first, second = (make_request(library, make_pupil(), days=days) for days in (2, 1))
    row = answer(fresh, csv_of("Логин;Статус", "new-1;принята"))
    page = f"/desk/{library.slug}/pools/{fresh.pk}/answer/confirm/"
    client.post(page, {"seen": pool_answers.plan_of(row).mark})
    first.refresh_from_db()
    assert (first.state, first.credential.login) == ("confirmed", "new-1")
    make_logins(library, logins=["new-2"], hands_out_itself=False)
    client.post(f"/desk/{library.slug}/pools/give/", {"person": [second.person_id], "channel": "cabinet"})
    second.refresh_from_db()
    assert (second.state, second.credential.login) == ("confirmed", "new-2")


@pytest.fixture
def desk(client):
    """A library with a pool that has a given and a free account; its administrator is signed in."""
    load_registry(by=BY)
    library = make_library()
    pool = make_logins(library, logins=LOGINS[:2])
    credentials.take_from_pool(library, make_pupil(surname="Тайнова", school_class=make_class(grade=5)), by=BY)
    sign_in(client, make_administrator(library, make_employee(position="librarian")))
    return library, pool


def addresses(library, pool) -> list[str]:
    base, account = f"/desk/{library.slug}", pool.accounts.first()
    pages = ["pools/", "pools/add/", "pools/give/", f"pools/{pool.pk}/", f"accounts/{account.pk}/"]
    pages += [f"pools/{pool.pk}/{name}/" for name in ("columns", "export", "answer", "answer/columns")]
    return [f"{base}/{page}" for page in pages]


def test_every_page_opens_to_the_administrator_and_to_no_other(client, desk):
    confirm_again(client)
    assert [client.get(page).status_code for page in addresses(*desk)] == [200] * 9
    client.logout()
    sign_in(client, make_administrator(make_library(), make_employee()))
    confirm_again(client)
    answers = [client.get(page) for page in addresses(*desk)]
    assert [one.status_code for one in answers] == [404] * 9
    assert not any("Тайнова" in one.content.decode() for one in answers)


def test_another_librarys_pool_and_what_is_no_library_are_not_there(client, desk):
    library, pool = desk
    other = make_logins(make_library())
    assert client.get(f"/desk/{library.slug}/pools/{other.pk}/").status_code == 404
    assert client.get(f"/desk/{library.slug}/accounts/{other.accounts.get().pk}/").status_code == 404
    type(library).objects.filter(pk=library.pk).update(library_way="")
    assert client.get(f"/desk/{library.slug}/pools/").status_code == 404


def test_the_file_is_given_after_the_password_only(client, desk):
    library, _ = desk
    fresh = make_logins(library, logins=["new-1"], state="made")
    page = f"/desk/{library.slug}/pools/{fresh.pk}/export/"
    refused = client.post(page, {"format": "csv"})
    assert (refused.status_code, states(fresh)) == (302, {"new-1": State.MADE})
    assert "/account/confirm/" in refused["Location"]
    confirm_again(client)
    taken = client.post(page, {"format": "csv"})
    assert (taken["Content-Type"], b"new-1" in taken.content) == ("text/csv", True)
    assert states(fresh) == {"new-1": State.SENT}
    assert AuditEntry.objects.filter(action="pool.exported").count() == 1


def test_columns_are_edited_in_order_and_need_the_login(client, desk):
    library, pool = desk
    page = f"/desk/{library.slug}/pools/{pool.pk}/columns/"
    base = {"column-TOTAL_FORMS": 3, "column-INITIAL_FORMS": 2, "column-MIN_NUM_FORMS": 0, "column-MAX_NUM_FORMS": 12}
    rows = [("Пароль", "password", "", 2), ("Ник", "login", "", 1), ("", "login", "", "")]

    def sent(rows) -> dict:
        fields = ("title", "what", "text", "ORDER")
        return base | {f"column-{n}-{f}": v for n, row in enumerate(rows) for f, v in zip(fields, row, strict=True)}

    assert client.post(page, sent(rows)).status_code == 302
    pool.refresh_from_db()
    assert [column["title"] for column in pool.columns] == ["Ник", "Пароль"]
    refused = client.post(page, sent([rows[0], ("Группа", "constant", "", 1), rows[2]]))
    assert "Напишите текст" in refused.content.decode()
    assert "Без столбца с логином" in client.post(page, sent([rows[0], *rows[2:], rows[2]])).content.decode()


def test_an_answer_is_previewed_then_confirmed(client, desk):
    library, _ = desk
    pool = make_logins(library, logins=["new-1", "new-2"], state="sent")
    page = f"/desk/{library.slug}/pools/{pool.pk}/answer/"
    bad = client.post(page, {"file": SimpleUploadedFile("a.csv", b"nothing here")})
    assert "заголовков" in bad.content.decode()
    upload = SimpleUploadedFile("a.csv", csv_of("Логин;Статус", "new-1;принята", "new-2;отклонена"))
    assert client.post(page, {"file": upload}).status_code == 302
    shown = client.get(page)
    assert (shown.context["plan"].count(Outcome.ACCEPTED), set(states(pool).values())) == (1, {State.SENT})
    client.post(f"{page}confirm/", {"seen": shown.context["plan"].mark})
    assert states(pool) == {"new-1": State.READY, "new-2": State.REFUSED}
    kept = f"/desk/{library.slug}/pools/{pool.pk}/answers/{pool.answers.get().pk}/"
    assert client.get(kept).status_code == 302
    confirm_again(client)
    assert client.get(kept).content.decode().startswith("Логин;Статус")


def test_giving_by_classes_names_those_without_one_and_gives(client, desk):
    library, pool = desk
    lacking = make_pupil(surname="Пустова", school_class=make_class(grade=5))
    holder = make_pupil(surname="Держалова", school_class=make_class(grade=5))
    make_credential(library, holder, source="noted")
    page = f"/desk/{library.slug}/pools/give/"
    listed = client.get(page, {"school_class": make_class(grade=5).pk})
    assert [person.surname for person in listed.context["people"]] == ["Пустова"]
    both = client.post(page, {"person": [lacking.pk, holder.pk], "channel": "cabinet"})
    assert (both.status_code, states(pool)) == (302, {"kniga-001": State.GIVEN, "kniga-002": State.GIVEN})
    late = make_pupil(surname="Поздняя")
    none = client.post(page, {"person": [late.pk], "channel": "cabinet"})
    assert "Свободных учётных записей нет" in none.content.decode()
    client.post(page, {"person": [late.pk], "channel": "library"})
    assert late.external_credentials.get().source == "library"


def test_who_has_mail_gets_a_link_and_everybody_a_notification(client, desk, django_capture_on_commit_callbacks):
    library, _ = desk
    make_logins(library, logins=["new-1"])
    people = [make_pupil(email="a@example.org"), make_pupil()]
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/desk/{library.slug}/pools/give/", {"person": [one.pk for one in people], "channel": "letter"})
    letters._postman.submit(lambda: None).result()  # letters leave one after another: this waits for those before
    given = [one.external_credentials.get() for one in people]
    assert [one.links.count() for one in given] == [1, 0]
    assert [letter.to for letter in mail.outbox] == [["a@example.org"]]
    assert not any(one.login in mail.outbox[0].body or one.unseal() in mail.outbox[0].body for one in given)
    assert [one.notifications.count() for one in people] == [1, 1]


def test_an_account_is_taken_back_made_free_and_closed_on_its_page(client, desk):
    library, pool = desk
    account = pool.accounts.get(login="kniga-001")
    page = f"/desk/{library.slug}/accounts/{account.pk}/"
    assert "Тайнова" in client.get(page).content.decode()
    for step, values, state in (
        ("return", {"reason": "Выбыла"}, State.RETURNED),
        ("free", {"password": "Novyi-2929"}, State.READY),
        ("close", {"reason": "Закрыта"}, State.CLOSED),
    ):
        client.post(f"{page}{step}/", values)
        account.refresh_from_db()
        assert account.state == state
    answer = client.get(page)
    assert "Выбыла" in answer.content.decode()
    # The whole story of the account, without what is the audit section's alone.
    told = [(line.title, line.address, line.url) for line in answer.context["history"]]
    assert ("прекращены учётные данные платформы", "", "") in told
    assert [title for title, *_ in told].count("изменено состояние обезличенной учётной записи") >= 2


def test_lists_ask_the_database_as_often_for_one_account_as_for_thirty(client, desk):
    library, pool = desk
    give = f"/desk/{library.slug}/pools/give/?school_class={make_class(grade=5).pk}"
    pages = [f"/desk/{library.slug}/pools/", f"/desk/{library.slug}/pools/{pool.pk}/", give]
    make_pupil(school_class=make_class(grade=5))

    def counts() -> list[int]:
        found = []
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            found.append(len(queries))
        return found

    few = counts()
    make_logins(library, logins=[f"more-{number}" for number in range(30)])
    people = [make_pupil(school_class=make_class(grade=5)) for _ in range(30)]
    handing_out.hand_out(library, people[:15], by=BY)
    assert counts() == few


def test_columns_that_no_form_of_ours_sends_are_refused(client, desk):
    library, pool = desk
    assert client.post(f"/desk/{library.slug}/pools/{pool.pk}/columns/", {}).status_code == 200
    assert Pool.objects.get(pk=pool.pk).columns == pool.columns
