"""News: written by those who fill the section, read by everybody once their hour has come (1.4)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actor import Actor
from accounts.file_access import may_read
from accounts.models import AuditEntry, SchoolCard
from resources import newest
from resources.actions import news as actions
from resources.models import Element, News
from tests import samples
from tests.factories import make_employee, make_news, make_picture, make_privilege, make_pupil, sign_in

pytestmark = pytest.mark.django_db
COMMAND = Actor.command("tests")
HOUR = datetime.timedelta(hours=1)
LIST, ADD = "/news/", "/news/add/"
FIELDS = {"title": "Ярмарка", "lead": "В субботу в 11:00.", "text": "## Где\n\nВ спортивном зале."}


@pytest.fixture
def writer(site):
    """A teacher to whom the section was entrusted."""
    person = make_employee(surname="Пишущая", name="Нина", patronymic="Львовна")
    make_privilege(Element.objects.get(slug="news"), person=person, right="contribute")
    return person


@pytest.fixture
def at_desk(writer, client):
    sign_in(client, writer)
    return client


def text_of(answer) -> str:
    return " ".join(answer.content.decode().replace("&nbsp;", " ").split())


def titles(answer) -> list[str]:
    return [item.title for item in answer.context["page"]]


# Reading


@pytest.mark.clause("1.4")
def test_everybody_reads_what_has_appeared_and_nothing_else(site, client):
    shown = make_news(title="Новое")
    hidden = [
        make_news(title="Тайное будущее", hours=-1), make_news(title="Тайный черновик", state="draft"),
        make_news(title="Тайное снятое", state="withdrawn"),
    ]  # fmt: skip
    for person in (None, make_pupil(), make_employee(position="director")):
        if person:
            sign_in(client, person)
        pages = [client.get(address) for address in (LIST, "/", "/news/rss/", "/sitemap.xml")]
        assert titles(pages[0]) == ["Новое"]
        assert [item.title for item in pages[1].context["news"]] == ["Новое"]
        assert [page for page in pages if "Тайн" in page.content.decode()] == []
        assert [client.get(f"/news/{item.pk}/").status_code for item in hidden] == [404] * 3
        assert client.get(f"/news/{shown.pk}/").status_code == 200


def test_the_author_is_kept_and_not_shown(site, writer, client):
    item = make_news(made_by=writer)
    pages = [client.get(address) for address in ("/", LIST, f"/news/{item.pk}/", "/news/rss/")]
    assert [page for page in pages if "Пишущая" in page.content.decode()] == []


def test_an_item_appears_by_itself_and_guests_are_not_kept_from_it(site, client):
    make_news(title="Вчерашнее", hours=24)
    school = SchoolCard.current()
    coming = make_news(title="Завтрашнее", hours=-1)
    school = SchoolCard.current()
    now = timezone.now()
    assert [item.title for item in newest.newest(school, now)] == ["Вчерашнее"]
    later = now + 2 * HOUR
    assert [item.title for item in newest.newest(school, later)] == ["Завтрашнее", "Вчерашнее"]
    before = client.get(LIST)
    # The hour strikes: nothing is written through the actions, the public version stands.
    News.objects.filter(pk=coming.pk).update(published_from=now - datetime.timedelta(seconds=1))
    newest.forget()
    after = client.get(LIST, headers={"if-none-match": before["ETag"]})
    assert (after.status_code, titles(after)) == (200, ["Завтрашнее", "Вчерашнее"])


def test_the_turn_is_the_same_for_workers_that_woke_before_and_after(site):
    make_news(hours=24)
    coming = make_news(hours=-1)
    school = SchoolCard.current()
    newest.turn(school)
    woke_before = newest.newest(school, coming.published_from + HOUR)[0].published_from
    News.objects.filter(pk=coming.pk).update(published_from=coming.published_from - 2 * HOUR)
    newest.forget()
    assert newest.turn(school) == (woke_before - 2 * HOUR).isoformat()


def test_years_and_pages(site, client):
    for year in (2024, 2025):
        for day in range(1, 15):
            make_news(title=f"{year}-{day}", published_from=datetime.datetime(year, 3, day, tzinfo=datetime.UTC))
    # The school's clock: 31 December 22:00 UTC is the next year in Moscow.
    make_news(title="Полночь", published_from=datetime.datetime(2025, 12, 31, 22, tzinfo=datetime.UTC))
    first = client.get(LIST)
    assert (first.context["years"], len(titles(first)), titles(first)[0]) == ([2026, 2025, 2024], 12, "Полночь")
    assert titles(client.get(f"{LIST}?year=2024&page=2")) == ["2024-2", "2024-1"]
    assert 'href="?year=2024&amp;page=1"' in client.get(f"{LIST}?year=2024&page=2").content.decode()
    for odd in ("?year=x", "?year=99999", "?year=-1", "?page=zzz"):
        assert len(titles(client.get(LIST + odd))) == 12
    assert "За этот год новостей нет" in text_of(client.get(f"{LIST}?year=1999"))


def test_what_a_page_says_of_itself(site, client):
    item = make_news(title='Кавычки " и <b>', lead="Коротко & ясно", picture=make_picture(), picture_alt="Сирень")
    text = client.get(f"/news/{item.pk}/?utm=1").content.decode()
    assert f'<link rel="canonical" href="http://testserver/news/{item.pk}/">' in text
    assert '<meta property="og:title" content="Кавычки &quot; и &lt;b&gt;">' in text
    assert '<meta name="description" content="Коротко &amp; ясно">' in text
    assert f'<meta property="og:image" content="http://testserver{item.picture.url}">' in text
    listed = client.get(f"{LIST}?year={timezone.localdate().year}&utm=1").content.decode()
    assert f'<link rel="canonical" href="http://testserver{LIST}?year={timezone.localdate().year}">' in listed


@pytest.mark.clause("12.1")
def test_an_item_says_how_to_cite_it_and_prints_its_source(site, client, school):
    school(portal_name="ЭИОС школы №29", short_name="МКОУ ООШ №29")
    item = make_news(title="Ярмарка", published_from=datetime.datetime(2026, 5, 9, 9, tzinfo=datetime.UTC))
    text = text_of(client.get(f"/news/{item.pk}/"))
    address, today = f"http://testserver/news/{item.pk}/", f"{timezone.localdate():%d.%m.%Y}"
    assert (
        "Ярмарка : новость // ЭИОС школы №29 : [сайт] / МКОУ ООШ №29. – 2026. – 9 мая. "
        f"– URL: {address} (дата обращения: {today}). – Текст : электронный."
    ) in text
    assert f'<p class="only-print source">Источник: ЭИОС школы №29, МКОУ ООШ №29, {address}, {today}.</p>' in text


def test_a_picture_opens_as_its_item_does(site, writer):
    shown = make_news(picture=make_picture(), picture_alt="Сирень")
    draft = make_news(state="draft", picture=make_picture(), picture_alt="Сирень")
    coming = make_news(hours=-1, picture=make_picture(), picture_alt="Сирень")
    people = (None, make_pupil(), writer)
    found = {person: [may_read(person, item.picture) for item in (shown, draft, coming)] for person in people}
    assert list(found.values()) == [[True, False, False], [True, False, False], [True, True, True]]


# Writing


def test_from_draft_to_readers_and_back(at_desk, writer):
    assert at_desk.post(ADD, FIELDS).status_code == 302
    item = News.objects.get()
    assert (item.state, item.made_by, item.published_from) == ("draft", writer, None)
    assert [row.words for row in at_desk.get("/news/drafts/").context["rows"]] == ["черновик"]
    version = SchoolCard.current().public_version
    at_desk.post(f"/news/{item.pk}/publish/")
    item.refresh_from_db()
    assert (item.state, item.is_public) == ("published", True)
    assert SchoolCard.current().public_version > version
    assert titles(at_desk.get(LIST)) == ["Ярмарка"]
    at_desk.post(f"/news/{item.pk}/withdraw/")
    assert titles(at_desk.get(LIST)) == []
    assert "снимать нечего" in text_of(at_desk.post(f"/news/{item.pk}/withdraw/", follow=True))
    trail = AuditEntry.objects.filter(action__startswith="news.").order_by("pk")
    assert [(row.action, row.actor) for row in trail] == [
        ("news.added", writer), ("news.published", writer), ("news.withdrawn", writer),
    ]  # fmt: skip
    assert trail[0].changes["title"] is None


def test_an_hour_ahead_is_told_before_publishing(at_desk):
    tomorrow = timezone.localtime() + 24 * HOUR
    at_desk.post(ADD, FIELDS | {"published_from": tomorrow.strftime("%Y-%m-%dT%H:%M")})
    item = News.objects.get()
    words = f"{tomorrow:%d.%m.%Y в %H:%M}"
    assert f"Появится сама {words}." in text_of(at_desk.get(f"/news/{item.pk}/publish/"))
    at_desk.post(f"/news/{item.pk}/publish/")
    assert [row.words for row in at_desk.get("/news/drafts/").context["rows"]] == [f"появится {words}"]
    assert titles(at_desk.get(LIST)) == []


@pytest.mark.clause("5.5")
def test_only_those_who_fill_the_section_write(site, client):
    item = make_news(state="draft")
    addresses = [ADD, "/news/drafts/", *(f"/news/{item.pk}/{verb}/" for verb in ("change", "publish", "withdraw"))]
    sign_in(client, make_employee(position="director"))
    assert [client.post(address, FIELDS).status_code for address in addresses] == [403, 403, 403, 403, 403]
    assert "Написать" not in text_of(client.get(LIST))
    sign_in(client, make_employee(position="system_administrator"))
    assert "Написать" in text_of(client.get(LIST))
    item.refresh_from_db()
    assert (item.state, News.objects.count()) == ("draft", 1)


PNG = samples.picture()


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"title": " "}, "title", "Обязательное поле."),
        ({"text": "Раз\n<script>alert(1)</script>"}, "text", "Строка 2: здесь стоит «<script>»"),
        ({"text": "<iframe src='https://evil.example'>"}, "text", "Строка 1: здесь стоит «<iframe>»"),
        ({"text": "[слово](javascript:alert(1))"}, "text", "Строка 1: здесь стоит «javascript:»"),
        ({"picture_file": (PNG, "a.png")}, "picture_alt", "Опишите картинку словами"),
        ({"picture_file": (b"MZ" + PNG, "a.png"), "picture_alt": "Сирень"}, "picture_file", "Программы не принимаются"),
        ({"picture_file": (b"%PDF-1.4 x", "a.png"), "picture_alt": "Сирень"}, "picture_file", ""),
        ({"picture_file": (PNG[:-40], "a.png"), "picture_alt": "Сирень"}, "picture_file", ""),
        ({"published_from": "9999-12-31T23:59"}, "published_from", "Слишком далеко"),
        ({"published_from": "0001-01-01T00:00"}, "published_from", "Слишком давно"),
        ({"published_from": "завтра"}, "published_from", "Введите правильную дату и время."),
        ({"title": "я" * 201}, "title", "не более 200"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_where_it_stands(at_desk, wrong, field, words):
    files = {name: SimpleUploadedFile(value[1], value[0]) for name, value in wrong.items() if isinstance(value, tuple)}
    answer = at_desk.post(ADD, FIELDS | wrong | files)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert words in " ".join(answer.context["form"].errors[field])
    assert not News.objects.exists()


def test_a_picture_with_words_is_kept_and_may_be_taken_away(at_desk, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    sent = FIELDS | {"picture_file": SimpleUploadedFile("сирень.png", PNG), "picture_alt": "Сирень"}
    at_desk.post(ADD, sent)
    item = News.objects.get()
    assert (item.picture.media_type, item.picture_alt) == ("image/png", "Сирень")
    assert b"".join(at_desk.get(item.picture.url).streaming_content) == PNG
    change = f"/news/{item.pk}/change/"
    at_desk.post(change, FIELDS | {"picture_alt": "Сирень", "title": "Аллея", "seen": item.version})
    kept = News.objects.get()
    assert (kept.title, kept.picture) == ("Аллея", item.picture)
    at_desk.post(change, FIELDS | {"picture_file-clear": "on", "picture_alt": "Сирень", "seen": kept.version})
    gone = News.objects.get()
    assert (gone.picture, gone.picture_alt) == (None, "")


def test_two_editors_do_not_write_over_each_other(at_desk):
    item = make_news(state="draft")
    change, seen = f"/news/{item.pk}/change/", item.version
    at_desk.post(change, FIELDS | {"title": "Первая", "seen": seen})
    answer = at_desk.post(change, FIELDS | {"title": "Вторая", "seen": seen})
    assert "изменил кто-то другой" in text_of(answer)
    assert "Вторая" in text_of(answer)
    assert News.objects.get().title == "Первая"


def test_the_database_refuses_a_picture_without_words_and_a_public_item_without_a_day():
    for wrong in ({"picture": make_picture()}, {"published_from": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_news(**wrong)


def test_publishing_twice_changes_nothing_and_withdrawing_a_draft_is_refused():
    item = make_news(state="draft", published_from=None)
    first = actions.publish_news(item, by=COMMAND)
    again = actions.publish_news(item, by=COMMAND)
    assert first.published_from == again.published_from
    assert AuditEntry.objects.filter(action="news.published").count() == 1
    with pytest.raises(ValidationError, match="снимать нечего"):
        actions.withdraw_news(make_news(state="draft"), by=COMMAND)


def test_lists_ask_the_same_number_of_queries(at_desk, django_assert_num_queries):
    def ask():
        for address, count in ((LIST, 7), ("/news/drafts/", 6)):
            at_desk.get(address)
            with django_assert_num_queries(count):
                at_desk.get(address)

    for number in range(2):
        make_news(title=f"{number}")
        make_news(title=f"{number}", state="draft")
    ask()
    for number in range(30):
        make_news(title=f"Ещё {number}", picture=make_picture(), picture_alt="Сирень")
        make_news(title=f"Ещё {number}", state="draft")
    ask()
