"""Leavers: a frozen portfolio refuses whoever writes, and the link to the archive works once (11)."""

import datetime
import io
import json
import re
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Enrolment
from eios.lib.dates import today
from portfolio import sharing
from portfolio.achievement_queue import seen_of
from portfolio.actions import achievement_checks, achievements, life, reviews, shares, works
from portfolio.freezing import FROZEN
from portfolio.models import Handover, Portfolio, Work
from portfolio.reviews import Draft
from tests import factories
from tests.portfolio.factories import let_show, make_achievement, make_share, make_work
from tests.races import at_once

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


def _waiting(pupil):
    return make_achievement(pupil, state="submitted", submitted_at=timezone.now())


def leave(pupil) -> None:
    Enrolment.objects.filter(pupil=pupil).update(ends=today() - DAY)


def test_a_frozen_portfolio_refuses_everyone_who_writes(pupil, deputy):
    draft, waiting = make_achievement(pupil, state="draft"), _waiting(pupil)
    work = make_work(pupil)
    let_show(pupil, factories.make_parent(child=pupil))
    make_share(pupil, works=[work], code="abcd")
    life.freeze(pupil, "Приказ № 5", by=actor(deputy))
    own, school = actor(pupil), actor(deputy)
    tries = [
        lambda: achievements.save_draft(draft, achievements.Asked(), by=own),
        lambda: achievements.submit(draft, by=own),
        lambda: achievements.remove(draft, by=own),
        lambda: achievement_checks.confirm(waiting, seen=seen_of(waiting), by=school),
        lambda: works.add_work(Work(title="Ещё", kind="essay", sphere="arts"), by=own),
        lambda: works.begin_next(work, by=own),
        lambda: works.take_back(work, by=own),
        lambda: reviews.write(work.versions.get(), Draft(text="Хорошо"), by=school),
        lambda: shares.share(pupil, shares.Asked(achievements=[], works=[work], days=5), by=own),
        lambda: shares.save_cover(pupil, motto="Новый", about="", cover=None, by=own),
    ]
    for attempt in tries:
        with pytest.raises(ValidationError) as refusal:
            attempt()
        assert refusal.value.messages == [FROZEN]
    assert sharing.by_code("abcd", today()) is None
    life.unfreeze(pupil, "Вернулась", by=actor(deputy))
    works.begin_next(work, by=own)


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
    client.post(f"/portfolio/handovers/{Handover.objects.latest('pk').pk}/revoke/")
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

    def click(place: int) -> bool:
        try:
            life.use_link(row, by=Actor(None, None, "ссылка"))
        except ValidationError:
            return False
        return True

    assert sorted(at_once(click, 50)) == [False] * 49 + [True]
