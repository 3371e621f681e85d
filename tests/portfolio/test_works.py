"""Works: versions sealed for good, files refused in words, co-authors who agree, foreign ones closed (1.3 d, 11.1)."""

import hashlib
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Notification
from portfolio.models import Portfolio, Work, WorkVersion
from tests import factories
from tests.journal.factories import make_gradebook, make_load
from tests.portfolio.factories import let_show, make_review, make_share, make_work
from tests.samples import pdf, picture

pytestmark = [pytest.mark.django_db, pytest.mark.clause("1.3 d"), pytest.mark.clause("11.1")]


@pytest.fixture
def room(site):
    return factories.make_class(grade=8)


@pytest.fixture
def pupil(room):
    return factories.make_pupil(school_class=room, age=15)


@pytest.fixture
def as_pupil(client, pupil):
    factories.sign_in(client, pupil)
    return client


def add(client, **fields) -> Work:
    values = {"title": "Птицы двора", "kind": "research", "sphere": "research"}
    answer = client.post("/portfolio/works/add/", values | fields)
    assert answer.status_code == 302, answer.context["form"].errors
    return Work.objects.get()


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_the_sphere_of_a_work_is_chosen_and_not_passed_over(as_pupil):
    assert as_pupil.get("/portfolio/works/add/").context["form"]["sphere"].value() == ""
    answer = as_pupil.post("/portfolio/works/add/", {"title": "Птицы двора", "kind": "research", "sphere": ""})
    assert (list(answer.context["form"].errors), Work.objects.count()) == (["sphere"], 0)
    work = add(as_pupil)
    assert as_pupil.get(f"/portfolio/works/{work.pk}/change/").context["form"]["sphere"].value() == "research"


def test_a_project_with_three_files_is_sealed_and_goes_on_as_the_next_version(as_pupil, pupil):
    work = add(as_pupil)
    address = f"/portfolio/works/{work.pk}/"
    data = {
        "text": "## Цель\nСосчитать птиц", "reflection": "Терпение", "links": "Видео https://example.ru/1",
        "uploads": [upload("отчёт.pdf", pdf()), upload("двор.png", picture()), upload("данные.csv", b"a;b\n1;2\n")],
    }  # fmt: skip
    assert as_pupil.post(f"{address}version/", data).status_code == 302
    assert as_pupil.post(f"{address}submit/").status_code == 302
    assert not Work.objects.get().is_submitted
    assert as_pupil.get(f"{address}seal/").status_code == 200
    as_pupil.post(f"{address}seal/")
    version = WorkVersion.objects.get()
    files = list(version.files.order_by("pk").values_list("file__name", "file__sha256"))
    told = {
        "files": [list(one) for one in files], "links": [["https://example.ru/1", "Видео"]],
        "reflection": "Терпение", "text": version.text,
    }  # fmt: skip
    plain = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert len(files) == 3
    assert version.sha256 == hashlib.sha256(plain.encode()).hexdigest()
    # Sealed is sealed.
    assert as_pupil.post(f"{address}version/", {"text": "иначе"}).status_code == 302
    as_pupil.post(f"{address}seal/")
    version.refresh_from_db()
    assert (version.text, WorkVersion.objects.count()) == (data["text"], 1)
    as_pupil.post(f"{address}submit/")
    as_pupil.post(f"{address}next/")
    as_pupil.post(f"{address}next/")
    first, second = WorkVersion.objects.order_by("number")
    assert (second.number, second.text, second.files.count(), second.links.count(), second.is_sealed) == (
        2, first.text, 3, 1, False,
    )  # fmt: skip
    page = as_pupil.get(address).content.decode()
    assert "<h2>Цель</h2>" in page
    assert "Закрепить версию 2" in page


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("пусто.pdf", b"", "пуст"),
        ("фото.png", b"MZ\x90\x00" + b"\x00" * 200, "не"),
        ("фото.jpg", b"\xff\xd8\xff\xe0<html><script>alert(1)</script>", "не"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_and_the_text_stays(as_pupil, name, data, words):
    work = add(as_pupil)
    answer = as_pupil.post(
        f"/portfolio/works/{work.pk}/version/", {"text": "Набранный текст", "uploads": [upload(name, data)]}
    )
    assert answer.status_code == 200
    (error,) = answer.context["form"].errors["uploads"]
    assert words in error
    assert "Набранный текст" in answer.content.decode()
    version = WorkVersion.objects.get()
    assert (version.text, version.files.count()) == ("", 0)


def test_the_second_of_two_authors_is_shown_both_texts(client, room, pupil):
    other = factories.make_pupil(school_class=room)
    work = make_work(pupil, sealed=False, text="Было")
    work.authors.create(person=other, agreed_at=timezone.now())
    address = f"/portfolio/works/{work.pk}/version/"
    factories.sign_in(client, pupil)
    seen = client.get(address).context["form"].initial["seen"]
    factories.sign_in(client, other)
    client.post(address, {"text": "Соавтор", "seen": client.get(address).context["form"].initial["seen"]})
    factories.sign_in(client, pupil)
    answer = client.post(address, {"text": "Мой", "seen": seen})
    assert "Соавтор" in "".join(answer.context["form"].non_field_errors())
    assert WorkVersion.objects.get().text == "Соавтор"


def test_a_co_author_agrees_first(client, room, pupil):
    mate, stranger = (factories.make_pupil(school_class=room) for _ in range(2))
    work = make_work(pupil, sealed=False)
    address = f"/portfolio/works/{work.pk}/"
    factories.sign_in(client, pupil)
    assert client.get(f"{address}authors/add/").status_code == 200
    assert client.post(f"{address}authors/add/", {"person": factories.make_parent(child=mate).pk}).status_code == 200
    client.post(f"{address}authors/add/", {"person": mate.pk, "contribution": "Опыты"})
    assert Notification.objects.filter(person=mate, kind="co_author").count() == 1
    factories.sign_in(client, stranger)
    assert client.post(f"{address}authors/agree/").status_code == 404
    factories.sign_in(client, mate)
    assert work.title in client.get("/portfolio/works/").content.decode()
    # Named, but not an author yet.
    assert [client.get(f"{address}{page}").status_code for page in ("", "version/", "change/")] == [200, 404, 404]
    assert client.post(f"{address}authors/agree/").status_code == 302
    assert [client.get(f"{address}{page}").status_code for page in ("", "version/", "change/")] == [200, 200, 404]
    assert client.post(f"{address}authors/decline/").status_code == 404
    assert set(work.authors.filter(agreed_at__isnull=False).values_list("person", flat=True)) == {pupil.pk, mate.pk}


def test_a_co_author_is_found_by_the_name_and_not_by_the_login(client, room, pupil):
    mate = factories.make_pupil(school_class=room, surname="Левчук-Озерова", username="sekret")
    work = make_work(pupil, sealed=False)
    factories.sign_in(client, pupil)
    found = {
        words: [
            one.pk for one in client.get(f"/portfolio/works/{work.pk}/authors/add/", {"q": words}).context["offered"]
        ]
        for words in ("левч", "Озерова", "sekret", "sek", "евчук")
    }
    assert found == {"левч": [mate.pk], "Озерова": [mate.pk], "sekret": [], "sek": [], "евчук": []}


def test_who_reviewed_a_work_or_finds_it_frozen_does_not_become_its_author(client, room, pupil):
    mate = factories.make_pupil(school_class=room)
    reviewed, frozen = make_work(pupil), make_work(owner := factories.make_pupil(school_class=room))
    review = make_review(reviewed.versions.get(), mate, capacity="pupil", state="waiting", published_at=None)
    for work in (reviewed, frozen):
        work.authors.create(person=mate)
    Portfolio.objects.create(pupil=owner, frozen_at=timezone.now())
    factories.sign_in(client, mate)
    said = [
        client.post(f"/portfolio/works/{work.pk}/authors/agree/", follow=True).content.decode()
        for work in (reviewed, frozen)
    ]
    assert ["отзовите её" in said[0], "Портфолио закрыто" in said[1]] == [True, True]
    assert not mate.authorships.filter(agreed_at__isnull=False).exists()
    client.post(f"/portfolio/reviews/{review.pk}/revoke/", {"reason": "Стану соавтором"})
    client.post(f"/portfolio/works/{reviewed.pk}/authors/agree/")
    assert list(mate.authorships.filter(agreed_at__isnull=False).values_list("work", flat=True)) == [reviewed.pk]


def test_what_a_co_author_changed_meanwhile_is_not_sealed_unseen(as_pupil, pupil):
    work = make_work(pupil, sealed=False, text="Было")
    version = work.versions.get()
    version.links.create(url="https://example.ru/1")
    address = f"/portfolio/works/{work.pk}/seal/"
    page = as_pupil.get(address)
    assert "Сейчас в ней: текст, 1 ссылка." in page.content.decode()
    seen = {"seen": page.context["form"].initial["seen"]}
    version.links.create(url="https://example.ru/2")
    assert "изменил соавтор" in as_pupil.post(address, seen, follow=True).content.decode()
    assert not work.versions.get().is_sealed
    as_pupil.post(address, {"seen": as_pupil.get(address).context["form"].initial["seen"]})
    assert work.versions.get().is_sealed


def test_foreign_works_are_closed_by_address_and_by_post(client, room, pupil):
    work = make_work(pupil, submitted=False)
    address = f"/portfolio/works/{work.pk}/"
    verbs = ("version/", "seal/", "next/", "submit/", "take-back/", "change/", "remove/", "authors/add/",
             "authors/agree/", "authors/decline/")  # fmt: skip
    people = [
        factories.make_pupil(school_class=room), factories.make_parent(child=pupil),
        factories.make_employee(position="class_teacher", school_class=room),
        factories.make_employee(position="director"),
    ]  # fmt: skip
    for person in people:
        factories.sign_in(client, person)
        assert client.get(address).status_code == 404
        assert {client.post(f"{address}{verb}").status_code for verb in verbs} == {404}
    work.refresh_from_db()
    assert (work.is_submitted, work.versions.count(), work.authors.count()) == (False, 1, 1)


def test_a_reviewed_or_frozen_work_refuses(as_pupil, pupil):
    work = make_work(pupil)
    address = f"/portfolio/works/{work.pk}/"
    make_review(work.versions.get(), factories.make_employee(position="teacher"))
    as_pupil.post(f"{address}take-back/")
    as_pupil.post(f"{address}remove/")
    assert Work.objects.get().is_submitted
    Portfolio.objects.create(pupil=pupil, frozen_at=timezone.now())
    as_pupil.post(f"{address}next/")
    assert as_pupil.post("/portfolio/works/add/", {"title": "Ещё", "kind": "essay", "sphere": "arts"}).context[
        "form"
    ].non_field_errors() == ["Портфолио закрыто: его можно читать и забрать, изменить уже нельзя."]
    assert (Work.objects.count(), WorkVersion.objects.count()) == (1, 1)


def test_staff_see_where_the_same_bytes_lie(client, room, pupil):
    lead = factories.make_employee(position="class_teacher", school_class=room)
    other = factories.make_pupil(school_class=room, surname="Тихий")
    works = []
    for person in (pupil, other):
        factories.sign_in(client, person)
        client.post("/portfolio/works/add/", {"title": f"Работа {person.pk}", "kind": "essay", "sphere": "arts"})
        work = Work.objects.latest("pk")
        client.post(f"/portfolio/works/{work.pk}/version/", {"uploads": [upload("эссе.pdf", pdf())]})
        client.post(f"/portfolio/works/{work.pk}/seal/")
        client.post(f"/portfolio/works/{work.pk}/submit/")
        works.append(work)
    factories.sign_in(client, lead)
    assert "Тихий" in client.get(f"/portfolio/works/{works[0].pk}/").content.decode()
    factories.sign_in(client, pupil)
    assert "Тихий" not in client.get(f"/portfolio/works/{works[0].pk}/").content.decode()
    file = works[1].versions.get().files.get().file
    assert client.get(file.url).status_code == 404
    # Closed again, the work is its author's alone: staff hear of it no more.
    Work.objects.filter(pk=works[1].pk).update(submitted_at=None)
    factories.sign_in(client, lead)
    assert "Тихий" not in client.get(f"/portfolio/works/{works[0].pk}/").content.decode()


@pytest.mark.parametrize(
    ("words", "found"), [("птицы", 1), ("ПТИЦЫ", 1), ("Двора большие", 1), ("гэс", 1), ("кошки двора", 0)]
)
def test_a_work_is_found_by_words_of_its_title_in_any_case(client, room, pupil, words, found):
    make_work(pupil, title="Большие птицы двора у ГЭС")
    factories.sign_in(client, factories.make_employee(position="class_teacher", school_class=room))
    page = client.get("/portfolio/works/pupils/", {"q": words}).context["page"]
    assert page.paginator.count == found


def test_lists_ask_as_much_for_one_work_as_for_thirty(client, room, pupil, django_assert_max_num_queries):
    factories.sign_in(client, lead := factories.make_employee(position="class_teacher", school_class=room))
    make_work(pupil)
    counts = []
    client.get("/portfolio/works/pupils/")
    for more in (0, 29):
        for _ in range(more):
            make_work(factories.make_pupil(school_class=room))
        with django_assert_max_num_queries(14) as captured:
            assert client.get("/portfolio/works/pupils/?q=&kind=research").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert make_share(pupil, person=lead).pk


def test_employees_whom_an_opened_work_concerns_are_told_once(client, room, pupil):
    """Those who see it by duty, and nobody else; a work closed and opened again calls nobody a second time."""
    book = make_gradebook(school_class=room)
    other_book = make_gradebook(school_class=room, subject=factories.make_subject("Химия"))
    lead = factories.make_employee(position="class_teacher", school_class=room)
    teacher, stranger, mentor = (factories.make_employee(position="teacher") for _ in range(3))
    for person, gradebook in ((teacher, book), (stranger, other_book)):
        make_load(person, gradebook)
    factories.make_employee(position="class_teacher", school_class=factories.make_class(grade=8, letter="Б"))
    factories.make_parent(child=pupil)
    work = make_work(pupil, submitted=False, subject=book.subject, mentor=mentor)
    factories.sign_in(client, pupil)
    for verb in ("submit", "take-back", "submit"):
        assert client.post(f"/portfolio/works/{work.pk}/{verb}/").status_code == 302
    told = Notification.objects.filter(kind="portfolio_work_opened").order_by("pk")
    assert {one.person_id for one in told} == {lead.pk, teacher.pk, mentor.pk}
    assert len(told) == 3
    for person in (lead, teacher, mentor):
        factories.sign_in(client, person)
        assert client.get(told[0].url).status_code == 200
    factories.sign_in(client, stranger)
    assert client.get(told[0].url).status_code == 404


def test_the_owner_hears_what_a_co_author_answered_and_a_removed_one_of_that(client, room, pupil):
    yes, no, silent = (factories.make_pupil(school_class=room) for _ in range(3))
    work = make_work(pupil, sealed=False, submitted=False)
    rows = {one: work.authors.create(person=one) for one in (yes, no, silent)}
    for person, verb in ((yes, "agree"), (no, "decline")):
        factories.sign_in(client, person)
        client.post(f"/portfolio/works/{work.pk}/authors/{verb}/")
    factories.sign_in(client, pupil)
    for person in (yes, silent):
        client.post(f"/portfolio/works/{work.pk}/authors/{rows[person].pk}/remove/")
    assert list(Notification.objects.order_by("pk").values_list("person", "text")) == [
        (pupil.pk, f"Соавтор согласился: {yes.get_full_name()}, работа «{work.title}»."),
        (pupil.pk, f"Соавтор отказался: {no.get_full_name()}, работа «{work.title}»."),
        (yes.pk, f"Вас больше нет среди авторов работы «{work.title}»."),
    ]
    assert [one.person for one in work.authors.all()] == [pupil]


def test_a_co_author_of_what_is_sealed_has_no_button_to_be_taken_away(client, room, pupil):
    mate, asked = (factories.make_pupil(school_class=room) for _ in range(2))
    work = make_work(pupil, submitted=False)
    agreed = work.authors.create(person=mate, agreed_at=timezone.now())
    named = work.authors.create(person=asked)
    factories.sign_in(client, pupil)
    page = client.get(f"/portfolio/works/{work.pk}/").content.decode()
    found = [f"authors/{one.pk}/remove/" in page for one in (agreed, named, work.authors.get(person=pupil))]
    assert found == [False, True, False]
    factories.sign_in(client, mate)
    assert "/remove/" not in client.get(f"/portfolio/works/{work.pk}/").content.decode()


def test_the_way_back_from_a_work_is_the_list_one_came_from(client, room, pupil):
    mate, parent = factories.make_pupil(school_class=room, age=15), factories.make_parent(child=pupil)
    lead = factories.make_employee(position="class_teacher", school_class=room)
    let_show(pupil, parent)
    opened, shown = make_work(pupil), make_work(pupil, submitted=False)
    make_share(pupil, works=[opened, shown], school_class=room)
    of_child = f"/portfolio/pupils/{pupil.pk}/works/"
    expected = {
        pupil: ["/portfolio/works/"] * 2, parent: [of_child], mate: ["/portfolio/shown/"] * 2,
        lead: ["/portfolio/works/pupils/", "/portfolio/shown/"],
    }  # fmt: skip
    for person, lists in expected.items():
        factories.sign_in(client, person)
        pages = [client.get(f"/portfolio/works/{one.pk}/") for one in (opened, shown)]
        crumbs = [re.search(r'Портфолио</a></li><li><a href="([^"]+)"', page.content.decode()) for page in pages]
        assert [one[1] for one in crumbs if one] == lists, person
        assert {client.get(one).status_code for one in lists} == {200}
