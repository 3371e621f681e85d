"""Leavers: a frozen portfolio refuses whoever writes, and the link to the archive works once (11)."""

import datetime
import io
import json
import re
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.actions.files import store
from accounts.actor import Actor
from accounts.models import Enrolment
from eios.lib.dates import today
from portfolio import sharing
from portfolio.achievement_queue import seen_of
from portfolio.actions import achievement_checks, exports, life, works
from portfolio.file_owners import EVIDENCE
from portfolio.models import Export, Handover, Portfolio
from tests import factories
from tests.portfolio.factories import let_show, make_achievement, make_share, make_work
from tests.races import at_once
from tests.samples import pdf

pytestmark = [pytest.mark.django_db, pytest.mark.clause("11.1")]
DAY = datetime.timedelta(days=1)


@pytest.fixture
def pupil(site):
    return factories.make_pupil(school_class=factories.make_class(grade=9), age=15, surname="Ёлкина")


@pytest.fixture
def deputy(site):
    return factories.make_employee(position="deputy")


def actor(person) -> Actor:
    return Actor(person, None, "тест")


def leave(pupil) -> None:
    Enrolment.objects.filter(pupil=pupil).update(ends=today() - DAY)


def test_what_was_shown_ends_and_what_waits_can_be_decided_before(client, pupil, deputy):
    """Shares end with the freezing; a leaver's entries that wait are listed before, and the management decides them."""
    waiting = make_achievement(pupil, state="submitted", submitted_at=timezone.now(), title="Ждёт слова школы")
    work = make_work(pupil)
    let_show(pupil, factories.make_parent(child=pupil))
    make_share(pupil, works=[work], code="abcd")
    leave(pupil)
    factories.sign_in(client, deputy)
    asked = client.get(f"/portfolio/leavers/{pupil.pk}/freeze/").content.decode()
    assert ("Ждёт слова школы" in asked, f"/portfolio/queue/{waiting.pk}/" in asked) == (True, True)
    assert client.get(f"/portfolio/queue/{waiting.pk}/").status_code == 200
    achievement_checks.confirm(waiting, seen=seen_of(waiting), by=actor(deputy))
    life.freeze(pupil, "Приказ № 5", by=actor(deputy))
    assert sharing.by_code("abcd", today()) is None
    link, _ = life.issue_link(pupil, by=actor(deputy))
    life.unfreeze(pupil, "Вернулась", by=actor(deputy))
    link.refresh_from_db()
    assert link.revoked_at
    works.begin_next(work, by=actor(pupil))


def test_who_has_come_back_is_found_and_the_portfolio_opened_again(client, pupil, deputy):
    """Frozen when the pupil left: once enrolled anew, nobody could open it, for the list knew of leavers alone."""
    room = factories.make_class(grade=9)
    leave(pupil)
    life.freeze(pupil, "Приказ № 5", by=actor(deputy))
    Enrolment.objects.create(pupil=pupil, school_class=room, starts=today(), basis="Приказ № 9")
    stays = factories.make_pupil(school_class=room, surname="Остаёшкина")
    factories.sign_in(client, deputy)
    page = client.get("/portfolio/leavers/").content.decode()
    assert ["Ёлкина" in page, "снова учится" in page, "Остаёшкина" in page] == [True, True, False]
    verbs = {verb: client.get(f"/portfolio/leavers/{pupil.pk}/{verb}/").status_code for verb in ("freeze", "unfreeze")}
    assert verbs == {"freeze": 404, "unfreeze": 200}
    assert client.post(f"/portfolio/leavers/{pupil.pk}/link/").status_code == 404
    assert client.get(f"/portfolio/leavers/{stays.pk}/unfreeze/").status_code == 404
    client.post(f"/portfolio/leavers/{pupil.pk}/unfreeze/", {"reason": "Вернулась"})
    assert Portfolio.objects.get().frozen_at is None
    assert "Ёлкина" not in client.get("/portfolio/leavers/").content.decode()
    works.begin_next(make_work(pupil), by=actor(pupil))


def test_a_link_is_not_used_up_by_an_archive_that_cannot_be_made(client, pupil, deputy, settings):
    by = actor(deputy)
    file = store(ContentFile(pdf(), "диплом.pdf"), kind=EVIDENCE, by=by, owner=by.person)
    make_achievement(pupil, title="Конкурс птиц").evidence.create(kind="file", file=file)
    life.freeze(pupil, "Приказ № 5", by=by)
    row, code = life.issue_link(pupil, by=by)
    bytes_of = settings.MEDIA_ROOT / file.path
    kept = bytes_of.read_bytes()
    bytes_of.unlink()
    answer = client.post(f"/portfolio/handover/{code}/")
    assert (answer.status_code, "не\xa0израсходована" in answer.content.decode().replace("&nbsp;", "\xa0")) == (
        503,
        True,
    )
    row.refresh_from_db()
    assert (row.used_at, Export.objects.count()) == (None, 0)
    bytes_of.write_bytes(kept)
    assert client.post(f"/portfolio/handover/{code}/").status_code == 200
    assert (Export.objects.get().created_by, Handover.objects.get().used_at is None) == (None, False)


def test_only_the_management_freezes_and_gives_links(client, pupil, deputy):
    leave(pupil)
    stay = factories.make_pupil(school_class=factories.make_class(grade=8))
    lead = factories.make_employee(position="class_teacher", school_class=factories.make_class(grade=8))
    address = f"/portfolio/leavers/{pupil.pk}/"
    for person in (lead, factories.make_employee(position="system_administrator")):
        factories.sign_in(client, person)
        assert client.get("/portfolio/leavers/").status_code == 404
        assert {client.post(f"{address}{one}/", {"reason": "Так"}).status_code
                for one in ("freeze", "unfreeze", "link")} == {404}  # fmt: skip
    factories.sign_in(client, deputy)
    assert "Ёлкина" in client.get("/portfolio/leavers/").content.decode()
    assert client.get(f"/portfolio/leavers/{stay.pk}/freeze/").status_code == 404
    assert client.post(f"{address}link/").status_code == 302
    assert not Handover.objects.exists()
    assert client.post(f"{address}freeze/", {"reason": ""}).status_code == 200
    assert client.post(f"{address}freeze/", {"reason": "Приказ № 5"}).status_code == 302
    assert Portfolio.objects.get().frozen_reason == "Приказ № 5"
    first = client.post(f"{address}link/").context["link"]
    second = client.post(f"{address}link/").context["link"]
    client.logout()
    assert [client.get(link).status_code for link in (first, second)] == [404, 200]
    factories.sign_in(client, deputy)
    revoke = f"/portfolio/handovers/{Handover.objects.latest('pk').pk}/revoke/"
    assert "больше не скачать" in client.get(revoke).content.decode()
    assert client.get(second).status_code == 200
    client.post(revoke)
    assert client.get(second).status_code == 404


def test_the_link_gives_the_archive_once_and_looking_uses_nothing_up(client, pupil, deputy):
    make_achievement(pupil, title="Конкурс птиц")
    make_achievement(pupil, title="Черновик", state="draft")
    leave(pupil)
    life.freeze(pupil, "Приказ № 5", by=actor(deputy))
    row, code = life.issue_link(pupil, by=actor(deputy))
    assert abs(row.expires_at - row.created_at - 90 * DAY) < DAY / 24
    address = f"/portfolio/handover/{code}/"
    for _ in range(2):
        page = client.get(address)
        assert ("Ёлкина" in page.content.decode(), page["X-Robots-Tag"]) == (False, "noindex, nofollow, noarchive")
    answer = client.post(address)
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    values = json.loads(archive.read("portfolio.json"))["portfolio"]
    assert [one["title"] for one in values["achievements"]] == ["Конкурс птиц"]
    dead = client.post(address)
    # Dead of use, or never there: one page.
    other = client.post("/portfolio/handover/другой/")
    assert (dead.status_code, _words(dead)) == (other.status_code, _words(other))
    late, code = life.issue_link(pupil, by=actor(deputy))
    Handover.objects.filter(pk=late.pk).update(expires_at=timezone.now() - DAY)
    assert client.post(f"/portfolio/handover/{code}/").status_code == 404


def _words(answer) -> str:
    """What the page says, without addresses and tokens."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.mark.django_db(transaction=True)
def test_of_fifty_at_once_one_takes_the_archive(pupil, deputy):
    life.freeze(pupil, "Приказ № 5", by=actor(deputy))
    row, _ = life.issue_link(pupil, by=actor(deputy))
    by = Actor(None, None, "ссылка")

    def click(place: int) -> bool:
        try:
            life.use_link(row, exports.begun(pupil, "archive", "0" * 64, by=by), by=by)
        except ValidationError:
            return False
        return True

    assert sorted(at_once(click, 50)) == [False] * 49 + [True]
    assert Export.objects.count() == 1


def test_a_class_that_has_finished_is_frozen_and_given_its_links_at_once(client, pupil, deputy):
    """Whose entries wait is passed over and named; a paper that was given out is not made void by the next round."""
    room = pupil.school_class_now
    mate, busy = (factories.make_pupil(school_class=room, surname=name) for name in ("Ивина", "Занятов"))
    stays = factories.make_pupil(school_class=room)
    for one in (pupil, mate, busy):
        leave(one)
    make_achievement(busy, state="submitted", submitted_at=timezone.now())
    everybody = {"pupil": [pupil.pk, mate.pk, busy.pk], "reason": "Приказ № 5"}
    lead = factories.make_employee(position="class_teacher", school_class=room)
    factories.sign_in(client, lead)
    assert {client.post(f"/portfolio/leavers/{one}/", everybody).status_code for one in ("freeze", "links")} == {404}
    factories.sign_in(client, deputy)
    boxes = [client.get(f"/portfolio/leavers/{one}").content.decode().count(" checked>") for one in ("", "?ticked=on")]
    assert boxes == [0, 3]
    for bad in ({}, {"reason": "Приказ"}, everybody | {"reason": " "}, everybody | {"pupil": [stays.pk, pupil.pk]}):
        assert client.post("/portfolio/leavers/freeze/", bad).status_code == 302
    assert not Portfolio.objects.exists()
    assert client.post("/portfolio/leavers/links/", everybody, follow=True).redirect_chain
    assert not Handover.objects.exists()
    page = client.post("/portfolio/leavers/freeze/", everybody, follow=True).content.decode()
    assert ["Закрыто: 2 портфолио" in page, f"{busy.get_full_name()}: есть записи на проверке" in page] == [True, True]
    assert set(Portfolio.objects.filter(frozen_reason="Приказ № 5").values_list("pupil", flat=True)) == {
        pupil.pk, mate.pk,
    }  # fmt: skip
    slips = client.post("/portfolio/leavers/links/", everybody).context["slips"]
    assert [one["pupil"] for one in slips] == [pupil, mate]
    again = client.post("/portfolio/leavers/links/", everybody, follow=True)
    assert (again.redirect_chain[0][0], Handover.objects.count()) == ("/portfolio/leavers/", 2)
    client.logout()
    assert [client.get(one["link"]).status_code for one in slips] == [200, 200]


def test_a_closed_portfolio_offers_no_forms_that_it_would_refuse(client, pupil):
    Portfolio.objects.create(pupil=pupil, frozen_at=timezone.now())
    factories.sign_in(client, pupil)
    for page, back in (("works/add/", "/portfolio/works/"), ("achievements/add/", "/portfolio/achievements/")):
        answer = client.get(f"/portfolio/{page}")
        assert (answer.status_code, answer.headers.get("Location")) == (302, back)
        assert "Портфолио закрыто" in client.get(back).content.decode()
