"""Reviews: by whom, once, of sealed versions; moderation; revoking; rubrics and rules (1.3 d)."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEntry, Notification
from portfolio.models import Invitation, Review, Rubric
from tests import factories
from tests.factories import sign_in
from tests.portfolio.factories import make_review, make_rubric, make_version, make_work, states

pytestmark = [pytest.mark.django_db, pytest.mark.clause("1.3 d")]


def address(work, number=1) -> str:
    return f"/portfolio/works/{work.pk}/versions/{number}/review/"


def test_teacher_and_parent_are_published_at_once_and_a_classmate_waits(
    client, work, version, pupil, lead, parent, mate, shown
):
    rubric = make_rubric("Цель", "Вывод", kind="research")
    make_rubric("Почерк", title="Сочинение", kind="essay")
    first, second = rubric.criteria.all()
    sign_in(client, lead)
    page = client.get(address(work))
    assert [one.title for one in page.context["rubrics"]] == ["Исследование"]
    points = {f"points-{first.pk}": "6", f"points-{second.pk}": "4"}
    assert client.post(address(work), points).status_code == 200  # more than the criterion has
    client.post(address(work), points | {f"points-{first.pk}": "5", "text": "Смело", "mark": "5"})
    client.post(f"{address(work)}?rubric=none", {"text": "Второй раз"})
    sign_in(client, parent)
    assert client.post(f"{address(work)}?rubric=none", {"text": "  "}).status_code == 200
    client.post(f"{address(work)}?rubric=none", {"text": "Горжусь"})
    sign_in(client, mate)
    client.post(f"{address(work)}?rubric=none", {"text": "Здорово"})
    client.post(f"{address(work)}?rubric=none", {"text": "Здорово ещё раз"})
    assert states() == [
        ("teacher", "published", "Смело"), ("parent", "published", "Горжусь"), ("pupil", "waiting", "Здорово"),
    ]  # fmt: skip
    assert (
        list(Notification.objects.order_by("pk").values_list("person", "kind")) == [(pupil.pk, "portfolio_review")] * 2
    )
    sign_in(client, pupil)
    page = client.get(f"/portfolio/works/{work.pk}/").content.decode()
    assert ["9 из 10" in page, "Смело" in page, "Горжусь" in page, "Здорово" in page] == [True, True, True, False]
    # The trail knows that it was written and not what.
    entry = AuditEntry.objects.filter(action="work_review.added").order_by("pk").first()
    assert entry.changes == {"state": [None, "published"], "version": [None, version.pk]}


def test_authors_the_unsealed_the_unseen_and_those_without_a_part_in_it_write_nothing(client, work, pupil, lead, mate):
    make_version(work, sealed=False, number=2)
    work.authors.create(person=mate)  # named, has not agreed
    other = factories.make_employee(position="class_teacher", school_class=factories.make_class(letter="Б", grade=8))
    admin = factories.make_employee(position="system_administrator")
    asked = [
        (pupil, 1), (mate, 1), (lead, 2), (lead, 9), (other, 1), (admin, 1),
    ]  # fmt: skip
    found = []
    for person, number in asked:
        sign_in(client, person)
        found.append(client.post(address(work, number), {"text": "Слово"}).status_code)
    assert (found, states()) == ([404] * 6, [])


def test_a_waiting_review_is_moderated_by_the_own_class_teacher_alone(client, work, version, pupil, lead, mate, shown):
    reviews = [make_review(version, mate, capacity="pupil", state="waiting", published_at=None, text="Здорово")]
    for _ in range(2):
        other = factories.make_pupil(school_class=mate.school_class_now)
        reviews.append(make_review(version, other, capacity="pupil", state="waiting", published_at=None))
    first, second, third = (f"/portfolio/reviews/{one.pk}/" for one in reviews)
    stranger = factories.make_employee(position="class_teacher", school_class=factories.make_class(letter="В", grade=8))
    sign_in(client, stranger)
    assert "Здорово" not in client.get("/portfolio/moderation/").content.decode()
    assert [client.get(first).status_code, client.post(f"{first}publish/").status_code] == [404, 404]
    assert client.post(f"{first}decline/", {"reason": "нет"}).status_code == 404
    client.post("/portfolio/moderation/publish/", {"review": [reviews[0].pk]})
    sign_in(client, pupil)
    assert [client.get(first).status_code, client.get("/portfolio/moderation/").status_code] == [404, 403]
    assert {one.state for one in Review.objects.all()} == {"waiting"}
    sign_in(client, lead)
    assert "Здорово" in client.get("/portfolio/moderation/").content.decode()
    assert client.post(f"{second}decline/", {"reason": " "}).status_code == 200
    client.post(f"{second}decline/", {"reason": "Обидно"})
    client.post("/portfolio/moderation/publish/", {"review": [reviews[0].pk, reviews[1].pk, "x" * 3]})
    client.post("/portfolio/moderation/publish/", {"review": [reviews[0].pk, reviews[1].pk]})
    client.post(f"{third}publish/")
    assert [one.state for one in Review.objects.order_by("pk")] == ["published", "declined", "published"]
    told = Notification.objects.filter(kind="portfolio_review").order_by("pk")
    writers = [one.reviewer_id for one in reviews]
    new, page = "Новая рецензия на работу «Птицы нашего двора»", f"/portfolio/works/{work.pk}/?version=1#review"
    assert [(one.person_id, one.text.split(":")[0], one.url) for one in told] == [
        (writers[1], "Ваша рецензия на работу «Птицы нашего двора» не опубликована. Обидно", second),
        (pupil.pk, new, f"{page}-{reviews[0].pk}"),
        (writers[0], "Ваша рецензия опубликована", first),
        (pupil.pk, new, f"{page}-{reviews[2].pk}"),
        (writers[2], "Ваша рецензия опубликована", third),
    ]  # fmt: skip
    sign_in(client, reviews[1].reviewer)
    assert "Обидно" in client.get(second).content.decode()


def test_a_revoked_review_leaves_a_trace_and_another_may_be_written(client, work, version, pupil, lead, parent):
    sign_in(client, lead)
    client.post(f"{address(work)}?rubric=none", {"text": "Сгоряча"})
    review = Review.objects.get()
    own = f"/portfolio/reviews/{review.pk}/"
    sign_in(client, parent)
    assert client.post(f"{own}revoke/", {"reason": "Не согласен"}).status_code == 404
    sign_in(client, pupil)
    client.post(f"{own}answer/", {"answer": "Спасибо"})
    client.post(f"{own}answer/", {"answer": "Спасибо, исправлю"})
    sign_in(client, lead)
    assert "Спасибо, исправлю" in client.get(own).content.decode()
    assert client.get(f"{own}revoke/").status_code == 200
    client.post(f"{own}revoke/", {"reason": "Написал сгоряча"})
    assert client.post(f"{own}revoke/", {"reason": "ещё раз"}).status_code == 404
    client.post(f"{address(work)}?rubric=none", {"text": "Подумав"})
    assert states() == [("teacher", "revoked", "Сгоряча"), ("teacher", "published", "Подумав")]
    pages = {}
    for name, person in (("pupil", pupil), ("parent", parent)):
        sign_in(client, person)
        pages[name] = client.get(f"/portfolio/works/{work.pk}/").content.decode()
    words = ("Подумав", "Написал сгоряча", "Сгоряча")
    assert {name: [word in page for word in words] for name, page in pages.items()} == {
        "pupil": [True, True, False], "parent": [True, False, False],
    }  # fmt: skip
    sign_in(client, pupil)
    assert client.post(f"{own}answer/", {"answer": "Поздно"}).status_code == 404
    sign_in(client, parent)
    assert client.get(own).status_code == 404


def test_whoever_wrote_finds_the_own_reviews_with_their_state_and_the_way_to_a_work_that_is_seen(
    client, work, version, pupil, lead, mate, shown
):
    """Nobody else's words are there; a work that is shown no more is named, and leads nowhere."""
    other = make_work(factories.make_pupil(school_class=mate.school_class_now), title="Чужая работа")
    make_review(version, lead, text="Слово учителя")
    waiting = make_review(version, mate, capacity="pupil", state="waiting", published_at=None, text="Моё слово")
    ended = make_review(other.versions.get(), mate, capacity="pupil", state="declined", reason="Обидно", text="Ну и ну")
    page = _own_list(client, mate)
    words = ("Моё слово", "ждёт проверки", "Ну и ну", "не опубликована", "Обидно", "Чужая работа", "Слово учителя")
    assert [word in page for word in words] == [True] * 6 + [False]
    links = re.findall(r'href="(/portfolio/works/[^"]+)"', page)
    assert links == [f"/portfolio/works/{work.pk}/?version=1#review-{waiting.pk}"]
    assert page.count("сейчас вам не&nbsp;открыта") == 1
    for review in (waiting, ended):
        assert client.get(f"/portfolio/reviews/{review.pk}/").status_code == 200
    shown.withdrawn_at = timezone.now()
    shown.save()
    page = _own_list(client, mate)
    assert ("Моё слово" in page, re.findall(r'href="(/portfolio/works/[^"]+)"', page)) == (True, [])
    assert "Слово учителя" in _own_list(client, lead)
    assert "Вы ещё не писали рецензий" in _own_list(client, pupil)


def _own_list(client, person) -> str:
    sign_in(client, person)
    return client.get("/portfolio/own-reviews/").content.decode()


def test_own_reviews_cost_as_much_for_thirty_as_for_one(client, mate, pupil):
    def queries(count: int) -> int:
        for _ in range(count):
            make_review(make_work(pupil).versions.get(), mate, capacity="pupil")
        with CaptureQueriesContext(connection) as found:
            assert client.get("/portfolio/own-reviews/").status_code == 200
        return len(found)

    sign_in(client, mate)
    queries(1)
    assert queries(1) == queries(27)


def test_whose_review_the_school_takes_down_is_told_why_and_who_takes_back_the_own_one_is_not(
    client, work, version, lead, mate, parent
):
    theirs = make_review(version, parent, capacity="parent", text="Лишнее")
    own = make_review(version, lead)
    sign_in(client, lead)
    for review in (theirs, own):
        client.post(f"/portfolio/reviews/{review.pk}/revoke/", {"reason": "Личное"})
    assert [one.state for one in Review.objects.all()] == ["revoked", "revoked"]
    assert list(Notification.objects.values_list("person", "text", "url")) == [
        (parent.pk, "Школа сняла вашу рецензию на работу «Птицы нашего двора». Личное",
         f"/portfolio/reviews/{theirs.pk}/")
    ]  # fmt: skip
    assert "Личное" in _own_list(client, parent)


# Rubrics


def lines(*rows, title="Проект", **fields) -> dict:
    data = {"title": title, "subject": "", "kind": "", "criterion-TOTAL_FORMS": len(rows), "criterion-INITIAL_FORMS": 0}
    for number, (name, most) in enumerate(rows):
        data |= {f"criterion-{number}-title": name, f"criterion-{number}-most": most}
    return data | fields


def test_a_used_rubric_stays_as_it_is(client, version, lead):
    sign_in(client, lead)
    assert client.post("/portfolio/rubrics/add/", lines(("", ""))).status_code == 200
    assert client.post("/portfolio/rubrics/add/", lines(("Цель", ""))).status_code == 200
    assert client.post("/portfolio/rubrics/add/", lines(("Цель", 101))).status_code == 200
    client.post("/portfolio/rubrics/add/", lines(("Цель", 5), ("", ""), ("Вывод", 10)))
    rubric = Rubric.objects.get()
    change = f"/portfolio/rubrics/{rubric.pk}/change/"
    sign_in(client, factories.make_employee(position="teacher"))
    assert client.post(change, lines(("Моё", 1))).status_code == 404
    sign_in(client, lead)
    client.post(change, lines(("Замысел", 5), ("Вывод", 10)))
    assert list(rubric.criteria.values_list("title", "most")) == [("Замысел", 5), ("Вывод", 10)]
    make_review(version, lead, rubric=rubric).points.create(criterion=rubric.criteria.first(), points=4)
    assert "По&nbsp;этой рубрике уже есть рецензии" in client.get(change).content.decode()
    client.post(change, lines(("Другое", 3), title="Проект 2"))
    old, new = Rubric.objects.order_by("pk")
    assert [(old.title, old.is_active), (new.title, new.is_active)] == [("Проект", False), ("Проект 2", True)]
    assert list(old.criteria.values_list("title", flat=True)) == ["Замысел", "Вывод"]
    assert list(new.criteria.values_list("title", flat=True)) == ["Другое"]
    client.post(f"/portfolio/rubrics/{new.pk}/retire/")
    assert not Rubric.objects.filter(is_active=True).exists()
    assert "Проект 2" in client.get("/portfolio/rubrics/?state=retired").content.decode()


# Queries


def test_queries_do_not_grow(client, work, version, pupil, lead, rules, django_assert_num_queries):

    def grow(count: int) -> None:
        for _ in range(count):
            rubric = make_rubric(created_by=lead)
            for state in ("waiting", "published"):
                mate = factories.make_pupil(school_class=pupil.school_class_now)
                review = make_review(version, mate, capacity="pupil", state=state, rubric=rubric)
                review.points.create(criterion=rubric.criteria.first(), points=3)
            version.invitations.create(
                name="Гость", role="учёный", digest=f"{Invitation.objects.count():064}", created_by=pupil,
                expires_at=timezone.now() + datetime.timedelta(days=1),
            )  # fmt: skip

    pages = [
        (lead, "/portfolio/moderation/"), (lead, "/portfolio/rubrics/"), (lead, "/portfolio/invitations/"),
        (lead, f"/portfolio/works/{work.pk}/"), (pupil, f"/portfolio/works/{work.pk}/"), (lead, "/cabinet/"),
    ]  # fmt: skip
    grow(1)
    counts = []
    for person, page in pages:
        sign_in(client, person)
        client.get(page)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        counts.append(len(queries))
    grow(28)
    for (person, page), count in zip(pages, counts, strict=True):
        sign_in(client, person)
        with django_assert_num_queries(count, info=page):
            client.get(page)
