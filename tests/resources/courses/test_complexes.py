"""Complexes of subjects (ЭУМК): who reads and fills them, what stands at each topic, how full they are (1.3 a, 4.5)."""

import datetime
import io
import re
from decimal import Decimal

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.marks import Stale
from accounts.models import AuditEntry, Order
from resources.actions import programmes as programme_actions
from resources.actions.courses import complexes as actions
from resources.actions.courses import drafts
from resources.actions.courses.life import archive
from resources.actions.holdings import withdraw
from resources.actions.registry import load_registry
from resources.courses import completeness
from resources.courses.matching import match
from resources.models import Course, Element, Programme, StudyComplex, Topic
from tests.factories import (
    make_course,
    make_employee,
    make_library_edition,
    make_material,
    make_programme,
    make_pupil,
    make_resource,
    make_subject,
    make_year,
    sign_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
TOPICS = ("Выражения", "Функции", "Степень", "Контрольная работа")


@pytest.fixture
def author():
    return make_employee(surname="Сочинителева")


@pytest.fixture
def by(author):
    return Actor(author, None, author.username)


@pytest.fixture
def programme(author):
    return make_programme(make_subject("Алгебра"), author=author, topics=TOPICS)


@pytest.fixture
def study_complex(programme, by):
    return actions.begin(StudyComplex(programme=programme, annotation="По учебнику Макарычева"), by=by)


def topics_of(programme):
    return list(programme.topics.all())


def opened(study_complex, by):
    return actions.set_open(study_complex, True, by=by)


def shown(client, study_complex):
    """Titles at each topic, at the whole, and the percents, as the visitor is shown them."""
    contents = client.get(f"/courses/complexes/{study_complex.pk}/").context["contents"]
    rows = [[entry.title for entry in row.entries] for row in contents.rows]
    return rows, [entry.title for entry in contents.whole], contents.completeness.percent


def test_completeness_is_weighed_by_hours_and_never_rounded_up():
    plan = [(1, Decimal("66.5")), (2, Decimal("1")), (3, Decimal("0.5"))]
    shares = [completeness.measure(plan, filled) for filled in (set(), {1}, {1, 2}, {1, 2, 3})]
    assert [share.percent for share in shares] == [0, 97, 99, 100]
    assert [share.is_full for share in shares] == [False, False, False, True]
    nothing = completeness.measure([], set())
    assert (nothing.percent, nothing.is_full) == (0, False)


def test_topics_are_matched_by_section_and_name_then_by_name_each_once():
    def plan(*lines):
        return [Topic(pk=1000 + n, section=section, name=name) for n, (section, name) in enumerate(lines)]

    former = plan(
        ("А", "Функции"), ("А", "Контрольная"), ("Б", "Контрольная"), ("Б", "Степень"), ("В", "Комбинаторика")
    )
    later = plan(("Б", "контрольная."), ("А", "Контрольная"), ("Новый", "Ёлки"), ("Новый", "СТЕПЕНЬ"), ("А", "Функции"))
    found = match(former, later)
    assert {key - 1000: later.index(topic) for key, topic in found.items()} == {0: 4, 1: 1, 2: 0, 3: 3}


@pytest.mark.clause("1.3 a", "4.5")
def test_readers_are_shown_and_counted_only_what_opens_to_them(client, study_complex, programme, author, by):
    first, second, third, fourth = topics_of(programme)
    algebra = programme.subject
    free = make_course(author, title="Открытый курс", subject=algebra, published=True)
    closed = make_course(author, title="Закрытый курс", subject=algebra, closure=2, published=True)
    draft = make_material(author, title="Тайный черновик", subject=algebra)
    paper = make_material(author, title="Конспект", subject=algebra, is_published=True)
    site, book = make_resource(title="Задачник онлайн", subjects=[algebra]), make_library_edition(title="Дидактика")
    placed = [
        (first, "course", free), (second, "course", closed), (second, "material", draft), (third, "resource", site),
        (None, "edition", book), (None, "material", paper),
    ]  # fmt: skip
    assert actions.add(study_complex, placed, note="параграф 3", by=by) == 6
    assert actions.add(study_complex, placed, by=by) == 0

    assert client.get(f"/courses/complexes/{study_complex.pk}/").status_code == 404
    assert client.get(f"/courses/complexes/{study_complex.pk}/export/").status_code == 404
    assert list(client.get("/courses/complexes/").context["page"]) == []
    opened(study_complex, by)

    books = ["Макарычев, Ю. Н. Дидактика", "Конспект"]
    assert shown(client, study_complex) == ([["Открытый курс"], [], ["Задачник онлайн"], []], books, 50)
    withdraw(site, reason="Закрылся", by=by)
    drafts.link_topics(closed, [programme], [second, fourth], by=by)
    archive(free, reason="Устарел", by=by)
    assert shown(client, study_complex) == ([[], [], [], []], books, 0)
    assert [one.completeness.percent for one in client.get("/courses/complexes/").context["page"]] == [0]
    pages = [client.get(f"/courses/complexes/{study_complex.pk}/{end}").content for end in ("", "export/")]
    sheet = openpyxl.load_workbook(io.BytesIO(pages[1])).active
    cells = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    for text in (pages[0].decode(), cells):
        assert "Конспект" in text
        assert "Функции" in text
        assert not [name for name in ("Открытый курс", "Закрытый", "Тайный", "Задачник") if name in text]

    sign_in(client, make_employee())
    assert shown(client, study_complex) == ([[], ["Закрытый курс"], [], ["Закрытый курс"]], books, 50)
    assert [one.completeness.percent for one in client.get("/courses/complexes/").context["page"]] == [50]


def test_the_list_is_filtered_and_a_guest_gets_304(client, study_complex, author, by):
    history = make_programme(make_subject("История"), author=author, grade=5)
    old_year = make_year(starts=datetime.date(2019, 9, 1))
    old = make_programme(study_complex.programme.subject, author=author, year=old_year)
    for one in (study_complex, *(actions.begin(StudyComplex(programme=row), by=by) for row in (history, old))):
        opened(one, by)

    def names(**query):
        return [str(one.programme) for one in client.get("/courses/complexes/", query).context["page"]]

    seventh, fifth = str(study_complex.programme), str(history)
    assert names() == [fifth, seventh]
    assert names(grade="7") == names(subject=study_complex.programme.subject_id) == names(q="алгебра") == [seventh]
    assert names(year=old_year.pk) == [str(old)]
    assert names(grade="нет", subject="0", year="x", page="нет") == [fifth, seventh]
    page = f"/courses/complexes/{study_complex.pk}/"
    tag = client.get(page)["ETag"]
    assert client.get(page, headers={"If-None-Match": tag}).status_code == 304
    actions.add(study_complex, [(None, "resource", make_resource())], by=by)
    assert client.get(page, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.clause("4.5")
def test_row_18_leads_to_the_complexes_and_lists_them(client, study_complex, author, by):
    closed = actions.begin(StudyComplex(programme=make_programme(author=author, grade=9)), by=by)
    opened(study_complex, by)
    page = client.get("/elements/eumk/")
    assert page.context["element"].number == 18
    assert page.context["complexes"] == [study_complex]
    assert '<a class="btn" href="/courses/complexes/">' in page.text
    assert str(closed.programme) not in page.text
    assert client.get("/elements/neb/").context["complexes"] is None
    assert client.get(study_complex.programme.get_absolute_url()).context["complex"] == study_complex
    assert 'href="/courses/complexes/"' in client.get("/elements/").text
    # A school that was founded before has no address there; `setup --update` brings it.
    Element.objects.filter(number=18).update(address="")
    load_registry(by=by, update=True)
    assert Element.objects.get(number=18).address == "/courses/complexes/"


def test_only_the_author_the_head_and_the_runner_fill_it(client, study_complex, programme):
    first = topics_of(programme)[0]
    pages = ["fill/", "change/", f"topics/{first.pk}/", "whole/", "take/", "open/", "close/", "carry/"]
    pages = [f"/courses/complexes/{study_complex.pk}/{page}" for page in pages]
    sign_in(client, make_employee(surname="Чужая"))
    assert {client.get(page).status_code for page in pages} == {404}
    assert client.post(pages[5], {"seen": "x"}).status_code == 404
    assert str(programme) not in client.get("/courses/complexes/desk/").text
    assert not list(client.get("/courses/complexes/add/").context["form"].fields["programme"].queryset)
    sign_in(client, make_pupil())
    assert {client.get(page).status_code for page in [*pages, "/courses/complexes/desk/"]} <= {403, 404}
    sign_in(client, programme.author)
    assert {client.get(page).status_code for page in pages} == {200}
    other = make_programme(author=programme.author).topics.get()
    assert client.get(f"/courses/complexes/{study_complex.pk}/topics/{other.pk}/").status_code == 404


@pytest.mark.clause("1.3 a")
def test_a_teacher_fills_a_complex_by_pages(client, programme, author):
    algebra, first = programme.subject, topics_of(programme)[0]
    resource = make_resource(title="Названный", subjects=[algebra])
    book = make_library_edition(title="Учебник", subjects=[algebra])
    programme.resources.add(resource)
    programme.editions.add(book)
    first.outside_resources.add(resource)
    make_course(author, title="Курс алгебры", subject=algebra, grade_from=7, grade_to=7, published=True)
    make_course(author, title="Другой предмет", published=True)
    make_course(author, title="Черновой курс", subject=algebra)

    sign_in(client, author)
    assert f"/courses/complexes/add/?programme={programme.pk}" in client.get(programme.get_absolute_url()).text
    answer = client.post("/courses/complexes/add/", {"programme": programme.pk, "annotation": "О нём"})
    study_complex = StudyComplex.objects.get()
    desk = f"/courses/complexes/{study_complex.pk}/"
    assert (answer.url, study_complex.keeper, study_complex.is_open) == (f"{desk}fill/", author, False)

    topic = f"{desk}topics/{first.pk}/"
    offers = client.get(topic).context["offers"]
    assert [(offer.kind, [one.title for one in offer.things]) for offer in offers] == [
        ("course", ["Курс алгебры"]), ("resource", ["Названный"]), ("edition", ["Учебник"]),
    ]  # fmt: skip
    found = client.get(topic, {"q": "другой"}).context["offers"]
    assert [one.title for offer in found for one in offer.things] == ["Другой предмет"]
    course = Course.objects.get(title="Курс алгебры")
    assert "Отметьте" in client.post(topic, {"note": "глава 1"}).text
    strange = Course.objects.get(title="Черновой курс")
    assert "обновите страницу" in client.post(topic, {"things": [f"course-{strange.pk}"]}).text
    client.post(topic, {"things": [f"course-{course.pk}"], "note": "глава 1"})
    item = study_complex.items.get()
    assert (item.topic, item.course, item.note) == (first, course, "глава 1")

    seen = re.search(r'name="seen" value="(\w+)"', client.get(f"{desk}take/").text)[1]
    client.post(f"{desk}take/", {"seen": seen})
    taken = study_complex.items.exclude(pk=item.pk).values_list("topic", "resource", "edition")
    assert sorted(taken, key=str) == sorted([(first.pk, resource.pk, None), (None, None, book.pk)], key=str)
    client.post(f"{desk}open/", {"seen": seen})
    study_complex.refresh_from_db()
    assert not study_complex.is_open
    seen = re.search(r'name="seen" value="(\w+)"', client.get(f"{desk}open/").text)[1]
    client.post(f"{desk}open/", {"seen": seen})
    study_complex.refresh_from_db()
    assert study_complex.is_open
    client.post(f"{desk}items/{item.pk}/remove/")
    assert not study_complex.items.filter(pk=item.pk).exists()
    verbs = [entry.action.split(".")[1] for entry in AuditEntry.objects.of(study_complex).order_by("pk")]
    assert verbs == ["added", "filled", "filled", "opened", "thing_removed"]


def test_what_the_desk_may_not_name_stays_unnamed(client, study_complex, programme, author, by):
    other = make_employee(surname="Прежняя")
    course = make_course(other, title="Снятый курс", published=True)
    material = make_material(other, title="Отозванный материал", is_published=True)
    first = topics_of(programme)[0]
    actions.add(study_complex, [(first, "course", course), (first, "material", material)], by=by)
    archive(course, reason="Устарел", by=by)
    type(material).objects.update(state="draft")
    sign_in(client, author)
    for page in ("fill/", f"topics/{first.pk}/"):
        text = client.get(f"/courses/complexes/{study_complex.pk}/{page}").text
        assert text.count("который вам не&nbsp;открыт") == 2
        assert not [name for name in ("Снятый", "Отозванный") if name in text]


@pytest.mark.clause("3.7")
def test_a_complex_is_carried_on_with_topics_of_the_same_name(client, study_complex, programme, author, by):
    first, second, third, fourth = topics_of(programme)
    course = make_course(author, title="Курс", published=True)
    gone = make_resource(title="Ушедший")
    placed = [
        (first, "course", course),
        (second, "course", course),
        (fourth, "resource", gone),
        (None, "course", course),
    ]
    actions.add(study_complex, placed, note="глава", by=by)
    withdraw(gone, reason="Закрылся", by=by)
    later_year = make_year(starts=programme.year.starts.replace(year=programme.year.starts.year + 1))
    later = make_programme(
        programme.subject,
        author=author,
        year=later_year,
        topics=("Функции", "выражения.", "Новое", "Контрольная работа"),
    )
    sign_in(client, author)
    page = f"/courses/complexes/{study_complex.pk}/carry/"
    assert client.get(page).context["form"].fields["programme"].queryset.get() == later
    assert client.get(page, {"programme": 0}).status_code == 200
    asked = client.get(page, {"programme": later.pk})
    seen = re.search(r'name="seen" value="(\w+)"', asked.text)[1]
    actions.add(study_complex, [(third, "course", course)], by=by)
    client.post(f"{page}?programme={later.pk}", {"seen": seen})
    assert not StudyComplex.objects.filter(programme=later).exists()

    asked = client.get(page, {"programme": later.pk})
    assert "№ 3 «Степень»" in asked.text
    seen = re.search(r'name="seen" value="(\w+)"', asked.text)[1]
    answer = client.post(f"{page}?programme={later.pk}", {"seen": seen}, follow=True)
    assert "Не нашлось тем: № 3 «Степень»" in answer.text
    copy = StudyComplex.objects.get(programme=later)
    assert not copy.is_open
    assert sorted(copy.items.values_list("topic__name", "course__title", "note"), key=str) == [
        ("Функции", "Курс", "глава"), ("выражения.", "Курс", "глава"), (None, "Курс", "глава"),
    ]  # fmt: skip
    with pytest.raises(ValidationError):
        actions.carry(study_complex, later, by=by)


def test_what_cannot_be_is_refused_in_words(study_complex, programme, author, by):
    with pytest.raises(ValidationError, match="уже есть"):
        actions.begin(StudyComplex(programme=programme), by=by)
    with pytest.raises(ValidationError, match="не утверждена"):
        actions.begin(StudyComplex(programme=make_programme(author=author, state="draft")), by=by)
    strange = make_programme(author=author).topics.get()
    with pytest.raises(ValidationError, match="не из программы"):
        actions.add(study_complex, [(strange, "resource", make_resource())], by=by)
    with pytest.raises(ValidationError, match="уже закрыт"):
        actions.set_open(study_complex, False, by=by)
    with pytest.raises(Stale):
        actions.set_open(study_complex, True, seen="прежнее", by=by)
    with pytest.raises(ValidationError, match="следующий"):
        actions.carry(study_complex, programme, by=by)
    assert (StudyComplex.objects.count(), study_complex.items.count()) == (1, 0)


@pytest.mark.clause("1.6")
def test_authors_tick_topics_of_approved_programmes(client, programme, author):
    course = make_course(author, subject=programme.subject, grade_from=7, grade_to=7, published=True)
    waiting = make_programme(programme.subject, author=author, state="submitted", topics=("Тайная тема",))
    other = make_programme(make_subject("Физика"), author=author, grade=8)
    sign_in(client, author)
    page = f"/courses/desk/{course.pk}/topics/"
    assert client.get(page).context["found"] == [programme]
    assert client.get(page, {"q": "физика"}).context["found"] == [other]
    asked = client.get(page, {"programmes": programme.pk})
    assert "Функции" in asked.text
    assert "Тайная тема" not in asked.text
    assert client.get(page, {"programmes": ["x", waiting.pk, "9" * 30], "q": ""}).status_code == 200
    second = topics_of(programme)[1]
    seen = asked.context["form"].initial["seen"]
    client.post(page, {"programmes": [programme.pk], "topics": [second.pk], "seen": seen})
    assert (list(course.programmes.all()), list(course.topics.all())) == ([programme], [second])
    assert client.get(page).context["ticked"] == {second.pk}
    stale = client.post(page, {"programmes": [other.pk], "topics": [], "seen": seen})
    assert "изменили" in stale.text
    assert client.post(page, {"programmes": [waiting.pk], "topics": ["я"], "seen": seen}).status_code == 200
    assert (list(course.programmes.all()), list(course.topics.all())) == ([programme], [second])
    sign_in(client, make_employee(surname="Чужая"))
    assert client.get(page).status_code == client.post(page, {"seen": seen}).status_code == 404


@pytest.mark.clause("1.6", "3.7")
def test_courses_follow_a_programme_to_its_next_year_when_that_is_approved(client, programme, author, by):
    first, second, third, _ = topics_of(programme)
    course = make_course(author, published=True)
    drafts.link_topics(course, [programme], [first, third], by=by)
    later_year = make_year(starts=programme.year.starts.replace(year=programme.year.starts.year + 1))
    programme_actions.renew([programme], year=later_year, by=by)
    later = Programme.objects.get(year=later_year)
    later.topics.filter(name="Степень").update(name="Другое")
    later.state = "agreed"
    later.save()
    assert list(course.programmes.all()) == [programme]
    programme_actions.approve([later], order=Order.objects.get(pk=programme.order_id), by=by)
    names = course.topics.order_by("programme__year__starts", "position").values_list("programme", "name")
    assert list(names) == [(programme.pk, "Выражения"), (programme.pk, "Степень"), (later.pk, "Выражения")]
    assert set(course.programmes.all()) == {programme, later}


def test_queries_do_not_grow_with_the_complex(client, author, by):
    sign_in(client, author)
    course, counts = make_course(author, published=True), []
    books = [make_library_edition(title=f"Книга {number}") for number in range(30)]
    for number in (1, 30):
        programme = make_programme(author=author, topics=[f"Тема {one}" for one in range(number)])
        study_complex = actions.begin(StudyComplex(programme=programme), by=by)
        topics = topics_of(programme)
        placed = [(topic, "edition", book) for topic, book in zip(topics, books, strict=False)]
        actions.add(study_complex, [*placed, *((topic, "course", course) for topic in topics)], by=by)
        opened(study_complex, by)
        ends = ("", "fill/", f"topics/{topics[0].pk}/", "whole/", "export/", "take/")
        pages = [f"/courses/complexes/{study_complex.pk}/{end}" for end in ends]
        for page in (*pages, "/courses/complexes/", "/courses/complexes/desk/"):
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            counts.append(len(queries))
    assert counts[:8] == counts[8:]


def test_a_closed_complex_is_deleted_and_an_open_one_is_not(client, study_complex, author, by):
    resource = make_resource(title="Останется")
    actions.add(study_complex, [(None, "resource", resource)], by=by)
    sign_in(client, author)
    page = f"/courses/complexes/{study_complex.pk}/delete/"
    opened(study_complex, by)
    assert client.get(page).status_code == 302
    with pytest.raises(ValidationError, match="сначала закройте"):
        actions.delete_complex(study_complex, by=by)
    actions.set_open(study_complex, False, by=by)
    form = client.get(page).context["form"]
    assert client.post(page, {"seen": form.initial["seen"]}).url == "/courses/complexes/desk/"
    assert not StudyComplex.objects.exists()
    resource.refresh_from_db()
    assert AuditEntry.objects.filter(action="study_complex.deleted").count() == 1


def test_an_open_complex_is_found_by_its_topics_and_a_closed_one_is_not(client, study_complex, by):
    address, question = study_complex.get_absolute_url(), "/search/?q=степень+функции"
    assert address not in client.get(question).text
    opened(study_complex, by)
    assert address in client.get(question).text
