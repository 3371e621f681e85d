"""Reviews by any participant: once, of a sealed version, never of the own work; moderated, answered, revoked."""

import pytest

from accounts.models import Notification
from portfolio.models import Review, Rubric
from tests import factories
from tests.portfolio.factories import let_show, make_review, make_rubric, make_share, make_version, make_work

pytestmark = [pytest.mark.django_db, pytest.mark.clause("1.3 d")]


@pytest.fixture
def people(site):
    room = factories.make_class(grade=8)
    pupil = factories.make_pupil(school_class=room, age=15)
    return {
        "pupil": pupil,
        "mate": factories.make_pupil(school_class=room, age=15),
        "parent": factories.make_parent(child=pupil),
        "lead": factories.make_employee(position="class_teacher", school_class=room),
        "other_lead": factories.make_employee(
            position="class_teacher", school_class=factories.make_class(grade=8, letter="Б")
        ),
        "deputy": factories.make_employee(position="deputy"),
    }


@pytest.fixture
def version(people):
    work = make_work(people["pupil"])
    let_show(people["pupil"], people["parent"])
    make_share(people["pupil"], works=[work], school_class=people["pupil"].school_class_now)
    return work.versions.get()


@pytest.fixture
def enter(client, people):
    def sign_in(name: str):
        factories.sign_in(client, people[name])
        return client

    return sign_in


def address(version) -> str:
    return f"/portfolio/works/{version.work_id}/versions/{version.number}/review/"


def test_teacher_reviews_by_rubric_a_classmate_after_moderation_the_pupil_answers(enter, people, version):
    rubric = make_rubric("Цель", "Вывод", kind="research")
    make_rubric("Не для этого", kind="essay", title="Сочинение")
    first, second = rubric.criteria.all()
    client = enter("lead")
    page = client.get(address(version))
    assert [one.title for one in page.context["rubrics"]] == ["Исследование"]
    by_rubric = f"{address(version)}?rubric={rubric.pk}"
    half = {f"points-{first.pk}": "4"}
    assert client.post(by_rubric, half).status_code == 200
    assert client.post(by_rubric, half | {f"points-{second.pk}": "6"}).status_code == 200
    data = half | {f"points-{second.pk}": "5", "mark": "5", "text": "Хорошо"}
    assert client.post(by_rubric, data).status_code == 302
    assert client.post(by_rubric, data).status_code == 404  # once
    assert enter("mate").post(address(version), {"text": "Мне понравилось"}).status_code == 302
    assert enter("parent").post(address(version), {"text": ""}).status_code == 200
    assert enter("parent").post(address(version), {"text": "Горжусь"}).status_code == 302
    teacher, mate, parent = Review.objects.order_by("pk")
    assert [(one.capacity, one.state) for one in (teacher, mate, parent)] == [
        ("teacher", "published"), ("pupil", "waiting"), ("parent", "published"),
    ]  # fmt: skip
    work = f"/portfolio/works/{version.work_id}/"
    page = enter("pupil").get(work).content.decode()
    assert ["9 из 10" in page, "Горжусь" in page, "Мне понравилось" in page] == [True, True, False]
    assert [enter(name).post(f"/portfolio/reviews/{mate.pk}/publish/").status_code
            for name in ("mate", "pupil", "parent", "other_lead", "lead")] == [403, 403, 403, 404, 302]  # fmt: skip
    assert "Мне понравилось" in enter("pupil").get(work).content.decode()
    assert enter("lead").post(f"/portfolio/reviews/{teacher.pk}/answer/", {"answer": "Сам"}).status_code == 404
    assert enter("pupil").post(f"/portfolio/reviews/{teacher.pk}/answer/", {"answer": "Спасибо"}).status_code == 302
    assert "Спасибо" in enter("mate").get(work).content.decode()
    told = Notification.objects.filter(kind="portfolio_review").values_list("person", flat=True)
    assert sorted(told) == sorted([people["pupil"].pk] * 3 + [people["lead"].pk])


def test_who_may_not_review(enter, people, version):
    work = version.work
    opened = make_version(work, sealed=False, number=2)
    assert enter("pupil").post(address(version), {"text": "Отлично"}).status_code == 404
    assert enter("lead").post(address(opened), {"text": "Рано"}).status_code == 404
    assert enter("other_lead").post(address(version), {"text": "Чужой"}).status_code == 404
    work.authors.create(person=people["mate"])
    assert enter("mate").post(address(version), {"text": "Соавтор"}).status_code == 404
    assert not Review.objects.exists()


def test_a_revoked_review_leaves_its_trace_and_makes_room(enter, people, version):
    review = make_review(version, people["lead"])
    revoke = f"/portfolio/reviews/{review.pk}/revoke/"
    assert [enter(name).post(revoke, {"reason": "Так"}).status_code for name in ("pupil", "mate", "parent")] == [
        404
    ] * 3
    assert enter("lead").post(revoke, {"reason": ""}).status_code == 200
    assert enter("lead").post(revoke, {"reason": "Ошибся работой"}).status_code == 302
    review.refresh_from_db()
    assert (review.state, review.reason, review.ended_by) == ("revoked", "Ошибся работой", people["lead"])
    work = f"/portfolio/works/{version.work_id}/"
    assert "Хорошая работа" not in enter("pupil").get(work).content.decode()
    assert "Ошибся работой" in enter("deputy").get(work).content.decode()
    assert enter("lead").post(address(version), {"text": "Заново"}).status_code == 302
    assert Review.objects.count() == 2


def test_bulk_publishing_takes_only_what_waits_for_the_person(enter, people, version, django_assert_max_num_queries):
    foreign = make_work(factories.make_pupil(school_class=factories.make_class(grade=8, letter="Б"))).versions.get()
    waiting = [
        make_review(one, people["mate"], capacity="pupil", state="waiting", published_at=None)
        for one in (version, foreign)
    ]
    client = enter("lead")
    client.get("/portfolio/moderation/")
    with django_assert_max_num_queries(10) as one:
        page = client.get("/portfolio/moderation/")
    assert [opinion.review for opinion in page.context["shown"]] == [waiting[0]]
    client.post("/portfolio/moderation/", {"reviews": [row.pk for row in waiting]})
    client.post("/portfolio/moderation/", {"reviews": [waiting[0].pk]})
    assert list(Review.objects.order_by("pk").values_list("state", flat=True)) == ["published", "waiting"]
    assert client.post(f"/portfolio/reviews/{waiting[1].pk}/decline/", {"reason": "Нет"}).status_code == 404
    for _ in range(30):
        make_review(make_work(people["pupil"]).versions.get(), people["mate"], capacity="pupil", state="waiting")
    with django_assert_max_num_queries(10) as thirty:
        client.get("/portfolio/moderation/")
    assert len(one) == len(thirty)


def test_a_used_rubric_is_replaced_by_its_copy(enter, people, version):
    client = enter("lead")
    data = {
        "title": "Проект", "criteria-TOTAL_FORMS": "5", "criteria-INITIAL_FORMS": "0",
        "criteria-0-title": "Цель", "criteria-0-most": "5", "criteria-1-title": "Вывод", "criteria-1-most": "10",
    }  # fmt: skip
    assert client.post("/portfolio/rubrics/add/", data | {"criteria-1-most": "0"}).status_code == 200
    assert client.post("/portfolio/rubrics/add/", data).status_code == 302
    rubric = Rubric.objects.get()
    assert list(rubric.criteria.values_list("title", "most")) == [("Цель", 5), ("Вывод", 10)]
    change = f"/portfolio/rubrics/{rubric.pk}/change/"
    assert enter("other_lead").get(change).status_code == 404
    make_review(version, people["lead"], rubric=rubric)
    client = enter("lead")
    assert client.post(change, data | {"title": "Проект 2", "criteria-INITIAL_FORMS": "2"}).status_code == 302
    assert list(Rubric.objects.order_by("pk").values_list("title", "is_active")) == [
        ("Проект", False), ("Проект 2", True),
    ]  # fmt: skip
    assert rubric.criteria.count() == 2
    assert "Проект 2" in enter("other_lead").get("/portfolio/rubrics/").content.decode()
