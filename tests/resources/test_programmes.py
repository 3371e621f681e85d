"""Work programmes: who reads which, how they are moved and renewed (1.3 a, 3.7, 6.1)."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.actor import Actor
from accounts.models import Appointment, Notification, SchoolCard
from resources import programmes
from resources.actions import programmes as actions
from resources.actions.elements import save_element
from resources.asker import asker_for
from resources.importing import thematic_plan
from resources.models import Element, Programme
from tests.factories import (
    make_employee,
    make_library_edition,
    make_method_group,
    make_order,
    make_privilege,
    make_programme,
    make_pupil,
    make_resource,
    make_subject,
    make_year,
    sign_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
TODAY = datetime.date.today()
YEAR_AGO = TODAY - datetime.timedelta(days=365)


def page(name, *args) -> str:
    return reverse(f"resources:programme_{name}", args=args)


def by(person) -> Actor:
    return Actor(person, None, person.username)


@pytest.fixture
def author(site):
    return make_employee(surname="Авторова")


@pytest.fixture
def deputy(site):
    """Runs the section of programmes by a privilege."""
    person = make_employee(position="deputy", surname="Завучева")
    make_privilege(Element.objects.get(slug="programmes"), person=person, right="contribute")
    return person


@pytest.fixture
def head(author):
    """Heads the ШМО that the author works in."""
    group = make_method_group(name="Точных наук")
    person = make_employee(position="method_group_head", surname="Главина")
    Appointment.objects.filter(person__in=[person, author]).update(method_group=group)
    person.group = group
    return person


@pytest.mark.clause("6.1")
def test_the_public_reads_what_is_approved_and_nothing_else(client, author):
    platform = Element.objects.get(slug="neb")
    shown = make_programme(author=author, topics=["Линейная функция"], reference_systems="Math-Net.Ru")
    shown.elements.add(platform)
    hidden = make_programme(make_subject("Геометрия"), author=author, state="agreed")
    listed = client.get(page("list"), {"grade": 7}).content.decode()
    assert ("Алгебра" in listed, "Геометрия" in listed) == (True, False)
    assert list(client.get(page("list"), {"grade": 8}).context["page"]) == []
    text = client.get(shown.get_absolute_url()).content.decode()
    assert [word in text for word in ("Линейная функция", "Math-Net.Ru", platform.name)] == [True] * 3
    assert client.get(hidden.get_absolute_url()).status_code == 404
    assert client.get(page("plan_export", hidden.pk)).status_code == 404
    assert list(programmes.using(platform, asker_for(None))) == [shown]


def test_a_draft_is_its_authors_and_submitted_it_is_its_method_groups(author, head, deputy):
    draft = make_programme(author=author, state="draft", method_group=head.group)
    stranger, pupil = make_employee(surname="Чужих"), make_pupil()

    def who_sees():
        people = {"author": author, "head": head, "deputy": deputy, "stranger": stranger, "pupil": pupil, "guest": None}
        return [name for name, one in people.items() if draft in programmes.visible_to(asker_for(again(one)))]

    assert who_sees() == ["author", "deputy"]
    actions.submit(draft, by=by(author))
    assert who_sees() == ["author", "head", "deputy"]


def again(person):
    return type(person).objects.get(pk=person.pk) if person else None


@pytest.mark.clause("6.1")
def test_from_a_draft_to_an_approved_programme_by_pages(client, author, head, deputy):
    subject, year = make_subject(), make_year()
    sign_in(client, author)
    values = {
        "kind": "subject", "subject": subject.pk, "title": "", "grade_from": 7, "grade_to": 7, "year": year.pk,
        "method_group": head.group.pk, "explanation": "", "content": "Функции", "results": "Умеет",
    }  # fmt: skip
    client.post(page("add"), values)
    draft = Programme.objects.get()
    client.post(page("plan", draft.pk), {"typed": "Функции\nЛинейная функция; 3; контрольная; ЭО\nГрафик;1,5"})
    assert list(draft.topics.values_list("section", "name", "hours", "way")) == [
        ("Функции", "Линейная функция", Decimal("3"), "e_learning"),
        ("Функции", "График", Decimal("1.5"), "in_person"),
    ]
    client.post(page("submit", draft.pk))
    assert client.post(page("consider", draft.pk), {"protocol": "1", "day": TODAY}).status_code == 403
    sign_in(client, head)
    client.post(page("consider", draft.pk), {"protocol": "1", "day": TODAY.isoformat()})
    assert client.post(page("agree", draft.pk)).status_code == 403
    sign_in(client, deputy)
    client.post(page("agree", draft.pk))
    order = make_order(number="170", state="executed", date=TODAY)
    client.post(page("approve"), {"order": order.pk, "programmes": [draft.pk]})
    draft.refresh_from_db()
    assert (draft.state, draft.order, draft.protocol, draft.agreed_by) == ("approved", order, "1", deputy)
    assert Notification.objects.filter(person=author, kind="programme").count() == 1
    client.logout()
    assert client.get(draft.get_absolute_url()).status_code == 200
    sign_in(client, author)
    assert client.post(page("change", draft.pk), values).status_code == 403


@pytest.mark.clause("1.3 a")
def test_what_a_programme_uses_leads_there_and_back(client, author):
    subject = make_subject()
    draft = make_programme(subject, author=author, state="draft")
    music = make_subject("Музыка")
    suits, any_subject = make_resource(title="Задачник", subjects=[subject]), make_resource(title="Атлас")
    foreign = make_resource(title="Хор", subjects=[music])
    book, platform = make_library_edition(title="Алгебра 7"), Element.objects.get(slug="neb")
    sign_in(client, author)
    form = client.get(page("lists", draft.pk)).context["form"]
    assert set(form.fields["resources"].queryset) == {suits, any_subject}
    values = {
        "elements": [platform.pk],
        "resources": [suits.pk],
        "editions": [book.pk],
        "reference_systems": "Math-Net",
    }
    assert client.post(page("lists", draft.pk), values | {"resources": [foreign.pk]}).status_code == 200
    assert client.post(page("lists", draft.pk), values).status_code == 302
    Programme.objects.filter(pk=draft.pk).update(state="approved", order=make_order(state="executed"))
    SchoolCard.touch_public()
    client.logout()
    text = client.get(draft.get_absolute_url()).content.decode()
    for used in (suits, book):
        assert used.get_absolute_url() in text
        assert draft.get_absolute_url() in client.get(used.get_absolute_url()).content.decode()
    assert client.post(page("lists", draft.pk), values).status_code == 302


def test_what_is_refused_leaves_everything_as_it_was(author, deputy):
    empty = make_programme(author=author, state="draft", content="", topics=())
    with pytest.raises(ValidationError, match="Рассматривать нечего"):
        actions.submit(empty, by=by(author))
    agreed = make_programme(author=author, state="agreed", considered_on=TODAY)
    unsigned, early = make_order(number="1"), make_order(number="2", state="executed", date=YEAR_AGO)
    for order, words in ((unsigned, "исполненный приказ"), (early, "рассмотрена позже")):
        with pytest.raises(ValidationError, match=words):
            actions.approve([agreed], order=order, by=by(deputy))
    submitted, tomorrow = make_programme(author=author, state="submitted"), TODAY + datetime.timedelta(days=1)
    with pytest.raises(ValidationError, match="будущем"):
        actions.consider(submitted, protocol="1", day=tomorrow, by=by(deputy))
    with pytest.raises(actions.Moved):
        actions.submit(agreed, by=by(author))
    states = Programme.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["draft", "agreed", "submitted"]


def test_a_returned_programme_is_a_draft_with_the_reason(author, deputy):
    row = make_programme(author=author, state="agreed", protocol="3", considered_on=TODAY)
    actions.send_back(row, reason="Не хватает часов", by=by(deputy))
    row.refresh_from_db()
    assert (row.state, row.returned_because, row.protocol, row.considered_on) == ("draft", "Не хватает часов", "", None)


@pytest.mark.clause("3.7")
def test_the_board_shows_what_is_not_renewed_until_it_is(client, author, head, deputy):
    former = make_year(starts=YEAR_AGO)
    year = make_year()
    platform = Element.objects.get(slug="neb")
    carried = make_programme(author=author, year=former, method_group=head.group, topics=["Раз", "Два"])
    carried.elements.add(platform)
    ended = make_programme(make_subject("Технология"), author=author, year=former, method_group=head.group)
    make_programme(make_subject("Музыка"), author=author, year=former)

    def waiting(groups):
        return {str(row.group): [str(one) for one in row.waiting] for row in programmes.board(year, groups)}

    assert waiting({head.group.pk}) == {"Точных наук": [str(carried), str(ended)]}
    assert sorted(waiting(None)) == ["None", "Точных наук"]
    sign_in(client, head)
    assert "Музыка" not in client.get(page("board")).content.decode()
    client.post(page("renew"), {"programmes": [carried.pk]})
    actions.end(ended, reason="Предмет изменён", by=by(deputy))
    copy = Programme.objects.get(renewed_from=carried)
    assert (copy.state, copy.year, copy.topics.count(), list(copy.elements.all())) == ("draft", year, 2, [platform])
    assert waiting({head.group.pk}) == {"Точных наук": []}
    assert actions.renew([carried], year=year, by=by(deputy)) == 0


def test_the_cabinet_says_what_waits_for_the_head_and_what_came_back(client, author, head, deputy):
    row = make_programme(author=author, state="submitted", method_group=head.group)
    make_programme(make_subject("Геометрия"), author=author, state="submitted")

    def waits(person):
        sign_in(client, person)
        return "программа" in client.get(reverse("eios:cabinet")).content.decode()

    assert (waits(head), waits(author)) == (True, False)
    actions.send_back(row, reason="Часы", by=by(deputy))
    assert (waits(head), waits(author)) == (False, True)


def test_the_boards_are_for_heads_and_above(client, author):
    sign_in(client, author)
    assert client.get(page("board")).status_code == 403
    reader, former = make_pupil(), make_year(starts=YEAR_AGO)
    make_year()
    row = make_programme(author=author, year=former)
    make_privilege(Element.objects.get(slug="method-boards"), person=reader, right="open")
    sign_in(client, again(reader))
    assert client.get(page("board")).status_code == 200
    assert client.post(page("renew"), {"programmes": [row.pk]}).status_code == 403
    assert not Programme.objects.filter(renewed_from=row).exists()


def test_closed_programmes_are_not_named_elsewhere(client, author):
    used = make_resource()
    row = make_programme(author=author)
    row.resources.add(used)
    assert row.get_absolute_url() in client.get(used.get_absolute_url()).content.decode()
    section = Element.objects.get(slug="programmes")
    section.own_closure = 2
    save_element(section, by=Actor.command("tests"))
    assert row.get_absolute_url() not in client.get(used.get_absolute_url()).content.decode()


# --- the thematic plan ------------------------------------------------------------------------------------------------


def test_a_plan_is_read_from_a_table_as_schools_have_it():
    table = (
        "Рабочая программа;;;\n"
        "№;Наименование разделов и тем программы;Количество часов;Электронные образовательные ресурсы\n"
        "Раздел 1. Числа;;;\n1;Рациональные числа;25;https://resh.edu.ru\n2;Всего понемногу;2;\nИтого по разделу;;27;\n"
        ";Общее количество часов по программе;27;\n"
    )
    plan = thematic_plan.from_file(table.encode("cp1251"))
    assert (plan.errors, plan.hours) == ([], Decimal(27))
    assert [(one.name, one.hours, one.resources) for one in plan.lines] == [
        ("Рациональные числа", Decimal(25), "https://resh.edu.ru"),
        ("Всего понемногу", Decimal(2), ""),
    ]


def test_wrong_lines_are_named_by_their_places():
    lines = ["Тема; два", "; 3", "Тема; 1000", "Хорошая; 1", "Тема; 1; урок; по телефону", "я" * 301 + "; 1"]
    plan = thematic_plan.from_text("\n".join(lines))
    assert [error.split(":")[0] for error in plan.errors] == [
        "Строка 1", "Строка 2", "Строка 3", "Строка 5", "Строка 6",
    ]  # fmt: skip
    assert [line.name for line in plan.lines] == ["Хорошая"]


def test_a_plan_goes_out_and_comes_back_the_same(client, author):
    draft = make_programme(author=author, state="draft", topics=())
    typed = "Начало; 1\nЧисла\nДроби; 2,5; урок; дистанционные технологии; РЭШ\n-\nИтоги; 1"
    actions.set_plan(draft, thematic_plan.from_text(typed), by=by(author))
    assert thematic_plan.to_text(draft.topics.all()) == typed
    sign_in(client, author)
    content = client.get(page("plan_export", draft.pk)).content
    upload = SimpleUploadedFile("plan.xlsx", content)
    before = list(draft.topics.values_list("section", "name", "hours", "work", "way", "resources"))
    shown = client.post(page("plan", draft.pk), {"typed": "", "table": upload})
    client.post(page("plan", draft.pk), shown.context["form"].initial)
    assert list(draft.topics.values_list("section", "name", "hours", "work", "way", "resources")) == before


def test_a_file_that_is_no_table_is_refused_with_words_and_the_plan_stays(client, author):
    draft = make_programme(author=author, state="draft", topics=["Старая"])
    sign_in(client, author)
    for data in (b"", b"%PDF-1.4", b"\x00\x01\x02", "Тема;Тем\n1;2".encode()):
        answer = client.post(page("plan", draft.pk), {"typed": "", "table": SimpleUploadedFile("a.docx", data)})
        assert (answer.status_code, "table" in answer.context["form"].errors) == (200, True)
    assert list(draft.topics.values_list("name", flat=True)) == ["Старая"]


def test_scripts_in_texts_do_not_pass(client, author):
    bad = "<script>alert(1)</script> [x](javascript:alert(1)) <iframe src=//x></iframe>"
    row = make_programme(author=author, content=bad, results=bad, reference_systems="javascript:alert(1)\n<b>")
    text = client.get(row.get_absolute_url()).content.decode()
    assert ("<script>alert" in text, 'href="javascript' in text, "<iframe" in text, "<b>\n" in text) == (False,) * 4
