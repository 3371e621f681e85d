"""The page of a portfolio: who opens it, what stands on it, its cover, and the lists that lead to it."""

import datetime
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEntry
from eios.lib.dates import today
from portfolio.content import content_of
from portfolio.models import Achievement, Portfolio, Work
from portfolio.showcase import chart_of, years_of
from tests import factories
from tests.factories import sign_in
from tests.portfolio.factories import let_show, make_achievement, make_review, make_share, make_work
from tests.samples import picture

pytestmark = [pytest.mark.django_db, pytest.mark.clause("1.3 d", "1.6", "11.1", "11.3")]
OWN, CHANGE = "/portfolio/own/", "/portfolio/own/change/"


@pytest.fixture
def people(site):
    own, other = factories.make_class(grade=8), factories.make_class(grade=8, letter="Б")
    pupil = factories.make_pupil(school_class=own, age=15)
    return {
        "pupil": pupil,
        "classmate": factories.make_pupil(school_class=own, age=15),
        "parent": factories.make_parent(child=pupil),
        "lead": factories.make_employee(position="class_teacher", school_class=own),
        "other_lead": factories.make_employee(position="class_teacher", school_class=other),
        "teacher": factories.make_employee(position="teacher"),
        "deputy": factories.make_employee(position="deputy_upbringing"),
        "admin": factories.make_employee(position="system_administrator"),
    }


def test_who_opens_which_page(client, people):
    pupil = people["pupil"]
    room = pupil.school_class_now.pk
    make_achievement(pupil, state="draft", title="Тайный черновик")
    make_achievement(pupil, state="submitted", title="Ждёт проверки")
    make_achievement(pupil, title="Подтверждённый турнир")
    make_work(pupil, submitted=False, title="Неоткрытая работа")
    pages = (OWN, f"/portfolio/pupils/{pupil.pk}/", "/portfolio/children/", "/portfolio/classes/",
             f"/portfolio/classes/{room}/")  # fmt: skip
    found = {}
    for name, person in people.items():
        sign_in(client, person)
        answers = [client.get(page) for page in pages]
        found[name] = tuple(answer.status_code for answer in answers)
        words = answers[1].content.decode()
        if answers[1].status_code == 200:
            told = ("Тайный черновик", "Ждёт проверки", "Подтверждённый турнир", "Неоткрытая работа")
            assert (name, [one in words for one in told]) == (name, [False, False, True, False])
    assert found == {
        "pupil": (200, 302, 404, 403, 403),
        "classmate": (200, 404, 404, 403, 403),
        "parent": (404, 200, 200, 403, 403),
        "lead": (404, 200, 404, 200, 200),
        "other_lead": (404, 404, 404, 200, 404),
        "teacher": (404, 404, 404, 404, 404),
        "deputy": (404, 200, 404, 200, 200),
        "admin": (404, 404, 404, 404, 404),
    }
    sign_in(client, pupil)
    words = client.get(OWN).content.decode()
    assert [one in words for one in ("Подтверждённый турнир", "Неоткрытая работа", "Черновики: 1")] == [True] * 3


def test_the_three_origins_stand_apart_and_a_double_once(client, people):
    pupil = people["pupil"]
    record = make_achievement(pupil, origin="record", source="sgo", as_of=timezone.now(), title="Из СГО")
    make_achievement(pupil, origin="staff", title="От школы")
    make_achievement(pupil, title="От ученика")
    make_achievement(pupil, title="Двойник", same_as=record)
    sign_in(client, people["parent"])
    words = client.get(f"/portfolio/pupils/{pupil.pk}/").content.decode()
    sections = words.split('<section class="origin ')[1:]
    titles = ("Из СГО", "От школы", "От ученика", "Двойник")
    assert [(one.split('"')[0], [title for title in titles if title in one]) for one in sections] == [
        ("record", ["Из СГО"]), ("staff", ["От школы"]), ("pupil", ["От ученика"]),
    ]  # fmt: skip
    assert f"данные на {timezone.localdate():%d.%m.%Y}" in sections[0]


def test_the_cover_is_the_pupils_own(client, people):
    pupil = people["pupil"]
    sign_in(client, people["parent"])
    assert client.post(CHANGE, {"motto": "Чужой"}).status_code == 404
    sign_in(client, pupil)
    file = SimpleUploadedFile("Обложка.png", picture(), content_type="image/png")
    assert client.post(CHANGE, {"motto": "Вперёд", "about": "О себе", "picture": file}).status_code == 302
    row = Portfolio.objects.get()
    assert (row.pupil, row.motto, row.about, row.cover.kind) == (pupil, "Вперёд", "О себе", "portfolio_cover")
    entry = AuditEntry.objects.get(action="portfolio.added")
    assert (entry.changes["motto"], entry.changes["about"]) == (None, None)
    for bad in (b"", b"MZ\x90\x00", b"<svg/>"):
        fake = SimpleUploadedFile("Обложка.png", bad, content_type="image/png")
        assert client.post(CHANGE, {"motto": "Другой", "picture": fake}).status_code == 200
    row.refresh_from_db()
    assert row.motto == "Вперёд"
    Portfolio.objects.update(frozen_at=timezone.now())
    assert client.post(CHANGE, {"motto": "Другой"}).status_code == 200
    row.refresh_from_db()
    assert row.motto == "Вперёд"


def test_spheres_and_years_as_values(site):
    pupil = factories.make_pupil(age=15)
    make_achievement(pupil, sphere="sport", date=datetime.date(2026, 9, 1), title="Забег")
    make_achievement(pupil, sphere="sport", date=datetime.date(2026, 8, 31), outcome="participant")
    make_work(pupil, sphere="sport")
    make_work(pupil, sphere="arts")
    found = content_of(pupil, achievements=Achievement.objects.all(), works=Work.objects.all())
    chart = chart_of(found)
    assert [(bar.title, bar.achievements, bar.works) for bar in chart.bars] == [
        ("Учёба", 0, 0), ("Наука", 0, 0), ("Общество", 0, 0), ("Творчество", 0, 67), ("Спорт", 133, 67),
    ]  # fmt: skip
    assert chart.words == (
        "Сферы: учебная — 0, научно-исследовательская — 0, общественная — 0, культурно-творческая — 1, спортивная — 3"
    )
    assert [(year.title, len(year.steps), year.others_words) for year in years_of(found) if year.others] == [
        ("2025/26", 0, "1 участие")
    ]


def grow(people, number: int) -> None:
    """One more of everything that the pages list."""
    pupil, teacher = people["pupil"], people["teacher"]
    other = factories.make_pupil(school_class=pupil.school_class_now)
    people["parent"].children_relations.create(pupil=other, kind="mother", starts=factories.LONG_AGO)
    let_show(other, people["parent"])
    entry, work = make_achievement(pupil, date=today()), make_work(pupil)
    entry.evidence.create(kind="order", title="Приказ")
    version = work.versions.get()
    version.links.create(url="https://example.ru/")
    make_review(version, teacher)
    make_share(pupil, works=[work], achievements=[entry], code=f"code{number}")
    make_share(other, works=[make_work(other)], person=teacher)
    make_share(other, works=[make_work(other)], person=pupil)
    make_achievement(other, state="submitted")
    factories.make_class(grade=7, letter="АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯQWE"[number])


def test_queries_do_not_grow(client, people, django_assert_num_queries):
    pupil = people["pupil"]
    let_show(pupil, people["parent"])
    grow(people, 0)
    link = pupil.portfolio_shares.get()
    room = pupil.school_class_now.pk
    asked = [
        ("pupil", OWN), ("pupil", "/portfolio/shares/"), ("pupil", "/portfolio/shares/add/"),
        ("pupil", "/portfolio/shown/"), ("parent", f"/portfolio/pupils/{pupil.pk}/"),
        ("parent", "/portfolio/children/"), ("parent", f"/portfolio/pupils/{pupil.pk}/shares/"),
        ("teacher", "/portfolio/shown/"), ("deputy", "/portfolio/classes/"),
        ("lead", f"/portfolio/classes/{room}/"), ("lead", f"/portfolio/pupils/{pupil.pk}/"),
        (None, "/portfolio/show/code0/"),
    ]  # fmt: skip

    def enter(name):
        client.logout()
        if name:
            sign_in(client, people[name])

    counts = {}
    for name, address in asked:
        enter(name)
        assert (address, client.get(address).status_code) == (address, 200)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts[name, address] = len(queries)
    for number in range(1, 30):
        grow(people, number)
    link.works.set(Work.objects.of_author(pupil))
    link.achievements.set(pupil.achievements.all())
    for name, address in asked:
        enter(name)
        client.get(address)
        with django_assert_num_queries(counts[name, address], info=address):
            client.get(address)


def test_the_door_leads_to_what_the_person_comes_for_and_no_tab_is_always_empty(client, people):
    """Whoever checks comes to the own classes and not to a list that is mostly empty; to parents nobody shows."""
    doors, tabs = {}, {}
    for name, person in people.items():
        sign_in(client, person)
        doors[name] = client.get("/portfolio/")["Location"]
        page = client.get("/portfolio/own-reviews/").content.decode()
        tabs[name] = ["Показано мне</a>" in page, "Мои рецензии</a>" in page]
    assert doors == {
        "pupil": OWN, "classmate": OWN, "parent": "/portfolio/children/", "lead": "/portfolio/classes/",
        "other_lead": "/portfolio/classes/", "teacher": "/portfolio/works/pupils/", "deputy": "/portfolio/classes/",
        "admin": "/portfolio/works/pupils/",
    }  # fmt: skip
    assert tabs == dict.fromkeys(people, [True, True]) | {"parent": [False, True]}
    sign_in(client, people["lead"])
    work = make_work(people["pupil"])
    page = client.get(f"/portfolio/works/{work.pk}/").content.decode()
    assert re.findall(r'<a href="([^"]+)" aria-current="page">', page.split('aria-label="Разделы портфолио"')[1]) == [
        "/portfolio/works/pupils/"
    ]
