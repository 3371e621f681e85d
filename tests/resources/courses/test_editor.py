"""The authors' desk: card, tree, pages saved by two authors, versions, co-authors (1.4, 1.6)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from resources.actions.courses import authors, life, parts
from resources.asker import asker_for
from resources.courses import rights
from resources.courses.tree import places
from resources.models import Course, CoursePart, CourseText
from tests.factories import make_course, make_employee, make_method_group, make_pupil, sign_in
from tests.races import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def author(client):
    person = make_employee(surname="Сочинителева")
    sign_in(client, person)
    return person


@pytest.fixture
def course(author):
    return make_course(author, pages=("Первая", "Вторая"))


@pytest.fixture
def page(course):
    return course.parts.get(title="Первая")


def by(person) -> Actor:
    return Actor(person, None, person.username)


def desk(name: str, *args) -> str:
    return reverse(f"resources:desk_course{name}", args=args)


def titles(course: Course) -> list[str]:
    return [f"{'—' * place.depth}{place.part.title}" for place in places(course)]


def test_a_teacher_begins_a_course_and_writes_its_first_page(client, author):
    card = {"title": "Дроби", "annotation": "О дробях", "closure": "0", "grade_from": "5"}
    answer = client.post(reverse("resources:course_add"), card)
    course = Course.objects.get()
    assert (answer.url, course.author, course.grades) == (desk("", course.pk), author, "5 класс")
    client.post(desk("", course.pk), {"kind": "section", "title": "Начало"})
    section = course.parts.get()
    answer = client.post(desk("", course.pk), {"kind": "page", "title": "Что такое дробь", "parent": section.pk})
    page = course.parts.get(kind="page")
    assert answer.url == desk("_page", course.pk, page.pk)
    client.post(answer.url, {"title": "Дробь", "text": "Часть\r\nцелого", "version": "0"})
    page.refresh_from_db()
    assert (page.title, page.text, page.version, page.parent) == ("Дробь", "Часть\nцелого", 1, section)
    assert "Дроби" in client.get(reverse("resources:course_desk")).text


def test_the_tree_is_put_in_order(client, course, page):
    section = course.parts.get(kind="section")
    client.post(desk("_part_move", course.pk, page.pk), {"way": "down"})
    assert titles(course) == ["Раздел", "—Вторая", "—Первая"]
    client.post(desk("_part", course.pk, page.pk), {"title": "Итог", "parent": ""})
    assert titles(course) == ["Раздел", "—Вторая", "Итог"]
    client.post(desk("_part_remove", course.pk, section.pk))
    assert titles(course) == ["Итог"]
    client.post(desk("_part_restore", course.pk, section.pk))
    assert titles(course) == ["Раздел", "—Вторая", "Итог"]


def test_a_section_goes_neither_into_itself_nor_too_deep(course, author):
    outer = course.parts.get(kind="section")
    inner = parts.add_part(course, kind="section", title="Внутри", parent=outer, by=by(author))
    with pytest.raises(ValidationError, match="сам в себе"):
        parts.put_into(outer, inner, by=by(author))
    third = parts.add_part(course, kind="section", title="Глубже", parent=inner, by=by(author))
    last = parts.add_part(course, kind="section", title="Ещё", parent=third, by=by(author))
    with pytest.raises(ValidationError, match="не глубже"):
        parts.add_part(course, kind="page", title="Дно", parent=last, by=by(author))
    stranger = make_course(author, title="Другой").parts.get(kind="section")
    with pytest.raises(ValidationError, match="этого же курса"):
        parts.put_into(inner, stranger, by=by(author))


def test_of_two_authors_in_one_page_the_second_sees_both_texts(client, course, page, author):
    other = make_employee(surname="Соавторов")
    authors.add_author(course, other, by=by(author))
    parts.save_text(page, title="Первая", text="Текст соавтора", seen=1, by=by(other))
    answer = client.post(desk("_page", course.pk, page.pk), {"title": "Первая", "text": "Мой текст", "version": "1"})
    shown = answer.text
    assert answer.status_code == 200
    assert "Соавторов" in shown
    assert answer.context["form"]["text"].value() == "Мой текст"
    assert answer.context["stored"].text == "Текст соавтора"
    page.refresh_from_db()
    assert page.text == "Текст соавтора"
    again = {"title": "Первая", "text": "Мой текст", "version": answer.context["form"]["version"].value()}
    assert client.post(desk("_page", course.pk, page.pk), again).status_code == 302
    assert list(page.texts.values_list("text", flat=True))[:2] == ["Мой текст", "Текст соавтора"]


def test_the_editor_saves_by_itself_and_says_what_is_wrong(client, course, page):
    address = desk("_autosave", course.pk, page.pk)
    saved = client.post(address, {"title": "Первая", "text": "Раз", "version": "1"})
    assert (saved.status_code, saved.json()["version"]) == (200, 2)
    stale = client.post(address, {"title": "Первая", "text": "Два", "version": "1"})
    assert (stale.status_code, stale.json()["stored"]["text"]) == (409, "Раз")
    wrong = client.post(address, {"title": "", "text": "Два", "version": "2"})
    assert wrong.status_code == 400
    long = client.post(address, {"title": "Первая", "text": "ж" * 200_001, "version": "2"})
    assert long.status_code == 400
    page.refresh_from_db()
    assert page.text == "Раз"
    client.logout()
    assert client.post(address, {"title": "Первая", "text": "Три", "version": "2"}).status_code in (302, 401, 403)


def test_saving_again_soon_is_one_version_but_never_one_that_is_read(page, author):
    first = parts.save_text(page, title="Первая", text="Раз", seen=1, by=by(author))
    # The factory's version is a moment old and the author's own hand did not make it.
    second = parts.save_text(page, title="Первая", text="Два", seen=first.version, by=by(author))
    assert list(page.texts.values_list("number", "text")) == [(3, "Два"), (1, "Текст страницы «Первая».")]
    course = page.course
    head = make_employee(position="method_group_head", method_group=make_method_group())
    course.method_group = head.appointments.get().method_group
    course.save()
    life.submit(course, by=by(author))
    life.publish(course, by=by(head))
    parts.save_text(page, title="Первая", text="Три", seen=second.version, by=by(author))
    assert page.texts.count() == 3
    course.refresh_from_db()
    assert course.state == "writing"
    assert "Два" in course.release.parts.get(title="Первая").html
    CourseText.objects.filter(number=4).update(made_at=timezone.now() - datetime.timedelta(minutes=11))
    parts.save_text(page, title="Первая", text="Четыре", seen=4, by=by(author))
    assert page.texts.count() == 4


def test_a_former_version_comes_back_as_a_new_one(client, course, page, author):
    parts.save_text(page, title="Первая", text="Испорчено", seen=1, by=by(author))
    versions = client.get(desk("_versions", course.pk, page.pk), {"old": "1", "new": "2"})
    assert not versions.context["difference"].is_empty
    assert "Текст страницы" in client.get(desk("_version", course.pk, page.pk, 1)).text
    client.post(desk("_version", course.pk, page.pk, 1))
    page.refresh_from_db()
    assert (page.text, page.version) == ("Текст страницы «Первая».", 3)
    assert page.texts.first().origin == "restored"
    assert client.get(desk("_versions", course.pk, page.pk), {"old": "x", "new": "9"}).status_code == 200


def test_what_is_reviewed_stands_still(client, course, page, author):
    Course.objects.update(state="review")
    for address, data in (
        (desk("_page", course.pk, page.pk), {"title": "а", "text": "Тайком", "version": "1"}),
        (desk("_autosave", course.pk, page.pk), {"title": "а", "text": "Тайком", "version": "1"}),
        (desk("_part_remove", course.pk, page.pk), {}),
        (desk("", course.pk), {"kind": "page", "title": "Тайком"}),
    ):
        assert client.post(address, data).status_code == 403
    with pytest.raises(ValidationError, match="на проверке"):
        parts.save_text(page, title="Первая", text="Тайком", seen=1, by=by(author))
    assert not CoursePart.objects.filter(text="Тайком").exists()
    assert "на&nbsp;проверке" in client.get(desk("", course.pk)).text


def test_strangers_reach_nothing_of_the_desk(client, course, page):
    foreign = make_course(make_employee(), title="Чужой", pages=("Тайная",))
    hidden = foreign.parts.get(kind="page")
    sign_in(client, make_employee())
    addresses = [desk("", foreign.pk), desk("_card", foreign.pk), desk("_authors", foreign.pk)]
    addresses += [desk(name, foreign.pk, hidden.pk) for name in ("_page", "_part", "_versions", "_autosave")]
    addresses += [desk("_version", foreign.pk, hidden.pk, 1), desk("_preview", foreign.pk)]
    for address in addresses:
        for answer in (client.get(address), client.post(address, {"text": "а", "title": "а", "version": "1"})):
            assert answer.status_code in (403, 404, 405)
            assert "Тайная" not in answer.text
    # A page of another course is none of this one's.
    sign_in(client, course.author)
    assert client.get(desk("_page", course.pk, hidden.pk)).status_code == 404


def test_authors_come_and_go(client, course, author):
    other = make_employee(surname="Соавторов", name="Пётр")
    found = client.get(desk("_authors", course.pk), {"q": "Соавторов"})
    assert [person.pk for person in found.context["found"]] == [other.pk]
    client.post(desk("_author_add", course.pk), {"person": other.pk})
    assert rights.at_desk_of(asker_for(other)).get() == course
    client.post(desk("_author_add", course.pk), {"person": make_pupil().pk})
    client.post(desk("_author_add", course.pk), {"person": "нет"})
    assert course.author_rows.count() == 1
    # A co-author writes, and gives the right to nobody.
    sign_in(client, other)
    assert client.get(desk("_card", course.pk)).status_code == 200
    assert client.post(desk("_author_add", course.pk), {"person": make_employee().pk}).status_code == 403
    sign_in(client, author)
    client.post(desk("_author_remove", course.pk), {"person": other.pk})
    assert not rights.at_desk_of(asker_for(other)).exists()


@pytest.mark.django_db(transaction=True)
def test_of_ten_savings_at_once_one_stands_and_the_others_are_told(page, author):
    def save(number: int) -> str:
        try:
            parts.save_text(page, title="Первая", text=f"Текст {number}", seen=1, by=by(author))
        except parts.StaleText:
            return "stale"
        return "saved"

    assert sorted(at_once(save, 10)) == ["saved"] + ["stale"] * 9
    page.refresh_from_db()
    assert page.version == 2
