"""The yearly review of elements (3.1), and what an outside service must meet before it is connected (5.1)."""

import datetime
import io

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.actor import Actor
from accounts.counters import waiting_for
from accounts.models import AuditEntry
from eios.lib.dates import year_after
from resources import reviews
from resources.actions import reviews as actions
from resources.actions.registry import load_registry
from resources.models import ConnectionAnswer, Element, Review, ServiceConnection
from tests.factories import (
    make_administrator,
    make_connection,
    make_employee,
    make_pupil,
    make_review,
    recognised,
    sign_in,
)

pytestmark = pytest.mark.django_db
TODAY = datetime.date.today()
DAY = datetime.timedelta(days=1)
OVERVIEW = "/elements/reviews/"


@pytest.fixture(autouse=True)
def registry():
    load_registry(by=Actor.command("tests"))


@pytest.fixture
def admin():
    return make_employee(position="system_administrator", surname="Журавлёв")


def actor(person) -> Actor:
    return Actor(person, "127.0.0.1", person.username)


def element(slug="sgo") -> Element:
    return Element.objects.get(slug=slug)


def due_counter(person) -> list[str]:
    return [one.text for one in waiting_for(recognised(person), TODAY) if "Пора проверить" in one.text]


@pytest.mark.clause("3.1")
def test_an_element_is_due_when_never_reviewed_or_a_year_ago(admin):
    make_review(element("sgo"), by=admin)
    make_review(element("neb"), by=admin, on=TODAY - 366 * DAY, next_due=TODAY - DAY)
    make_review(element("sferum"), by=admin, on=TODAY - 300 * DAY, next_due=TODAY)
    make_review(element("fis-oko"), by=admin, complies=False)
    # The newest review counts, though an older one reached further.
    make_review(element("givc"), by=admin, on=TODAY - 60 * DAY)
    make_review(element("givc"), by=admin, on=TODAY - 30 * DAY, next_due=TODAY - DAY)
    wanted = ["sgo", "neb", "sferum", "fis-oko", "givc", "educont"]
    rows = {row.element.slug: row for row in reviews.rows(reviews.under_review(), TODAY)}
    assert [(slug, rows[slug].is_due, rows[slug].state[0]) for slug in wanted] == [
        ("sgo", False, "ok"),
        ("neb", True, "no"),
        ("sferum", False, "wait"),
        ("fis-oko", False, "no"),
        ("givc", True, "no"),
        ("educont", True, "no"),
    ]
    due = {one.slug for one in reviews.to_review(TODAY)}
    assert due == {slug for slug, row in rows.items() if row.is_due}
    failing = reviews.matching({"q": "", "state": "failing", "kind": "", "connection": ""}, TODAY)
    assert [one.slug for one in failing] == ["fis-oko"]


@pytest.mark.clause("3.1")
def test_a_review_is_added_at_the_desk_once_and_audited(admin, client):
    sign_in(client, admin)
    sent = {"complies": "no", "on": f"{TODAY:%Y-%m-%d}", "ground": "152-ФЗ", "note": "Нет согласий", "next_due": ""}
    for _ in range(2):
        assert client.post("/desk/sgo/review/", sent).url == "/desk/sgo/review/"
    review = Review.objects.get()
    assert (review.by, review.complies, review.next_due) == (admin, False, year_after(TODAY))
    entry = AuditEntry.objects.get(action="review.added")
    assert (entry.basis, entry.changes["complies"], "note" in entry.changes) == ("152-ФЗ", [None, False], False)
    assert "Нет согласий" in client.get("/desk/sgo/review/").text


def test_wrong_reviews_are_refused(admin, client):
    sign_in(client, admin)
    good = {"complies": "yes", "on": f"{TODAY:%Y-%m-%d}", "ground": "152-ФЗ", "note": "", "next_due": ""}
    for wrong, words in [
        ({"on": f"{TODAY + DAY:%Y-%m-%d}"}, "ещё не наступил"),
        ({"next_due": f"{TODAY + 400 * DAY:%Y-%m-%d}"}, "не позже чем через год"),
        ({"next_due": f"{TODAY:%Y-%m-%d}"}, "позже этой"),
        ({"complies": "no"}, "чему элемент не соответствует"),
        ({"ground": ""}, "Обязательное поле"),
    ]:
        assert words in client.post("/desk/sgo/review/", good | wrong).text, wrong
    assert Review.objects.count() == 0


def test_what_is_due_waits_for_its_administrator_else_for_the_system_administrator(admin):
    librarian, former = make_employee(), make_employee(ends=TODAY - DAY)
    for one in reviews.under_review().exclude(slug__in=["neb", "sgo", "sferum"]):
        make_review(one, by=admin)
    make_administrator(element("neb"), librarian)
    make_administrator(element("sgo"), former)
    assert due_counter(admin) == ["Пора проверить 2 элемента среды"]
    assert due_counter(librarian) == ["Пора проверить 1 элемент среды"]
    assert due_counter(make_employee()) == []
    make_review(element("neb"), by=librarian)
    assert due_counter(librarian) == []


def test_the_overviews_are_for_those_concerned(admin, client):
    librarian = make_employee()
    make_administrator(element("neb"), librarian)
    make_review(element("neb"), by=librarian, ground="Тайный акт", note="Тайная заметка")
    for person in (make_pupil(), make_employee(position="director"), librarian):
        sign_in(client, person)
        assert [client.get(path).status_code for path in (OVERVIEW, OVERVIEW + "export/")] == [403, 403]
    own = client.get("/desk/reviews/")
    assert [row.element.slug for row in own.context["page"]] == ["neb"]
    assert [client.get(f"/desk/{slug}/review/").status_code for slug in ("neb", "sgo")] == [200, 404]
    sign_in(client, admin)
    assert client.get("/desk/neb/review/").status_code == 404
    assert "Тайная заметка" in client.get(OVERVIEW + "?state=well").text
    book = load_workbook(io.BytesIO(client.get(OVERVIEW + "export/?state=well").content)).active
    assert [cell.value for cell in book[5]][1:6:2] == [
        "Национальная электронная библиотека (НЭБ)",
        "соответствует",
        "Тайный акт",
    ]


@pytest.mark.clause("5.1")
def test_a_service_is_described_at_the_desk_and_confirmed_by_the_system_administrator(admin, client):
    teacher = make_administrator(element(), make_employee())
    sign_in(client, teacher)
    sent = {"data_passed": "фамилия, имя", "ground": "law", "ground_words": "273-ФЗ", "place": "russia", "seen": ""}
    sent |= {f"answer_{one}": "meets" for one in ConnectionAnswer.Requirement}
    assert client.post("/desk/sgo/connection/", sent | {"answer_users": ""}).status_code == 302
    record = ServiceConnection.objects.get()
    assert reviews.lacks_of(record) == ["Требования к пользователям: ответа ещё нет."]
    with pytest.raises(ValidationError, match="системный администратор"):
        actions.confirm_connection(element(), seen=record.version, by=actor(teacher))
    assert "Пока вы смотрели" in client.post("/desk/sgo/connection/", sent).text
    client.post("/desk/sgo/connection/", sent | {"seen": record.version})
    assert "Передаются" not in client.get("/elements/sgo/").text
    sign_in(client, admin)
    page = client.get("/elements/sgo/connection/")
    seen = {"seen": page.context["connection"].version}
    stale = client.post("/elements/sgo/connection/confirm/", {"seen": record.version}, follow=True)
    assert "Пока вы смотрели" in stale.text
    client.post("/elements/sgo/connection/confirm/", seen)
    client.logout()
    assert "Передаются: фамилия, имя. Основание: закон — 273-ФЗ." in client.get("/elements/sgo/").text
    trail = AuditEntry.objects.filter(action__startswith="connection.").values_list("action", "actor")
    assert list(trail.order_by("pk")) == [
        ("connection.changed", teacher.pk), ("connection.changed", teacher.pk), ("connection.confirmed", admin.pk)
    ]  # fmt: skip


@pytest.mark.clause("5.1")
def test_a_change_voids_the_confirmation_and_what_does_not_meet_is_not_confirmed(admin):
    record = make_connection(element(), confirmed_by=admin)
    values = {"data_passed": "СНИЛС", "ground": "law", "ground_words": "273-ФЗ", "place": "abroad"}
    answers = dict.fromkeys(ConnectionAnswer.Requirement.values, ("meets", "")) | {"network": ("fails", "Нет фильтра")}
    saved = actions.save_connection(element(), values, answers, seen=record.version, by=actor(admin))
    assert saved.is_confirmed is False
    with pytest.raises(ValidationError) as refused:
        actions.confirm_connection(element(), seen=saved.version, by=actor(admin))
    assert refused.value.messages == [
        "Локальная сеть школы: не соответствует.",
        "Персональные данные передаются, а серверы — за пределами России: это запрещает закон 152-ФЗ.",
    ]
    with pytest.raises(ValidationError, match="Назовите и передаваемые данные"):
        actions.save_connection(element(), values | {"ground": "none"}, answers, seen=saved.version, by=actor(admin))


def test_only_outside_services_are_described(admin, client):
    sign_in(client, admin)
    paths = ["/desk/journal/connection/", "/elements/registry/connection/", "/elements/sgo/connection/"]
    assert [client.get(path).status_code for path in paths] == [404, 404, 200]
    make_connection(element("neb"))
    found = client.get(OVERVIEW + "?connection=waiting").context["page"]
    assert [row.element.slug for row in found] == ["neb"]
    assert len(client.get(OVERVIEW + "?connection=none").context["page"].paginator.object_list) == 17


def test_queries_do_not_grow_with_elements(admin, client):
    sign_in(client, admin)
    counts = []
    for number in (20, 500):
        for one in range(Element.objects.platforms().count(), number):
            new = Element.objects.create(slug=f"n{one}", name=f"Платформа {one}", own_closure=1, closure=1)
            make_review(new, by=admin, complies=bool(one % 2))
        asked = []
        for path in (OVERVIEW, OVERVIEW + "export/", "/desk/reviews/", "/elements/export/csv/"):
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            asked.append(len(queries))
        counts.append(asked)
    assert counts[0] == counts[1]
