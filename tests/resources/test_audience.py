"""Who can open an element, and why: the same decisions that the gate makes, for everybody at once (5.4)."""

import datetime
import io

import openpyxl
import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.models import AuditEntry, SchoolCard, User
from eios.lib.access import ADMINISTER, CONTRIBUTE, OPEN
from resources import access, audience, matrix, tree
from resources.actions.registry import load_registry
from resources.asker import Asker
from resources.models import Acquaintance, Element, TrainingElement
from tests import personas
from tests.factories import (
    make_administrator,
    make_class,
    make_condition,
    make_document,
    make_element,
    make_position,
    make_privilege,
    make_pupil,
    make_pupils,
    make_training,
    sign_in,
)

pytestmark = pytest.mark.django_db
TODAY = datetime.date.today()
NETWORK = "10.1.0.0/16"


@pytest.fixture
def people():
    load_registry(by=Actor.command("проверка"))
    found = personas.build()
    SchoolCard.objects.update(local_networks=NETWORK)
    return found


def reader() -> Asker:
    return Asker(None, school=SchoolCard.current())


def elements_of_every_kind(people: dict) -> list[Element]:
    """Each closure, each condition, each grantee, inheritance, a 5 that stops, and both kinds of administrators."""
    levels = [make_element(name=f"Закрытость {closure}", closure=closure) for closure in range(6)]
    document = make_document()
    conditioned = make_element(name="С условиями", closure=1)
    make_condition(conditioned, kind="acquaintance", document=document)
    Acquaintance.objects.create(person=people["pupil"], edition=document.editions.get())
    networked, factored, trained = (make_element(name=name, closure=1) for name in ("Сеть", "Фактор", "Обучение"))
    make_condition(networked, kind="network")
    make_condition(factored, kind="second_factor")
    Authenticator.objects.create(user=people["teacher"], type="totp", data={})
    make_condition(trained, kind="training")
    training = make_training(person=people["librarian"], confirmed_by=people["director"])
    TrainingElement.objects.create(training=training, element=trained)
    make_privilege(levels[5], person=people["parent"])
    make_privilege(levels[4], status="parent", right="contribute")
    make_privilege(levels[3], school_class=make_class(grade=8))
    make_privilege(levels[2], position=make_position("informatics_support"), ends=TODAY - datetime.timedelta(days=1))
    below = make_element(name="Ниже", closure=None, parent=levels[5])
    stopped = make_element(name="Пятёрка ниже", closure=5, parent=below)
    make_administrator(levels[5], people["librarian"])
    make_administrator(levels[4], people["former"])
    return [*levels, conditioned, networked, factored, trained, below, stopped, *Element.objects.sections()]


@pytest.mark.clause("5.4")
@pytest.mark.parametrize("inside", [False, True])
def test_the_matrix_decides_as_the_gate_does(people, inside):
    elements = elements_of_every_kind(people)
    school = SchoolCard.current()
    address = "10.1.2.3" if inside else "8.8.8.8"
    asked = {
        name: Asker(User.objects.get(pk=person.pk), school=school, address=address)
        for name, person in people.items()
        if person and name not in ("former", "blocked")
    }
    wrong = []
    for element in elements:
        ground = tree.ground_of(school, element)
        known = {one.key: one for one in audience.people(reader(), ground, inside_network=inside)}
        assert people["former"].pk not in known
        for name, asker in asked.items():
            for to in (OPEN, CONTRIBUTE, ADMINISTER):
                expected, found = access.decide(asker, element, to), audience.judged(known[asker.person.pk], ground, to)
                wrong += [(element.name, name, to, expected, found)] if expected != found else []
    assert wrong == []


def test_a_blocked_person_opens_what_guests_open(people):
    found = {}
    for closure in (0, 1):
        element = make_element(closure=closure)
        ground = tree.ground_of(SchoolCard.current(), element)
        [one] = audience.people(reader(), ground, keys=[people["blocked"].pk])
        found[closure] = audience.judged(one, ground)
    assert (found[0].allowed, found[1].allowed, found[1].reasons) == (True, False, ("Учётная запись заблокирована.",))


@pytest.fixture
def element(people):
    return make_element(slug="reading-room", name="Читальный зал", closure=4)


@pytest.fixture
def desk(client, people, element):
    make_administrator(element, people["librarian"])
    sign_in(client, people["librarian"])
    return client


WHO = "/desk/reading-room/who/"


def test_desk_who_narrows_by_what_stands_in_the_address(desk, element):
    """Ёлкина is the pupil of 8 «А» and her mother, Белая the deputy; the reader administers the element."""
    make_privilege(element, status="parent")
    names = ("Ёлкина Вера", "Ёлкина Светлана", "Белая", "Соловьёва", "Козлова")
    asked = {
        "": [True, True, True, True, False],
        "?can=yes": [False, True, True, False, False],
        "?can=no": [True, False, False, True, False],
        "?status=parent": [False, True, False, False, False],
        f"?school_class={make_class(grade=8).pk}": [True, False, False, False, False],
        f"?position={make_position('deputy').pk}": [False, False, True, False, False],
        "?q=елкина": [True, True, False, False, False],
        "?q=zzz": [False] * 5,
        "?can=maybe&school_class=1e9": [True, True, True, True, False],
    }
    found = {}
    for query in asked:
        text = desk.get(WHO + query).content.decode()
        found[query] = [name in text for name in names]
    assert found == asked


def test_desk_who_counts_the_network_as_it_is_told(desk, element):
    make_condition(element, kind="network")
    sign_in(desk, User.objects.get(surname="Журавлёв"))
    # The administrators' own desk asks the condition too: the reader is inside.
    inside = {"REMOTE_ADDR": "10.1.2.3"}
    SchoolCard.touch_access()
    sign_in(desk, User.objects.get(surname="Римская-Корсакова"))
    outside = desk.get(f"{WHO}?q=белая", **inside).content.decode()
    within = desk.get(f"{WHO}?q=белая&inside=on", **inside).content.decode()
    assert "Открывается только из сети школы." in outside
    assert "Уровень доступа: «Руководство»." in within


def test_desk_who_export_is_text_only_and_in_the_trail(desk, element):
    make_pupil(surname="=HYPERLINK(1)", name="Злой")
    answer = desk.get(f"{WHO}export/?q=злой")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    assert [(row[0], row[2]) for row in rows] == [("=HYPERLINK(1) Злой Сергеевна", "не может")]
    assert sheet["A5"].data_type == "s"
    trail = AuditEntry.objects.filter(action="element.audience_exported").values_list("object_id", "changes")
    assert list(trail) == [(str(element.pk), {"people": [None, 1]})]


def test_the_desk_of_another_element_is_not_found(desk, people):
    make_element(slug="other", closure=0)
    pages = ("who/", "who/export/", f"who/{people['pupil'].pk}/")
    assert [desk.get(f"/desk/other/{page}").status_code for page in pages] == [404] * 3
    assert desk.get("/why/").status_code == 404


def test_desk_why_tells_all_reasons_and_what_is_missing(desk, people, element):
    document = make_document(title="Порядок читального зала")
    make_condition(element, kind="second_factor")
    Authenticator.objects.create(user=people["librarian"], type="totp", data={})
    make_privilege(element, person=people["deputy"], right="contribute")
    make_privilege(element, position=make_position("deputy"), starts=TODAY + datetime.timedelta(days=3))
    part = make_element(slug="shelf", name="Полка", closure=None, parent=element)
    make_condition(part, kind="acquaintance", document=document)
    text = desk.get(f"{WHO}{people['deputy'].pk}/").content.decode()
    said = ["Право есть: Уровень доступа: «Руководство».", "Право есть: Привилегия на «Читальный зал»: лично.",
            "Нужен второй шаг входа", "Начнётся"]  # fmt: skip
    assert [words in text for words in said] == [True] * 4
    assert desk.get(f"{WHO}{people['former'].pk}/").status_code == 404


def test_desk_why_offers_a_privilege_where_there_is_no_right(desk, people):
    text = desk.get(f"{WHO}{people['pupil'].pk}/").content.decode()
    assert "Должность с уровнем 4" in text
    assert f"/privileges/grant/?to=person&amp;person={people['pupil'].pk}" in text


@pytest.mark.clause("5.4")
def test_why_answers_the_system_administrator_of_anybody(client, people, element):
    make_administrator(element, people["librarian"])
    sign_in(client, people["admin"])
    text = client.get("/why/?element=reading-room&q=елкина").content.decode()
    assert f"person={people['pupil'].pk}" in text
    text = client.get(f"/why/?element=reading-room&person={people['pupil'].pk}").content.decode()
    assert "Нужен уровень «Руководство», сейчас — «Авторизованный»." in text
    text = client.get(f"/why/?element=reading-room&person={people['former'].pk}").content.decode()
    assert "Такого человека в школе нет" in text


def test_rows_are_escaped(people, element):
    make_pupil(surname="<b>Жирный</b>")
    ground = tree.ground_of(SchoolCard.current(), element)
    body = matrix.body(audience.rows(audience.people(reader(), ground), ground))
    assert "&lt;b&gt;Жирный&lt;/b&gt;" in body
    assert "<b>" not in body


def test_queries_of_desk_who_are_the_same_for_five_and_three_hundred(desk, element, people):
    for kind in ("training", "second_factor"):
        make_condition(element, kind=kind)
    make_condition(element, kind="acquaintance", document=make_document())
    sign_in(desk, people["admin"])
    pages = ("/desk/registry/who/", "/desk/registry/privileges/grant/?to=person&q=ива", "/desk/registry/who/export/")
    make_pupils(5, surname="Иванов")
    for page in pages:
        desk.get(page)
    few = [_queries(desk, page) for page in pages]
    make_pupils(300, surname="Иванов")
    assert [_queries(desk, page) for page in pages] == few
    assert len(audience.people(reader())) > 300


def _queries(client, page: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(page).status_code == 200
    return len(found)


# The closed door


@pytest.mark.clause("3.3")
def test_a_closed_card_says_what_to_do_and_where(client, people):
    document = make_document(title="Порядок зала")
    element = make_element(slug="hall", name="Зал", closure=1)
    for kind in ("second_factor", "training", "network"):
        make_condition(element, kind=kind)
    make_condition(element, kind="acquaintance", document=document)
    sign_in(client, people["teacher"])
    text = client.get("/elements/hall/").content.decode()
    said = ["Осталось выполнить условия.", "Порядок зала", 'href="/account/factor/"', "Пройти обучение", "Wi-Fi"]
    assert [words in text for words in said] == [True] * len(said)
    assert "К кому обратиться:</b>" not in text


@pytest.mark.clause("3.3")
def test_a_closed_page_says_the_level_and_whom_to_ask(client, people):
    sign_in(client, people["teacher"])
    answer = client.get("/orders/")
    text = answer.content.decode()
    said = ["Нужен уровень «Руководство», сейчас — «Работники».", "К кому обратиться:</b>"]
    assert (answer.status_code, [words in text for words in said]) == (403, [True, True])
