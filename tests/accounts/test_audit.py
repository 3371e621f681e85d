"""The trail: what gets into it, what never does, and how people read it."""

import datetime

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import audit, history
from accounts.actor import Actor
from accounts.hints import AUDIT_TITLES, PERSONAL_FIELDS
from accounts.models import AuditEntry, Relation, SchoolCard, SchoolClass, User
from resources.actions.registry import load_registry
from tests.factories import (
    make_class,
    make_edition,
    make_element,
    make_employee,
    make_parent,
    make_person,
    make_pupil,
    sign_in,
)

pytestmark = pytest.mark.django_db
ADMIN = "system_administrator"


@pytest.fixture
def administrator(client):
    """The system administrator, signed in, before whom the audit section is open."""
    load_registry(by=Actor.command("test"))
    person = make_employee(position=ADMIN, surname="Щукин", name="Олег", patronymic="Ильич", username="schukin")
    sign_in(client, person)
    return person


def actor(person=None, address="10.0.0.7") -> Actor:
    return Actor(person, address, person.username if person else "команда test")


def written(obj, changes=None, *, by=None, action="element.changed", basis="", **fields) -> AuditEntry:
    entry = audit.entry(by or actor(), action, obj, changes, basis)
    for name, value in fields.items():
        setattr(entry, name, value)
    entry.save()
    return entry


# --- writing ---------------------------------------------------------------------------------------------------------


def test_an_entry_says_who_when_from_where_what_and_why():
    person, element = make_person(username="director"), make_element()
    before = timezone.now()
    entry = audit.record(actor(person), "element.changed", element, {"name": ["А", "Б"]}, "Приказ №7")
    entry.refresh_from_db()
    assert before <= entry.at <= timezone.now()
    found = (entry.actor, entry.actor_label, entry.address, entry.action, entry.changes, entry.basis)
    assert found == (person, "director", "10.0.0.7", "element.changed", {"name": ["А", "Б"]}, "Приказ №7")
    assert (entry.object_type, entry.object_id) == ("resources.element", str(element.pk))


def test_an_action_without_a_title_is_a_mistake():
    with pytest.raises(ValueError, match="audit action without a title: element.exploded"):
        audit.record(actor(), "element.exploded", make_element())


def test_a_long_basis_is_cut_rather_than_refused():
    assert len(audit.record(actor(), "element.changed", make_element(), basis="я" * 900).basis) == 300


def test_many_entries_are_written_at_once(django_assert_num_queries):
    elements = [make_element() for _ in range(40)]
    with django_assert_num_queries(1):
        audit.record_many([audit.entry(actor(), "element.changed", element) for element in elements])
    assert AuditEntry.objects.count() == 40


def test_difference_of_two_snapshots():
    element = make_element(name="Было", closure=1)
    before = audit.snapshot(element, ["name", "closure", "parent", "is_listed"])
    element.name, element.is_listed, element.parent = "Стало", not element.is_listed, make_element()
    assert audit.difference(before, audit.snapshot(element, before)) == {
        "name": ["Было", "Стало"],
        "is_listed": [not element.is_listed, element.is_listed],
        "parent": [None, element.parent.pk],
    }


# --- what never gets in ----------------------------------------------------------------------------------------------

# Fields of all models of the installation, third-party ones included, that hold secrets or what secrets are made of.
# A new field of this kind fails the test below until it is judged; one that is harmless is added to HARMLESS.
SUSPECT = (
    "password",
    "secret",
    "token",
    "hash",
    "key",
    "code",
    "data",
    "otp",
    "pin",
    "salt",
    "seed",
    "session",
    "cipher",
)
HARMLESS = {
    "accounts.auditblock.code",
    "accounts.auditblock.previous_code",
    "accounts.auditseal.code",
    "accounts.position.code",
    "auth.permission.codename",
    "journal.workkind.code",
    "resources.document.code",
    "resources.edition.parents_opinion",
    "resources.edition.pupils_opinion",
    "resources.element.keeping",
    "resources.serviceconnection.data_passed",
}


def suspect_fields() -> list[tuple[str, str]]:
    return [
        (model._meta.label_lower, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.concrete and not field.is_relation and any(word in field.name for word in SUSPECT)
    ]


def test_the_walk_over_models_finds_the_known_secrets():
    known = {
        ("accounts.user", "password"),
        ("mfa.authenticator", "data"),
        ("sessions.session", "session_key"),
        ("sessions.session", "session_data"),
        ("accounts.storedfile", "sha256"),
    }
    assert known <= {*suspect_fields(), ("accounts.storedfile", "sha256")}


@pytest.mark.parametrize(("label", "field"), suspect_fields())
def test_no_secret_of_any_model_gets_into_the_trail(label, field):
    if f"{label}.{field}" in HARMLESS:
        return
    row = apps.get_model(label)(pk=1)
    entry = audit.entry(actor(), "element.changed", row, {field: ["прежняя-тайна", "новая-тайна"]})
    assert entry.changes == {field: None}


PERSONAL = sorted((label, field) for label, fields in PERSONAL_FIELDS.items() for field in fields)


@pytest.mark.parametrize(("label", "field"), PERSONAL)
def test_values_of_identifying_fields_stay_out(label, field):
    model = apps.get_model(label)
    assert model._meta.get_field(field).concrete
    entry = audit.entry(actor(), "element.changed", model(pk=1), {field: ["Иванова", "Петрова"]})
    assert entry.changes == {field: None}


def test_names_contacts_and_birth_date_of_a_person_are_identifying():
    assert PERSONAL_FIELDS["accounts.user"] == {
        "surname", "name", "patronymic", "birth_date", "email", "phone", "search", "sort_name",
    }  # fmt: skip


def test_a_switch_about_a_password_is_not_a_secret():
    entry = audit.entry(actor(), "element.changed", make_person(), {"must_change_password": [True, False]})
    assert entry.changes == {"must_change_password": [True, False]}


def test_nothing_that_identifies_is_left_in_the_rows_of_the_database():
    """A whole snapshot of a person, taken carelessly, leaves no trace of who it is."""
    person = make_person(surname="Незабудкина", name="Аглая", patronymic="Феоктистовна", email="aglaya@example.ru",
                         phone="+7 927 000-11-22", birth_date=datetime.date(2012, 3, 4), username="neza")  # fmt: skip
    everything = audit.snapshot(person, [f.name for f in User._meta.concrete_fields])
    audit.record(actor(), "person.changed", person, audit.difference({}, everything))
    text = str(AuditEntry.objects.values_list("changes", flat=True).get())
    # Whole values: three digits of a telephone are found in the microseconds of any moment, one run in some thirty.
    for trace in ("незабудкин", "аглая", "феоктист", "aglaya", person.phone, "0001122", "2012-03-04", person.password):
        assert trace not in text.casefold()
    assert "surname" in text


# --- in words --------------------------------------------------------------------------------------------------------


def line_of(entry: AuditEntry) -> history.Line:
    return history.lines([AuditEntry.objects.select_related("actor").get(pk=entry.pk)])[0]


def test_a_line_tells_it_in_russian():
    person = make_person(surname="Иванова", name="Мария", patronymic="Петровна", username="ivanovamp")
    element = make_element(name="РЭШ")
    line = line_of(written(element, {"name": ["МЭШ", "РЭШ"]}, by=actor(person), basis="Приказ №7"))
    assert (line.who, line.login, line.address) == ("Иванова Мария Петровна", "ivanovamp", "10.0.0.7")
    assert (line.title, line.basis) == ("изменён элемент ЭИОС", "Приказ №7")
    assert line.object.endswith("РЭШ")
    assert line.url == f"/audit/resources.element/{element.pk}/"
    assert line.changes == [history.Change("Название", "МЭШ", "РЭШ")]


def test_a_command_has_no_person():
    line = line_of(written(make_element(), by=Actor.command("seal_audit")))
    assert (line.who, line.login, line.address) == ("команда seal_audit", "", "")


def test_values_are_told_as_people_write_them():
    year_class, card = make_class(grade=7, letter="Б"), SchoolCard(pk=1)
    pupil, child = make_pupil(), make_pupil(surname="Львов", name="Лев", patronymic="")
    relation = Relation.objects.get(parent=make_parent(child=child))
    edition = make_edition()
    values = [
        (card, "parents_have_cabinets", [False, True], ("Кабинеты родителей", "нет", "да")),
        (card, "site", ["", "http://school-29.ru/"], ("Официальный сайт", "—", "http://school-29.ru/")),
        (relation, "kind", ["mother", "guardian"], ("Кем приходится", "мать", "опекун или попечитель")),
        (relation, "ends", [None, "2026-11-22"], ("По", "—", "22.11.2026")),
        (relation, "pupil", [None, child.pk], ("Обучающийся", "—", "Львов Лев")),
        (edition, "created_at", [None, "2026-11-22 21:30:00+00:00"], ("Создана", "—", "23.11.2026 00:30")),
        (year_class, "grade", [6, 7], ("Параллель", "6", "7")),
        (pupil, "surname", ["Тайнова", "Скрытая"], ("Фамилия", "", "")),
        (
            card,
            "options",
            [None, {"seed": 29, "fresh": False}],
            ("Параметры", "—", "зерно: 29, как в первый день: нет"),
        ),
        (pupil, "factors", [["totp:7"], []], ("Второй шаг входа", "totp:7", "—")),
        (pupil, "unheard_of", [1, [2, 3]], ("Unheard_of", "1", "2, 3")),
    ]
    for obj, field, pair, expected in values:
        change = line_of(written(obj, {field: pair})).changes[0]
        assert (change.field, change.before, change.after) == expected
        assert change.is_hidden is (field == "surname")


def test_what_has_gone_is_told_by_its_number():
    school_class = make_class()
    entry = written(school_class, {"year": [school_class.year_id, 999999]})
    SchoolClass.objects.all().delete()
    line = line_of(entry)
    assert line.object == f"класс №\N{NO-BREAK SPACE}{entry.object_id}"
    assert line.changes[0].after == "№\N{NO-BREAK SPACE}999999"


def test_an_entry_of_a_former_release_is_still_readable():
    entry = AuditEntry(actor_label="кто-то", action="x", object_type="gone.model", object_id="7/8")
    entry.changes = {"name": "не пара"}
    entry.save()
    line = line_of(entry)
    assert (line.title, line.object) == ("x", "gone.model №\N{NO-BREAK SPACE}7/8")
    assert line.changes == [history.Change("Name", "", "", is_hidden=True)]


@pytest.mark.parametrize(
    ("changes", "object_type"), [([], "accounts.user"), ("текст", "a/b"), (7, ""), ({"a": [1]}, "accounts.user")]
)
def test_a_row_that_was_tampered_with_does_not_close_the_page(client, administrator, changes, object_type):
    AuditEntry.objects.create(actor_label="", action="", object_type=object_type, object_id="я", changes=changes)
    assert len(shown(client)) > 1


def test_the_names_of_many_lines_come_by_few_queries(django_assert_num_queries):
    def lines(count):
        for number in range(count):
            pupil = make_pupil(surname=f"Фамилия{number}")
            written(pupil.enrolments.get(), {"school_class": [None, pupil.enrolments.get().school_class_id]})
            written(make_element(), {"name": ["1", "2"]})
        return list(AuditEntry.objects.select_related("actor"))

    one, thirty = lines(1), lines(30)
    with django_assert_num_queries(3):
        history.lines(one)
    with django_assert_num_queries(3):
        history.lines(thirty)


# --- pages -----------------------------------------------------------------------------------------------------------


def shown(client, **query) -> list[str]:
    response = client.get(reverse("accounts:audit_list"), query)
    assert response.status_code == 200
    return [line.object for line in response.context["history"]]


def test_the_page_shows_who_when_where_what_and_why(client, administrator):
    element = make_element(name="Учи.ру")
    at = datetime.datetime(2026, 11, 22, 9, 5, 7, tzinfo=datetime.UTC)
    written(element, {"name": ["А", "Учи.ру"]}, by=actor(administrator), basis="Приказ №7", at=at)
    page = client.get("/audit/").content.decode()
    for text in (
        "22.11.2026",
        ">12:05:07<",
        "Щукин Олег Ильич",
        "10.0.0.7",
        "Изменён элемент ЭИОС",
        "Учи.ру",
        "Приказ №7",
    ):
        assert text in page


def test_the_trail_is_closed_to_other_employees(client, administrator):
    number = written(make_element(name="Тайный элемент")).object_id
    for position in ("teacher", "director", "deputy", "credentials_officer"):
        sign_in(client, make_employee(position=position))
        for address in ("/audit/", f"/audit/resources.element/{number}/"):
            response = client.get(address)
            assert response.status_code == 403
            assert "Тайный элемент" not in response.content.decode()


def test_the_trail_is_closed_to_guests_and_pupils(client, administrator):
    written(make_element(name="Тайный элемент"))
    client.logout()
    assert client.get("/audit/").status_code == 302
    sign_in(client, make_pupil())
    response = client.get("/audit/")
    assert response.status_code == 403
    assert "Тайный элемент" not in response.content.decode()


def test_the_person_is_found_however_the_name_is_typed(client, administrator):
    person = make_employee(surname="Жёлтова", name="Анна", username="zheltovaa")
    written(make_element(name="Её элемент"), by=actor(person))
    written(make_element(name="Чужой элемент"), by=actor(administrator))
    for query in ("жЁлтова", "желтова", "ЖЕЛТОВ", "zheltova", "Анна Жёлтова"):
        assert [name.split(": ")[1] for name in shown(client, q=query)] == ["Её элемент"], query


def test_filters_stand_in_the_address(client, administrator):
    moment = datetime.datetime(2026, 3, 10, tzinfo=datetime.UTC)
    # Midnight of the 10th in Moscow is 21:00 of the 9th by Greenwich.
    written(make_element(name="накануне"), at=moment - datetime.timedelta(hours=3, seconds=1))
    written(make_element(name="утром"), at=moment - datetime.timedelta(hours=3))
    written(make_element(name="вечером"), at=moment + datetime.timedelta(hours=20, minutes=59))
    written(make_person(surname="Позже"), at=moment + datetime.timedelta(hours=21), action="person.changed")
    days = {"starts": "2026-03-01", "ends": "2026-03-31"}

    def names(**query):
        return [text.split(": ")[1].split()[0] for text in shown(client, **query)]

    assert names(**days) == ["Позже", "вечером", "утром", "накануне"]
    assert names(starts="2026-03-10", ends="2026-03-10") == ["вечером", "утром"]
    assert names(**days, action="person.changed") == ["Позже"]
    assert names(**days, kind="resources.element") == ["вечером", "утром", "накануне"]
    assert names(**days, kind="resources.element", q="команда") == ["вечером", "утром", "накануне"]
    assert names(**days, q="никто") == []


BAD = {
    "page": ["-1", "0", "два", "9" * 40],
    "starts": ["вчера", "0001-01-01", "9999-12-31", "2026-13-45"],
    "ends": ["9999-12-31", "0001-01-01", "'"],
    "kind": ["нет.такого", "accounts.user' OR 1=1"],
    "action": ["нет", "x" * 5000],
    "q": ["%", "\\", "'; DROP TABLE", "я" * 201],
}


def test_a_bad_filter_is_passed_over(client, administrator):
    for name, values in BAD.items():
        for value in values:
            assert client.get("/audit/", {name: value}).status_code == 200, (name, value)


def test_there_is_no_history_of_what_never_was(client, administrator):
    for address in ("/audit/accounts.user/999999/", "/audit/no.model/1/", "/audit/x/y/", "/audit/a.b/'%20--/"):
        assert client.get(address).status_code == 404, address


def test_the_history_of_one_object_is_its_own(client, administrator):
    mine, other = make_element(name="Своё"), make_element(name="Чужое")
    written(mine, {"name": ["Раньше", "Своё"]})
    written(other, {"name": ["Совсем", "Чужое"]})
    page = client.get(f"/audit/resources.element/{mine.pk}/").content.decode()
    assert "Раньше" in page
    assert "Чужое" not in page


def test_a_hidden_value_is_said_to_have_changed(client, administrator):
    person = make_person(surname="Новая")
    written(person, {"surname": ["Старая", "Новая"]}, action="person.changed")
    page = client.get(f"/audit/accounts.user/{person.pk}/").content.decode()
    assert "Фамилия: <i>изменено</i>" in page
    assert "Старая" not in page


def test_what_people_typed_is_shown_as_text(client, administrator):
    mark = "<script>alert(1)</script>"
    written(make_element(name=mark), {"name": [mark, mark], mark: [mark, mark]}, basis=mark)
    page = client.get("/audit/").content.decode()
    assert mark not in page
    assert page.count("&lt;script&gt;alert(1)") == 7


def test_the_list_asks_as_much_of_the_database_for_one_entry_as_for_thirty(client, administrator):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/audit/", {"kind": "accounts.user"}).status_code == 200
        return len(captured)

    written(make_person(), {"surname": ["а", "б"]}, by=actor(administrator), action="person.changed")
    queries()  # the sections of the menu are kept in memory from now on
    one = queries()
    for _ in range(30):
        person = make_person()
        written(person, {"surname": ["а", "б"]}, by=actor(person), action="person.changed")
    assert queries() == one


def test_pages_keep_the_filters(client, administrator):
    element = make_element()
    audit.record_many([audit.entry(actor(), "element.changed", element, {"order": [n, n + 1]}) for n in range(120)])
    response = client.get("/audit/", {"kind": "resources.element", "q": "команда test", "page": "2"})
    assert len(response.context["history"]) == 50
    assert response.context["page"].paginator.num_pages >= 3
    assert "?kind=resources.element&amp;q=%D0%BA%D0%BE" in response.content.decode()


@pytest.mark.parametrize("action", list(AUDIT_TITLES))
def test_every_action_has_a_russian_title(action):
    title = AUDIT_TITLES[action]
    assert title
    assert any("а" <= letter <= "я" for letter in title)
