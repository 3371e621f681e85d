"""Trainings tied to elements: who is trained to work with one, and who is not (3.2, 5.11)."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import staff
from accounts.actions.staff_records import delete_training
from accounts.actor import Actor
from accounts.models import AuditEntry, User
from resources import training
from resources.actions.registry import load_registry
from resources.actions.training import tie_trainings
from resources.models import Element, TrainingElement
from tests.factories import make_employee, make_position, make_pupil, make_training, sign_in

pytestmark = pytest.mark.django_db
TODAY = datetime.date.today()
DAY = datetime.timedelta(days=1)
PAGE = "/elements/neb/training/"
BY = Actor.command("tests")


@pytest.fixture(autouse=True)
def registry():
    load_registry(by=BY)


@pytest.fixture
def admin():
    return make_employee(position="system_administrator", surname="Журавлёв")


def neb() -> Element:
    return Element.objects.get(slug="neb")


def surnames(rows) -> list[str]:
    return [row.surname for row in rows]


@pytest.mark.clause("3.2")
@pytest.mark.clause("5.11")
def test_who_is_trained_for_an_element_and_who_is_not(admin):
    people = {name: make_employee(surname=name) for name in ("Агеева", "Вольная", "Гордая", "Дивная", "Ершова")}
    make_training(person=people["Агеева"], confirmed_by=admin, title="НЭБ в школе")
    make_training(person=people["Вольная"], confirmed_by=admin, title="НЭБ в школе", valid_until=TODAY - DAY)
    make_training(person=people["Гордая"], title="НЭБ в школе")
    make_training(person=people["Дивная"], confirmed_by=admin, title="Другое")
    assert tie_trainings(neb(), ["НЭБ в школе"], by=BY) == 2
    staff_now = staff.employed(TODAY)
    trained = [(row.person.surname, row.term.name) for row in training.trained(neb(), staff_now, TODAY)]
    assert trained == [("Агеева", "ENDLESS"), ("Вольная", "EXPIRED")]
    untrained = surnames(training.untrained(neb(), staff_now, TODAY))
    assert untrained == ["Вольная", "Гордая", "Дивная", "Ершова", "Журавлёв"]


def test_ties_are_added_taken_away_and_audited(admin):
    for title in ("Первый", "Второй"):
        make_training(person=make_employee(), confirmed_by=admin, title=title)
    tie_trainings(neb(), ["Первый"], by=BY)
    tie_trainings(neb(), ["Первый", "Второй"], by=BY)
    tie_trainings(neb(), ["Второй"], by=BY)
    assert [tie.training.title for tie in TrainingElement.objects.select_related("training")] == ["Второй"]
    actions = AuditEntry.objects.filter(object_type="resources.trainingelement").order_by("pk")
    assert [entry.action.split(".")[1] for entry in actions] == ["added", "added", "deleted"]


def test_a_deleted_training_takes_its_ties_along(admin):
    row = make_training(person=make_employee(), confirmed_by=admin, title="Первый")
    tie_trainings(neb(), ["Первый"], by=BY)
    delete_training(row, by=Actor(admin, None, "admin"))
    assert TrainingElement.objects.count() == 0


def test_the_administrator_ties_topics_on_the_page(client, admin):
    make_training(person=make_employee(surname="Агеева"), confirmed_by=admin, title="НЭБ в школе")
    sign_in(client, admin)
    assert "Пока никто" in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"topics": ["НЭБ в школе"]}).status_code == 302
    answer = client.get(PAGE)
    assert surnames(row.person for row in answer.context["trained"]) == ["Агеева"]
    assert answer.context["form"].initial["topics"] == ["НЭБ в школе"]
    client.post(PAGE, {"topics": ["Нет такой темы"]})
    assert TrainingElement.objects.count() == 1


def test_the_page_narrows_to_a_position(client, admin):
    make_employee(surname="Агеева")
    make_employee(position="librarian", surname="Яшина")
    sign_in(client, admin)
    answer = client.get(f"{PAGE}?position={make_position('librarian').pk}")
    assert surnames(answer.context["untrained"]) == ["Яшина"]


def test_others_are_refused(client, admin):
    make_training(person=make_employee(surname="Агеева"), confirmed_by=admin, title="НЭБ в школе")
    for person in (make_employee(), make_employee(position="deputy"), make_pupil()):
        sign_in(client, person)
        for answer in (client.get(PAGE), client.post(PAGE, {"topics": ["НЭБ в школе"]})):
            assert (answer.status_code, "Агеева" in answer.content.decode()) == (403, False)
    assert TrainingElement.objects.count() == 0
    sign_in(client, admin)
    assert client.get("/elements/no-such/training/").status_code == 404


def test_queries_do_not_grow_with_rows(client, admin):
    sign_in(client, admin)
    fill(admin, 1)
    few = queries(client)
    fill(admin, 30)
    assert queries(client) == few
    assert few <= 14


def fill(admin: User, number: int) -> None:
    for n in range(number):
        make_training(person=make_employee(), confirmed_by=admin, title=f"Курс {n % 7}")
        make_employee()
    tie_trainings(neb(), ["Курс 0", "Курс 1"], by=BY)


def queries(client) -> int:
    client.get(PAGE)
    with CaptureQueriesContext(connection) as context:
        assert client.get(PAGE).status_code == 200
    return len(context)
