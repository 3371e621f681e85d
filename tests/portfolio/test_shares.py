"""Showing a portfolio: what may be chosen, to whom it opens, how it is counted, and how it dies at once."""

import datetime
import re
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.actions import files
from accounts.actor import Actor
from accounts.models import AuditEntry, Notification, OutgoingLetter, SignInThrottle, StoredFile
from eios.lib.dates import today
from portfolio import rights
from portfolio.actions import shares as actions
from portfolio.models import Portfolio, Share
from portfolio.views import shown
from tests import factories
from tests.factories import sign_in
from tests.portfolio.factories import let_show, make_achievement, make_review, make_share, make_version, make_work
from tests.samples import pdf, picture

pytestmark = [pytest.mark.django_db, pytest.mark.clause("1.3 d", "11.1")]
ADD, LIST = "/portfolio/shares/add/", "/portfolio/shares/"
CODE = "abcdabcdabcdabcdabcd"
LINK = f"/portfolio/show/{CODE}/"


@pytest.fixture
def people(site):
    own, other = factories.make_class(grade=8), factories.make_class(grade=8, letter="Б")
    pupil = factories.make_pupil(school_class=own, age=15, surname="Левин", name="Лев")
    parent = factories.make_parent(child=pupil)
    let_show(pupil, parent)
    return {
        "pupil": pupil,
        "parent": parent,
        "classmate": factories.make_pupil(school_class=own, age=15, surname="Соседов"),
        "stranger": factories.make_pupil(school_class=other, age=15),
        "lead": factories.make_employee(position="class_teacher", school_class=own),
        "other_lead": factories.make_employee(position="class_teacher", school_class=other),
        "teacher": factories.make_employee(position="teacher", surname="Учителева"),
        "deputy": factories.make_employee(position="deputy"),
        "admin": factories.make_employee(position="system_administrator"),
    }


def by(person) -> Actor:
    return Actor(person, None, person.username)


def stored(person, kind: str, name: str, content: bytes) -> StoredFile:
    return files.store(ContentFile(content, name), kind=kind, by=by(person), owner=person)


def typed(**fields) -> dict:
    return {"kind": "link", "days": "30", "with_cover": "on", "whom": "", "school_class": ""} | fields


def picked(person) -> dict:
    return {"whom": person.surname, "person": person.pk}


def withdraw_consent(pupil, capacity="parent") -> None:
    pupil.consents.filter(capacity=capacity).update(withdrawn_at=timezone.now())


def test_a_pupil_shows_a_selection_by_a_link_that_is_seen_once(client, people):
    pupil = people["pupil"]
    entry, work = make_achievement(pupil), make_work(pupil, submitted=False)
    sign_in(client, pupil)
    answer = client.post(ADD, typed(achievements=[entry.pk], works=[work.pk], days="7", title="Отбор в лагерь"))
    share = Share.objects.get()
    (link,) = re.findall(r"http://testserver(/portfolio/show/[a-z0-9]{20}/)", answer.content.decode())
    assert (answer["Cache-Control"], link.split("/")[3] in str(vars(share))) == (
        "max-age=0, no-cache, no-store, must-revalidate, private", False,
    )  # fmt: skip
    assert timezone.localdate(share.expires_at) == today() + datetime.timedelta(days=7)
    assert ([*share.achievements.all()], [*share.works.all()], share.title) == ([entry], [work], "Отбор в лагерь")
    assert link not in client.get(LIST).content.decode()
    trail = AuditEntry.objects.filter(object_type="portfolio.share")
    assert [row.action for row in trail] == ["share.added"]
    assert share.digest not in str([row.changes for row in trail])
    assert "лагерь" not in str([r.changes for r in trail])
    # The own look is not counted, nor are questions without an answer.
    assert client.get(link).status_code == 200
    client.logout()
    assert client.head(link).status_code == 200
    page = client.get(link)
    assert (page.status_code, page["X-Robots-Tag"], page["Cache-Control"]) == (
        200, "noindex, nofollow, noarchive", "max-age=0, no-cache, no-store, must-revalidate, private",
    )  # fmt: skip
    shown_words = page.content.decode()
    assert (entry.title in shown_words, work.title in shown_words, "лагерь" in shown_words) == (True, True, False)
    share.refresh_from_db()
    assert share.views == 1
    assert share.viewed_at


def test_a_form_sent_as_it_stands_makes_no_secret_link(client, people):
    """The narrowest way of showing is offered first: a child who hurries opens nothing to whoever has a link."""
    work = make_work(people["pupil"])
    sign_in(client, people["pupil"])
    form = client.get(ADD).context["form"]
    asked = {name: form[name].value() for name in form.fields} | {"works": [work.pk]}
    answer = client.post(ADD, {name: value for name, value in asked.items() if value})
    assert (answer.context["form"].errors["whom"], Share.objects.count()) == (
        ["Напишите, кому показать: фамилию или имя."], 0,
    )  # fmt: skip


def test_only_own_finished_things_are_shown_whatever_is_posted(client, people):
    pupil, classmate = people["pupil"], people["classmate"]
    foreign = make_work(classmate)
    named = make_work(classmate, title="Назван, но не согласился")
    named.authors.create(person=pupil)
    bad = {
        "works": [foreign, named, make_work(pupil, sealed=False)],
        "achievements": [make_achievement(classmate), *(make_achievement(pupil, state=one) for one in (
            "draft", "submitted", "replaced"))],
    }  # fmt: skip
    sign_in(client, pupil)
    for field, rows in bad.items():
        for row in rows:
            answer = client.post(ADD, typed(**{field: [row.pk]}))
            assert (row, answer.status_code, Share.objects.count()) == (row, 200, 0)
            asked = actions.Asked(**({"achievements": [], "works": [], "days": 5} | {field: [row]}))
            with pytest.raises(ValidationError, match="только свои"):
                actions.share(pupil, asked, by=by(pupil))
    own = make_work(pupil)
    for wrong in ({}, {"days": "0"}, {"days": "366"}, {"kind": "person"}, {"kind": "class"}, {"kind": "person",
                  **picked(people["stranger"])}, {"kind": "person", **picked(people["parent"])},
                  {"kind": "nobody"}, {"works": ["x"]}, {"works": [10**30]}):  # fmt: skip
        asked = typed(**({"works": [own.pk]} if wrong else {}) | wrong)
        answer = client.post(ADD, asked)
        assert (wrong, answer.status_code, Share.objects.count()) == (wrong, answer.status_code, 0)
        assert answer.status_code in (200, 400)
    shared = make_work(classmate, title="Общая")
    shared.authors.create(person=pupil, agreed_at=timezone.now())
    page = client.post(ADD, typed(works=[shared.pk])).content.decode()
    assert ("у каждого соавтора есть согласие на показ. Это: «Общая»" in page, Share.objects.count()) == (True, 0)
    let_show(classmate, factories.make_parent(child=classmate))
    client.post(ADD, typed(works=[shared.pk]))
    assert [[*one.works.all()] for one in Share.objects.all()] == [[shared]]


def test_without_consent_nothing_is_shown_and_the_page_says_whose_is_missing(client, people):
    pupil, work = people["pupil"], make_work(people["pupil"])
    sign_in(client, pupil)
    withdraw_consent(pupil)
    for page in (LIST, ADD):
        words = client.get(page).content.decode()
        assert ("не&nbsp;дал родитель" in words, "Вы&nbsp;его ещё не&nbsp;дали" in words, "/consents/" in words) == (
            True, False, True,
        )  # fmt: skip
    assert '<form class="stack measure"' not in client.get(ADD).content.decode()
    withdraw_consent(pupil, "pupil")
    assert "Вы&nbsp;его ещё не&nbsp;дали" in client.get(LIST).content.decode()
    answer = client.post(ADD, typed(works=[work.pk]))
    assert (answer.status_code, Share.objects.count()) == (200, 0)
    let_show(pupil, people["parent"])
    Portfolio.objects.create(pupil=pupil, frozen_at=timezone.now())
    assert "Портфолио закрыто" in client.post(ADD, typed(works=[work.pk])).content.decode()
    assert Share.objects.count() == 0


def test_shown_to_a_person_or_a_class(client, people):
    pupil, teacher = people["pupil"], people["teacher"]
    work, entry = make_work(pupil, submitted=False), make_achievement(pupil)
    other = make_work(pupil, title="Не показанная", submitted=False)
    for person in (teacher, people["classmate"], people["stranger"]):
        sign_in(client, person)
        assert client.get("/portfolio/shown/").status_code == 200
    sign_in(client, pupil)
    client.post(ADD, typed(kind="person", **picked(teacher), achievements=[entry.pk], works=[work.pk]))
    client.post(ADD, typed(kind="class", school_class=pupil.school_class_now.pk, works=[work.pk], with_cover=""))
    to_class, to_teacher = Share.objects.all()
    told = Notification.objects.order_by("pk").values_list("person", "kind", "text", "url")
    words = "показано портфолио: Левин Лев Сергеевна."
    to_room = ("portfolio_shown_to_class", f"Вашему классу {words}", "/portfolio/shown/")
    assert list(told) == [
        (teacher.pk, "portfolio_shown", f"Вам {words}", f"/portfolio/shown/{to_teacher.pk}/"),
        (people["classmate"].pk, *to_room),
        (people["lead"].pk, *to_room),
    ]
    sees = {}
    for name, person in people.items():
        sign_in(client, person)
        pages = [client.get(f"/portfolio/shown/{one.pk}/") for one in (to_teacher, to_class)]
        sees[name] = tuple(page.status_code for page in pages)
        assert not any(other.title in page.content.decode() for page in pages)
    assert sees == dict.fromkeys(people, (404, 404)) | {
        "teacher": (200, 404), "classmate": (404, 200), "lead": (404, 200),
    }  # fmt: skip
    assert [(one.kind, one.views) for one in Share.objects.all()] == [("class", 2), ("person", 1)]
    lists = {}
    for name in ("teacher", "classmate", "stranger"):
        sign_in(client, people[name])
        lists[name] = client.get("/portfolio/shown/").content.decode().count("Левин Лев")
    assert lists == {"teacher": 1, "classmate": 1, "stranger": 0}
    sign_in(client, people["classmate"])
    page = client.get(f"/portfolio/shown/{to_class.pk}/").content.decode()
    assert ("показано классу" in page, "показано вам" in page) == (True, False)
    # Of what there is none nothing is said.
    assert "<p>1 работа · показано классу</p>" in client.get("/portfolio/shown/").content.decode()
    # A work whose author the pupil is no more is shown no more.
    assert rights.works_seen(people["classmate"], today()).filter(pk=work.pk).exists()
    work.authors.all().delete()
    assert not rights.works_seen(people["classmate"], today()).filter(pk=work.pk).exists()


def test_a_class_hears_once_a_day_of_one_pupil_and_gets_no_letters(people):
    """However often the pupil shows and withdraws: the whole school can't be called together by a child."""
    pupil, classmate = people["pupil"], people["classmate"]
    classmate.email = "sosed@example.org"
    classmate.save()
    asked = actions.Asked(achievements=[], works=[make_work(pupil)], days=1, school_class=pupil.school_class_now)
    for _ in range(2):
        share, _ = actions.share(pupil, asked, by=by(pupil))
        actions.withdraw(share, by=by(pupil))
    told = list(Notification.objects.order_by("pk"))
    assert [(one.person, one.waits_for_digest) for one in told] == [(classmate, False), (people["lead"], False)]
    assert OutgoingLetter.objects.count() == 0
    # Of a secret link nobody is told.
    actions.share(pupil, replace(asked, school_class=None), by=by(pupil))
    assert Notification.objects.count() == len(told)


def test_those_to_whom_a_work_is_shown_see_its_latest_version_and_those_that_they_reviewed(client, people):
    """As by a link: what the author has taken out of the next version is not read on by the class."""
    pupil, classmate, lead = people["pupil"], people["classmate"], people["lead"]
    work = make_work(pupil, submitted=False, text="Мой домашний адрес")
    make_share(pupil, works=[work], school_class=pupil.school_class_now)
    old = work.versions.get()
    file = stored(pupil, "portfolio_work", "Старое.pdf", pdf(b"old"))
    old.files.create(file=file)
    make_review(old, people["deputy"], text="Отзыв о старой")
    make_review(old, lead, text="Уберите адрес")
    assert _reads(client, classmate, work, file) == (["Мой домашний адрес"], 200)
    make_version(work, number=2, text="Без адреса")
    make_version(work, number=3, text="Черновик", sealed=False)
    assert _reads(client, classmate, work, file) == (["Без адреса"], 404)
    page = client.get(f"/portfolio/works/{work.pk}/").content.decode()
    assert ["версия 1" in page, "?version=1" in page, "адрес<" in page, "Отзыв" in page] == [False] * 4
    assert client.get(f"/portfolio/works/{work.pk}/versions/1/review/").status_code == 404
    # The reviewer reads on what was reviewed; whom the work concerns reads all.
    assert _reads(client, lead, work, file) == (["Без адреса", "Мой домашний адрес"], 200)
    sign_in(client, lead)
    assert "Рецензии на&nbsp;другие версии" in client.get(f"/portfolio/works/{work.pk}/").content.decode()
    work.submitted_at = timezone.now()
    work.save()
    assert _reads(client, people["deputy"], work, file) == (["Без адреса", "Мой домашний адрес"], 200)
    assert _reads(client, people["parent"], work, file) == (["Без адреса", "Мой домашний адрес"], 200)
    assert _reads(client, classmate, work, file) == (["Без адреса"], 404)
    # The share's end closes the reviewed version too.
    work.submitted_at = None
    work.save()
    Share.objects.update(withdrawn_at=timezone.now())
    assert [_reads(client, one, work, file) for one in (classmate, lead)] == [([], 404), ([], 404)]


def _reads(client, person, work, file) -> tuple[list[str], int]:
    """(texts of the versions that open, the newest first; the status of a file)"""
    sign_in(client, person)
    seen = rights.versions_seen(person, today()).filter(work=work).order_by("-number")
    return [one.text for one in seen], client.get(file.url).status_code


@pytest.fixture
def linked(people):
    """A secret link to a selection with files of every sort, and files that are not in it."""
    pupil = people["pupil"]
    work, entry = make_work(pupil, submitted=False, text="Старый текст"), make_achievement(pupil)
    picture_file = stored(pupil, "portfolio_work", "Птицы.png", picture())
    old = work.versions.get()
    old.files.create(file=stored(pupil, "portfolio_work", "Старое.pdf", pdf(b"old")))
    latest = make_version(work, number=2, text="Новый текст")
    latest.files.create(file=picture_file)
    draft = make_version(work, number=3, sealed=False, text="Черновой текст")
    draft.files.create(file=stored(pupil, "portfolio_work", "Черновик.pdf", pdf(b"draft")))
    entry.evidence.create(kind="file", file=stored(pupil, "portfolio_evidence", "Диплом.pdf", pdf(b"one")))
    foreign = make_achievement(pupil, title="Не показано")
    foreign.evidence.create(kind="file", file=stored(pupil, "portfolio_evidence", "Чужое.pdf", pdf(b"two")))
    cover = stored(pupil, "portfolio_cover", "Обложка.png", picture(size=(50, 50)))
    Portfolio.objects.create(pupil=pupil, motto="Только вперёд", cover=cover)
    share = make_share(pupil, works=[work], achievements=[entry], code=CODE)
    make_review(latest, people["teacher"], text="Отзыв учителя")
    make_review(latest, people["classmate"], capacity="pupil", text="Отзыв одноклассника")
    work.authors.create(person=people["stranger"], agreed_at=timezone.now())
    let_show(people["stranger"], factories.make_parent(child=people["stranger"]))
    return share


def test_a_joint_work_is_seen_by_a_link_while_each_author_consents(client, people, linked):
    """Another author's consent is asked as the own one: before, and at each look; the rest of the selection stays."""
    pupil, mate, entry = people["pupil"], people["stranger"], linked.achievements.get()
    work = linked.works.get()
    asked = actions.Asked(achievements=[], works=[work], days=5)
    assert actions.share(pupil, asked, by=by(pupil))[1]
    withdraw_consent(mate)
    page = client.get(LINK).content.decode()
    assert ("Новый текст" in page, work.title in page, entry.title in page) == (False, False, True)
    assert {name for name, status in files_open(client).items() if status == 200} == {"Диплом.pdf", "Обложка.png"}
    with pytest.raises(ValidationError, match="у каждого соавтора"):
        actions.share(pupil, asked, by=by(pupil))
    # Within the school the work is its authors' together.
    assert actions.share(pupil, replace(asked, person=people["teacher"]), by=by(pupil))[0].works.get() == work
    assert rights.works_seen(people["teacher"], today()).filter(pk=work.pk).exists()
    mate.consents.update(withdrawn_at=None)
    assert "Новый текст" in client.get(LINK).content.decode()


def files_open(client) -> dict[str, int]:
    rows = StoredFile.objects.exclude(kind="avatar")
    return {row.name: client.get(f"{LINK}files/{row.key}/").status_code for row in rows}


def test_a_link_opens_its_files_and_no_others(client, people, linked):
    expected = {"Птицы.png": 200, "Старое.pdf": 404, "Черновик.pdf": 404, "Диплом.pdf": 200, "Чужое.pdf": 404}
    assert files_open(client) == expected | {"Обложка.png": 200}
    answer = client.get(f"{LINK}files/{StoredFile.objects.get(name='Диплом.pdf').key}/")
    assert (answer["Cache-Control"], answer["X-Robots-Tag"], answer["Content-Security-Policy"]) == (
        "private, no-store", "noindex, nofollow, noarchive", "sandbox; default-src 'none'",
    )  # fmt: skip
    words = client.get(LINK).content.decode()
    texts = ("Новый текст", "Старый текст", "Черновой текст", "Не показано", "Только вперёд", "Отзыв одноклассника")
    assert [one in words for one in texts] == [True, False, False, False, True, True]
    # Adults are named; of children the portfolio's own alone.
    assert [one in words for one in ("Левин Лев", "Учителева", "Соседов", people["stranger"].surname)] == [
        True, True, False, people["stranger"].surname == "Учителева",
    ]  # fmt: skip
    # Files by their usual addresses stay shut for a guest.
    assert {client.get(row.url).status_code for row in StoredFile.objects.all()} == {404}
    Share.objects.update(with_cover=False)
    assert files_open(client) == expected | {"Обложка.png": 404}
    assert "Только вперёд" not in client.get(LINK).content.decode()


DEATHS = {
    "withdrawn": lambda share: actions.withdraw(share, by=by(share.pupil)),
    "out of date": lambda share: Share.objects.update(expires_at=timezone.now()),
    "no consent": lambda share: withdraw_consent(share.pupil),
    "no own consent": lambda share: withdraw_consent(share.pupil, "pupil"),
    "expelled": lambda share: share.pupil.enrolments.update(ends=today() - datetime.timedelta(days=1)),
}


@pytest.mark.parametrize("why", DEATHS)
def test_a_dead_link_is_one_that_never_was(client, linked, why):
    unknown = client.get("/portfolio/show/zzzzabcdabcdabcdabcd/")
    assert client.get(LINK).status_code == 200
    DEATHS[why](linked)
    dead = client.get(LINK)
    alike = [(one.status_code, one["X-Robots-Tag"], _plain(one)) for one in (dead, unknown)]
    assert alike[0] == alike[1]
    assert dead.status_code == 404
    assert set(files_open(client).values()) == {404}


def _plain(answer) -> str:
    """The page without its own address, which stands in the links of the head."""
    return re.sub(r"[a-z]{20}", "", answer.content.decode())


def test_guessing_is_stopped(client, linked, monkeypatch):
    monkeypatch.setattr(shown, "OPENED", shown.NetworkLimit("portfolio-link", most=3, most_in_school=3))
    monkeypatch.setattr(shown, "GUESSED", shown.NetworkLimit("portfolio-link-file", most=3, most_in_school=3))
    codes = [client.get(f"/portfolio/show/guess{number}/").status_code for number in range(4)]
    key = StoredFile.objects.get(name="Чужое.pdf").key
    assert codes == [404, 404, 404, 429]
    assert [client.get(f"{LINK}files/{key}/").status_code for _ in range(4)] == [404, 404, 404, 429]
    assert SignInThrottle.objects.count() == 2


def test_pupil_and_parents_withdraw_and_nobody_else(client, people):
    pupil = people["pupil"]
    expected = dict.fromkeys(people, 404) | {"pupil": 302, "parent": 302}
    found = {}
    for name, person in people.items():
        share = make_share(pupil, works=[make_work(pupil)], code=name)
        sign_in(client, person)
        address = f"/portfolio/shares/{share.pk}/withdraw/"
        assert client.get(address).status_code == (200 if expected[name] == 302 else 404)
        found[name] = client.post(address).status_code
        share.refresh_from_db()
        assert (name, bool(share.withdrawn_at)) == (name, found[name] == 302)
    assert found == expected
    assert AuditEntry.objects.filter(action="share.withdrawn").count() == 2
    done = Share.objects.exclude(withdrawn_at=None).first()
    sign_in(client, pupil)
    assert "уже отозван" in client.post(f"/portfolio/shares/{done.pk}/withdraw/", follow=True).content.decode()
    lists = {}
    for name, person in people.items():
        sign_in(client, person)
        lists[name] = (client.get(LIST).status_code, client.get(f"/portfolio/pupils/{pupil.pk}/shares/").status_code)
    pupils = {"classmate": (200, 404), "stranger": (200, 404), "pupil": (200, 200), "parent": (404, 200)}
    assert lists == dict.fromkeys(people, (404, 404)) | pupils


def test_a_pupil_has_not_more_than_fifty_living_shares(people, monkeypatch):
    pupil, work = people["pupil"], make_work(people["pupil"])
    monkeypatch.setattr(actions, "MOST_LIVING", 1)
    asked = actions.Asked(achievements=[], works=[work], days=1)
    share, _ = actions.share(pupil, asked, by=by(pupil))
    with pytest.raises(ValidationError, match="Отзовите"):
        actions.share(pupil, asked, by=by(pupil))
    actions.withdraw(share, by=by(pupil))
    assert actions.share(pupil, asked, by=by(pupil))[1]


def test_a_share_that_is_withdrawn_is_named_by_what_it_was_made_for(client, site):
    pupil = factories.make_pupil(school_class=factories.make_class(grade=9), age=15)
    share = make_share(pupil, works=[make_work(pupil)], code="abcd", title="Отбор в лагерь")
    factories.sign_in(client, pupil)
    assert (
        "Секретная ссылка («Отбор в лагерь»)" in client.get(f"/portfolio/shares/{share.pk}/withdraw/").content.decode()
    )
