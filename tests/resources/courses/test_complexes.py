"""E-learning complexes (ЭУМК; 4.5 row 18), and what courses serve (1.6)."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.actor import Actor
from resources.actions import programmes as programme_actions
from resources.actions.courses import complexes as actions
from resources.actions.courses import drafts
from resources.asker import asker_for
from resources.courses import complexes
from resources.importing import thematic_plan
from resources.models import StudyComplex
from tests.factories import (
    make_course,
    make_employee,
    make_material,
    make_programme,
    make_pupil,
    make_resource,
    make_year,
    sign_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
BY = Actor.command("tests")


@pytest.fixture
def author():
    return make_employee(surname="Сочинителева")


@pytest.fixture
def programme(author):
    return make_programme(author=author, topics=("Функции", "Графики", "Итог"))


@pytest.fixture
def one(programme, author):
    return actions.begin(programme, by=Actor(author, None, "author"))


def titles(one: StudyComplex, person=None) -> list[list[str]]:
    table = complexes.table_of(one, asker_for(person))
    return [[thing.title for thing in row.things] for row in (*table.rows, table.whole)]


def test_topics_are_filled_and_the_bar_counts_hours(one, programme, author):
    first, second, third = programme.topics.all()
    type(first).objects.filter(pk=first.pk).update(hours=6)
    resource, material = make_resource(title="Школа"), make_material(author, is_published=True)
    draft, closed = (
        make_material(author, title="Тайный"),
        make_course(author, title="Закрытый", closure=2, published=True),
    )
    chosen = {"resource": [resource], "material": [material, draft], "course": [closed]}
    actions.fill(one, first, chosen, among={}, by=BY)
    drafts.link_topics(closed, [programme], [second], by=BY)
    # A guest is told of nothing that is closed, and the bar does not count it.
    assert titles(one) == [["Линейная функция", "Школа"], [], [], []]
    table = complexes.table_of(one, asker_for(None))
    assert (table.percent, table.empty) == (60, 2)
    assert titles(one, author)[1] == ["Закрытый"]
    # What was not offered stays when a form is saved.
    actions.fill(one, first, {"resource": []}, among={"resource": [resource.pk]}, by=BY)
    assert titles(one)[0] == ["Линейная функция"]
    with pytest.raises(ValidationError, match="не из программы"):
        actions.fill(one, make_programme(author=author, grade=9).topics.get(), {}, among={}, by=BY)


def test_a_complex_is_its_keepers_until_it_is_opened(client, one, author):
    page, whole = one.get_absolute_url(), reverse("resources:complex_list")
    for person in (None, make_pupil(), make_employee()):
        client.logout()
        if person:
            sign_in(client, person)
        assert client.get(page).status_code == 404
        for name in ("about", "fill", "open", "take"):
            answer = client.post(reverse(f"resources:complex_{name}", args=[one.pk]), {"annotation": "Чужое"})
            assert answer.status_code in (302, 403, 404)
    one.refresh_from_db()
    assert (one.annotation, one.is_open) == ("", False)
    sign_in(client, author)
    assert client.get(page).status_code == 200
    client.post(reverse("resources:complex_open", args=[one.pk]))
    client.logout()
    assert client.get(page).status_code == 200
    assert list(client.get(whole).context["page"]) == [one]
    assert list(client.get("/elements/eumk/").context["complexes"]) == [one]
    assert client.get(one.programme.get_absolute_url()).context["complex"] == one


def test_it_is_begun_from_the_programmes_page_and_filled_by_ticking(client, author, programme):
    resource = make_resource(title="Школа")
    programme.resources.add(resource)
    sign_in(client, make_employee())
    begin = reverse("resources:complex_begin", args=[programme.pk])
    assert client.post(begin).status_code == 403
    sign_in(client, author)
    assert client.get(programme.get_absolute_url()).context["can_begin_complex"]
    one_page = client.post(begin).url
    one = StudyComplex.objects.get()
    client.post(reverse("resources:complex_take", args=[one.pk]))
    client.post(reverse("resources:complex_take", args=[one.pk]))
    assert titles(one)[3] == ["Школа"]
    topic = programme.topics.first()
    fill = reverse("resources:complex_fill_topic", args=[one.pk, topic.pk])
    assert "Школа" in client.get(fill, {"q": "школа"}).text
    assert client.post(fill, {"resource": [resource.pk]}).url == f"{one_page}#topic-{topic.pk}"
    assert titles(one)[0] == ["Школа"]
    client.post(fill, {"resource": []})
    assert titles(one)[0] == []
    with pytest.raises(ValidationError, match="уже есть"):
        actions.begin(programme, by=BY)


def test_next_years_complex_carries_things_on_by_the_names_of_topics(one, programme, author):
    first, _, last = programme.topics.all()
    resource, other = make_resource(title="Школа"), make_resource(title="Задачник")
    actions.fill(one, first, {"resource": [resource]}, among={}, by=BY)
    actions.fill(one, last, {"resource": [other]}, among={}, by=BY)
    year = make_year(starts=programme.year.starts.replace(year=programme.year.starts.year + 1))
    programme_actions.renew([programme], year=year, by=BY)
    copy = programme.renewals.get()
    programme_actions.set_plan(copy, thematic_plan.from_text("Функции; 3\nНовая; 1"), by=BY)
    type(copy).objects.filter(pk=copy.pk).update(state="approved", order=programme.order)
    assert titles(actions.begin(copy, by=BY)) == [["Школа"], [], ["Задачник"]]


def test_queries_do_not_grow_with_the_plan(client, author, django_assert_max_num_queries):
    long = make_programme(author=author, topics=[f"Тема {number}" for number in range(60)], grade=8)
    one = actions.begin(long, by=BY)
    actions.set_open(one, is_open=True, by=BY)
    for topic in long.topics.all():
        actions.fill(one, topic, {"resource": [make_resource(title=f"Ресурс {topic.position}")]}, among={}, by=BY)
    client.get(one.get_absolute_url())
    client.cookies["messages"] = "x"
    with django_assert_max_num_queries(16):
        assert client.get(one.get_absolute_url()).status_code == 200


def test_a_course_names_programmes_then_their_topics(client, author, programme):
    course = make_course(author)
    page = reverse("resources:desk_course_topics", args=[course.pk])
    sign_in(client, author)
    client.post(page, {"programmes": [programme.pk]})
    topic = programme.topics.first()
    client.post(page, {"programmes": [programme.pk], "topics": [topic.pk]})
    assert list(course.topics.all()) == [topic]
    client.post(page, {"topics": [topic.pk]})
    assert (course.topics.count(), course.programmes.count()) == (0, 0)
    sign_in(client, make_employee())
    assert client.get(page).status_code == 404
