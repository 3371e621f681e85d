"""A course from its beginning to its readers: element, release, files (1.3 a, 1.4, 4.5 row 18)."""

import pytest
from django.core.exceptions import ValidationError

from accounts.actor import Actor
from resources.actions.courses import drafts
from resources.asker import asker_for
from resources.courses import rights
from resources.courses.tree import places
from resources.models import BY_NAME, Course, CourseAuthor, Element
from tests.factories import make_course, make_course_page, make_employee, make_programme, make_pupil

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


def test_nobody_reads_a_course_before_it_is_published():
    author = make_employee()
    course = make_course(author)
    assert course.element.closure == BY_NAME
    for person in (None, author, make_pupil()):
        assert not rights.readable_by(asker_for(person)).exists()


def test_a_published_course_opens_by_its_own_closure():
    author = make_employee()
    course = make_course(author, closure=1, published=True)
    assert not rights.readable_by(asker_for(None)).exists()
    assert rights.readable_by(asker_for(make_pupil())).get() == course
    assert course.release.pages == 1
    page = course.release.parts.get(kind="page")
    assert "Текст страницы" in page.html
    assert (page.number, page.depth, page.section) == (2, 1, 1)


def test_two_courses_of_one_title_have_elements_of_their_own():
    author = make_employee()
    first, second = make_course(author), make_course(author)
    assert second.element.name == f"{first.title} (2)"
    assert first.element.slug != second.element.slug


def test_the_desk_shows_own_courses_and_those_written_together():
    author, other, stranger = make_employee(), make_employee(), make_employee()
    course = make_course(author)
    CourseAuthor.add(other, course)
    make_course(make_employee(), title="Чужой")
    for person in (author, other):
        assert rights.at_desk_of(asker_for(person)).get() == course
    for person in (None, stranger, make_pupil()):
        assert not rights.at_desk_of(asker_for(person)).exists()


def test_parts_stand_in_the_order_of_reading_without_what_was_taken_out():
    course = make_course(make_employee(), pages=("Первая", "Вторая"))
    section = course.parts.get(kind="section")
    section.position = 2
    section.save()
    make_course_page(course, title="Перед всеми", position=1)
    course.parts.filter(title="Первая").update(removed_at="2026-11-01T00:00Z")
    found = [(place.number, place.depth, place.part.title) for place in places(course)]
    assert found == [(1, 0, "Перед всеми"), (2, 0, "Раздел"), (3, 1, "Вторая")]


def test_topics_belong_to_the_programmes_that_are_named():
    author = make_employee()
    course = make_course(author)
    programme, other = make_programme(author=author), make_programme(author=author, grade=8)
    by = Actor.command("tests")
    with pytest.raises(ValidationError, match="не из выбранных программ"):
        drafts.link_topics(course, [programme], other.topics.all(), by=by)
    drafts.link_topics(course, [programme], programme.topics.all(), by=by)
    assert list(programme.topics.get().courses.all()) == [course]


def test_a_draft_goes_with_its_element():
    course = make_course(make_employee())
    drafts.delete_draft(course, by=Actor.command("tests"))
    assert not Course.objects.exists()
    assert not Element.objects.filter(name="Линейная функция").exists()


def test_a_guest_opens_the_list_the_course_and_a_page(client):
    course = make_course(make_employee(), published=True)
    draft = make_course(make_employee(), title="Скрытый черновик")
    assert "Линейная функция" in client.get("/courses/").text
    assert "Скрытый черновик" not in client.get("/courses/").text
    assert "Введение" in client.get(course.get_absolute_url()).text
    assert "Текст страницы" in client.get(f"/courses/{course.pk}/2/").text
    assert client.get(f"/courses/{course.pk}/1/").status_code == 404
    assert client.get(draft.get_absolute_url()).status_code == 404
