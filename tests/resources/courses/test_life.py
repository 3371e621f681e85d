"""The life of a course: reviewed, published, revised, archived; remarks, copies, the board (1.6)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.actor import Actor
from accounts.models import Notification
from resources.actions.courses import comments, life
from resources.actions.courses.copying import copy
from resources.asker import asker_for
from resources.courses import life as reads
from resources.courses import rights
from resources.models import BY_NAME, Course, CourseAuthor, CourseMedia, CourseText
from tests.factories import (
    make_course,
    make_course_page,
    make_employee,
    make_method_group,
    make_picture,
    make_pupil,
    sign_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
VERBS = ("submit", "withdraw", "publish", "send_back", "revise", "archive", "restore", "delete")


@pytest.fixture
def group():
    return make_method_group(name="ШМО математиков")


@pytest.fixture
def head(group):
    return make_employee(position="method_group_head", method_group=group, surname="Главная")


@pytest.fixture
def author():
    return make_employee(surname="Сочинителева")


@pytest.fixture
def course(author, group):
    return make_course(author, method_group=group)


def by(person) -> Actor:
    return Actor(person, None, person.username)


def heard(person) -> list[str]:
    return list(Notification.objects.filter(person=person, kind="course").order_by("pk").values_list("text", flat=True))


def readable(person=None) -> bool:
    return rights.readable_by(asker_for(person)).exists()


def change(course: Course, text: str) -> None:
    """An edit of the first page, as the editor records it."""
    page = course.parts.filter(kind="page").first()
    page.text, page.version = text, page.version + 1
    page.save()
    CourseText.objects.create(
        part=page, number=page.version, title=page.title, text=text, made_at=datetime.datetime.now(datetime.UTC)
    )


def test_a_course_goes_through_review_to_its_readers_and_into_the_archive(course, author, head):
    life.submit(course, by=by(author))
    assert heard(head) == ["Курс «Линейная функция» ждёт вашей проверки."]
    assert not readable(head)
    release = life.publish(course, by=by(head))
    course.refresh_from_db()
    assert (course.state, course.release, course.revised_on) == ("published", release, datetime.date.today())
    assert heard(author) == ["Курс «Линейная функция» опубликован."]
    assert readable()
    life.archive(course, reason="Устарел", by=by(author))
    assert not readable()
    course.element.refresh_from_db()
    assert course.element.closure == BY_NAME
    life.restore(course, by=by(author))
    assert readable()
    assert Course.objects.get().state == "published"


def test_readers_see_the_release_while_the_next_one_is_written(client, course, author, head):
    life.submit(course, by=by(author))
    life.publish(course, by=by(head))
    change(course, "Тайная правка")
    Course.objects.update(state="writing")
    page = f"/courses/{course.pk}/2/"
    assert "Тайная правка" not in client.get(page).text
    assert reads.changed_parts(course) == {course.parts.get(kind="page").pk}
    life.submit(course, by=by(author))
    assert "Тайная правка" not in client.get(page).text
    life.send_back(course, reason="Нет примера", by=by(head))
    assert heard(author)[-1] == "Курс «Линейная функция» возвращён на доработку: Нет примера"
    life.submit(course, by=by(author))
    assert life.publish(course, by=by(head)).number == 2
    assert "Тайная правка" in client.get(page).text


def test_what_can_not_be_read_is_not_submitted(author, group, head):
    empty = make_course(author, pages=(), method_group=group)
    with pytest.raises(ValidationError, match="ни одной страницы"):
        life.submit(empty, by=by(author))
    make_course_page(empty, title="Пустая", text="")
    with pytest.raises(ValidationError, match="Без текста: «Пустая»"):
        life.submit(empty, by=by(author))
    with pytest.raises(life.Moved):
        life.publish(empty, by=by(head))


def test_nobody_reviews_what_they_write(course, author, head):
    CourseAuthor.add(head, course)
    other = make_employee(position="system_administrator")
    life.submit(course, by=by(author))
    course.refresh_from_db()
    allowed = {person: rights.rights(asker_for(person), course).review for person in (author, head, other)}
    assert allowed == {author: False, head: False, other: True}
    assert reads.reviewers(course) == [other]
    assert not reads.to_review(head.pk, datetime.date.today()).exists()


@pytest.mark.parametrize("who", ["stranger", "pupil", "other_head"])
def test_a_stranger_finds_no_desk_of_the_course(client, course, author, head, who):
    person = {
        "stranger": make_employee,
        "pupil": make_pupil,
        "other_head": lambda: make_employee(position="method_group_head", method_group=make_method_group(name="Чужое")),
    }[who]()
    page = course.parts.get(kind="page")
    remark = comments.comment(page, text="Тайное замечание", by=by(author))
    life.submit(course, by=by(author))
    sign_in(client, person)
    pages = [reverse(f"resources:desk_course_{verb}", args=[course.pk]) for verb in (*VERBS, "life", "pages")]
    pages += [reads.review_page(course.pk, page.pk), reverse("resources:course_copy", args=[course.pk])]
    pages.append(reverse("resources:desk_course_settle", args=[course.pk, remark.pk]))
    for address in pages:
        for answer in (client.get(address), client.post(address, {"text": "а", "reason": "а", "title": "а"})):
            assert answer.status_code in (403, 404, 405)
            assert "Тайное" not in answer.text
    course.refresh_from_db()
    assert course.state == "review"


def test_the_head_reviews_in_the_browser_with_remarks(client, course, author, head):
    page = course.parts.get(kind="page")
    sign_in(client, author)
    client.post(reverse("resources:desk_course_submit", args=[course.pk]))
    sign_in(client, head)
    assert "Линейная функция" in client.get(reverse("resources:course_desk")).text
    assert "Текст страницы" in client.get(reads.review_page(course.pk, page.pk)).text
    client.post(reads.review_page(course.pk, page.pk), {"text": "Добавьте пример"})
    assert heard(author)[-1].startswith("Замечание к странице «Введение»")
    client.post(reverse("resources:desk_course_send_back", args=[course.pk]), {"reason": "См. замечание"})
    sign_in(client, author)
    desk = client.get(reverse("resources:desk_course_life", args=[course.pk])).text
    assert "См. замечание" in desk
    assert "Добавьте пример" in desk
    remark = reads.comments_of(course).get()
    client.post(reverse("resources:desk_course_settle", args=[course.pk, remark.pk]), {"answer": "Добавлен"})
    remark.refresh_from_db()
    assert (remark.answer, remark.settled_by) == ("Добавлен", author)
    with pytest.raises(ValidationError, match="уже закрыто"):
        comments.settle(remark, answer="", by=by(author))


def test_a_year_without_a_look_is_overdue_until_somebody_looks(course, author, head):
    life.submit(course, by=by(author))
    life.publish(course, by=by(head))
    today = datetime.date.today()
    assert not reads.overdue(today + datetime.timedelta(days=365)).exists()
    Course.objects.update(revised_on=today - datetime.timedelta(days=366))
    assert [list(row.overdue) for row in reads.board({course.method_group_id}, today)] == [[course]]
    assert list(reads.to_revise(author.pk, today)) == [course]
    life.revise(course, by=by(author))
    assert not reads.overdue(today).exists()


def test_a_copy_has_pages_and_files_but_no_more_than_its_reader_saw(author, course, head):
    CourseMedia.objects.create(course=course, name="plan.png", file=make_picture(kind="course_media"), alt="План")
    life.submit(course, by=by(author))
    life.publish(course, by=by(head))
    course.refresh_from_db()
    change(course, "Тайная правка")
    own = copy(course, as_read=False, by=by(author))
    assert [part.text for part in own.parts.filter(kind="page")] == ["Тайная правка"]
    assert own.media.get().name == "plan.png"
    reader = make_employee(surname="Читателева")
    strangers = copy(course, as_read=True, by=by(reader))
    assert [part.text for part in strangers.parts.filter(kind="page")] == ["Текст страницы «Введение»."]
    assert strangers.parts.get(kind="page").parent.title == "Раздел"
    assert (strangers.author, strangers.state, strangers.release) == (reader, "writing", None)
    assert "Сочинителева" in strangers.byline
    # The file that no page of the release names is not the reader's.
    assert not strangers.media.exists()
