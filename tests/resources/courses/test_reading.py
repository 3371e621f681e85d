"""Reading courses: lists, neighbours, search inside, the own progress, sums for authors (1.4, 1.6, 3.6)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from resources.actions.courses import drafts
from resources.actions.courses import reading as actions
from resources.actions.courses.releasing import build
from resources.courses.use import use_of
from resources.models import PageVisit
from tests.factories import (
    make_course,
    make_course_page,
    make_employee,
    make_programme,
    make_pupil,
    make_subject,
    sign_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def author():
    return make_employee(surname="Сочинителева")


@pytest.fixture
def course(author):
    return make_course(author, pages=("Первая", "Вторая", "Третья"), published=True)


def test_the_list_is_searched_filtered_and_sorted(client, author):
    algebra = make_subject("Алгебра")
    make_course(author, title="Короткий", subject=algebra, grade_from=7, grade_to=7, published=True)
    make_course(author, title="Длинный", pages=("Раз", "Два", "Три"), published=True)
    make_course(author, title="Закрытый", closure=2, published=True)

    def titles(**query):
        return [course.title for course in client.get("/courses/", query).context["page"]]

    assert titles() == ["Длинный", "Короткий"]
    assert titles(sort="short") == ["Короткий", "Длинный"]
    assert titles(q="алгебры") == ["Короткий"]
    assert titles(subject=algebra.pk) == ["Короткий"]
    assert titles(grade="5") == ["Длинный"]
    assert titles(sort="нет", grade="нет", page="нет") == ["Длинный", "Короткий"]


def test_a_page_stands_among_its_neighbours(client, course):
    spot = client.get(f"/courses/{course.pk}/3/").context["spot"]
    assert (spot.before.title, spot.after.title, spot.here.ordinal) == ("Первая", "Третья", 2)
    assert [line.title for line in spot.around] == ["Раздел", "Первая", "Вторая", "Третья"]
    first, last = (client.get(f"/courses/{course.pk}/{number}/").context["spot"] for number in (2, 4))
    assert (first.before, first.after.title, last.before.title, last.after) == (None, "Вторая", "Вторая", None)
    whole = client.get(f"/courses/{course.pk}/print/").text
    assert all(f"Текст страницы «{name}»" in whole for name in ("Первая", "Вторая", "Третья"))


@pytest.mark.parametrize("number", [0, 1, 5, 2**31 - 1, 2**31, 2**63])
def test_a_section_or_a_number_without_a_page_is_no_page(client, course, number):
    assert client.get(f"/courses/{course.pk}/{number}/").status_code == 404
    assert client.get(f"/courses/{max(number, course.pk + 1)}/2/").status_code == 404


def test_a_new_release_is_shown_at_once_with_what_each_has_read(client, author, course):
    """The contents of a release stay in memory: neither the former ones nor another reader's marks may come of it."""
    pupil, page = make_pupil(), f"/courses/{course.pk}/3/"
    actions.set_read(pupil, course.release.parts.get(number=3), is_read=True)
    actions.set_mark(pupil, course.release.parts.get(number=3), is_marked=True)
    sign_in(client, pupil)
    shown = client.get(page)
    assert (shown.context["opened"].is_read, shown.context["opened"].is_marked) == (True, True)
    assert ("Ещё не" in shown.text, "Убрать закладку" in shown.text, "Сочинителева" in shown.text) == (True,) * 3
    make_course_page(course, title="Нулевая", parent=course.parts.get(kind="section"), position=0)
    course.release = build(course, by=Actor(author, None, ""))
    course.save()
    moved = client.get(page).context
    assert [line.title for line in moved["spot"].around] == ["Раздел", "Нулевая", "Первая", "Вторая", "Третья"]
    assert (moved["spot"].here.title, moved["opened"].contents.pages, moved["opened"].is_read) == ("Первая", 4, False)
    assert client.get(f"/courses/{course.pk}/4/").context["opened"].is_read
    sign_in(client, make_pupil())
    other = client.get(f"/courses/{course.pk}/4/").context["opened"]
    assert (other.is_read, other.is_marked) == (False, False)
    type(course).objects.update(state="archived")
    assert client.get(page).status_code == 404


def test_words_are_found_inside_the_course(client, course):
    hits = client.get(f"/courses/{course.pk}/search/", {"q": "вторую страницу"}).context["hits"]
    assert [hit.part.title for hit in hits] == ["Вторая"]
    assert "<mark>" in hits[0].words


def test_a_guest_gets_304_while_nothing_has_changed(client, course):
    page = f"/courses/{course.pk}/2/"
    tag = client.get(page)["ETag"]
    assert client.get(page, headers={"If-None-Match": tag}).status_code == 304
    course.parts.filter(kind="page").update(text="Черновая правка")
    assert client.get(page, headers={"If-None-Match": tag}).status_code == 304


def test_queries_do_not_grow_with_the_course(client, author):
    sign_in(client, make_pupil())
    counts = []
    for number in (3, 60):
        pages = [f"Страница {one}" for one in range(number)]
        course = make_course(author, title=f"Курс {number}", pages=pages, published=True)
        for page in (f"/courses/{course.pk}/", f"/courses/{course.pk}/3/", f"/courses/{course.pk}/print/"):
            client.get(page)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(page).status_code == 200
            counts.append(len(queries))
    assert counts[:3] == counts[3:]
    assert counts[1] == 4  # the school's card, the session, the person, and the page with all that it shows


def test_the_programmes_topic_shows_the_course_and_back(client, author, course):
    programme = make_programme(author=author, topics=("Функции", "Уравнения"))
    drafts.link_topics(course, [programme], [programme.topics.first()], by=Actor.command("tests"))
    closed = make_course(author, title="Закрытый", closure=2, published=True)
    drafts.link_topics(closed, [programme], [], by=Actor.command("tests"))
    page = client.get(programme.get_absolute_url())
    assert [[one.title for one in topic.open_courses] for topic in page.context["topics"]] == [[course.title], []]
    assert "Закрытый" not in page.text
    assert "1. Функции" in client.get(course.get_absolute_url()).text
    sign_in(client, author)
    assert client.get(programme.get_absolute_url()).context["courses"] == [closed]


def test_progress_is_kept_for_its_reader_alone(client, course):
    pupil, other = make_pupil(), make_pupil()
    page = f"/courses/{course.pk}/2/"
    assert client.post(f"{page}visit/", {"seconds": "5"}).status_code == 404
    sign_in(client, pupil)
    client.post(f"{page}visit/", {"seconds": "9999"})
    client.post(f"{page}visit/", {"seconds": "-5"})
    client.post(f"{page}visit/", {"seconds": "5", "end": "1"})
    client.post(f"{page}mark/", {"on": "1"})
    visit = PageVisit.objects.get()
    assert (visit.person, visit.seconds, visit.is_read, visit.is_marked) == (pupil, 65, True, True)
    progress = client.get(f"/courses/{course.pk}/").context["progress"]
    assert (progress.read, progress.pages, progress.next_page.title) == (1, 3, "Вторая")
    mine = client.get("/courses/mine/")
    assert [(one.course, one.read) for one in mine.context["begun"]] == [(course, 1)]
    assert [part.title for part in mine.context["bookmarks"]] == ["Первая"]
    assert client.post(f"{page}read/", {"on": "1"}).url == f"/courses/{course.pk}/3/"
    sign_in(client, other)
    assert client.get(f"/courses/{course.pk}/").context["progress"].read == 0
    assert client.get("/courses/mine/").context["begun"] == []


def test_what_is_closed_since_is_not_listed_among_what_was_read(client, course):
    sign_in(client, pupil := make_pupil())
    actions.set_mark(pupil, course.release.parts.get(number=2), is_marked=True)
    type(course).objects.update(state="archived")
    mine = client.get("/courses/mine/")
    assert (mine.context["begun"], list(mine.context["bookmarks"])) == ([], [])


def test_authors_see_sums_and_no_names(client, author, course):
    pages = list(course.release.parts.filter(kind="page"))
    for person, read in ((make_pupil(surname="Тайнов"), 3), (make_pupil(surname="Тайнов"), 1)):
        for page in pages[:read]:
            actions.record_visit(person, page, seconds=60)
            actions.set_read(person, page, is_read=True)
    use = use_of(course)
    assert (use.opened, use.finished) == (2, 1)
    assert [(row.opened, row.read, row.minutes) for row in use.pages] == [(2, 2, 1.0), (1, 1, 1.0), (1, 1, 1.0)]
    sign_in(client, author)
    shown = client.get(f"/courses/desk/{course.pk}/use/").text
    assert "Прочитали" in shown
    assert "Тайнов" not in shown
    sign_in(client, make_employee())
    assert client.get(f"/courses/desk/{course.pk}/use/").status_code == 404
