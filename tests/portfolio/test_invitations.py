"""Invited outsiders: by a personal link, once, within its term; off by default (1.3 d)."""

import datetime
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.actions import files
from accounts.actor import Actor
from accounts.models import AuditEntry
from portfolio.file_owners import WORK_FILE
from portfolio.models import Invitation, PortfolioRules, Review
from portfolio.views import invitations as views
from tests import factories
from tests.factories import sign_in
from tests.portfolio.factories import let_show, states
from tests.samples import pdf, picture

pytestmark = [pytest.mark.django_db, pytest.mark.clause("1.3 d")]


@pytest.fixture
def patient(monkeypatch):
    """A person who reads before writing: the form may be posted at once."""
    monkeypatch.setattr("portfolio.forms.reviews.LEAST_SECONDS", -1)


def invite(client, person, work) -> str:
    sign_in(client, person)
    answer = client.post(
        f"/portfolio/works/{work.pk}/versions/1/invite/", {"name": "Иван Петрович Орлов", "role": "орнитолог"}
    )
    found = re.search(r"/portfolio/invited/\w{20}/", answer.content.decode())
    client.logout()
    return found[0] if found else ""


def form_of(client, link) -> dict:
    page = client.get(link)
    begun = re.search(r'name="begun" value="([^"]+)"', page.content.decode())
    return {"text": "Хорошие наблюдения", "site": "", "begun": begun[1]}


def test_an_invited_scientist_reviews_once_without_an_account(
    client, work, version, pupil, parent, lead, rules, patient
):
    assert invite(client, pupil, work) == ""  # no consent
    let_show(pupil, parent)
    link = invite(client, pupil, work)
    file = files.store(
        SimpleUploadedFile("отчёт.pdf", pdf()), kind=WORK_FILE, by=Actor(pupil, None, pupil.username), owner=pupil
    )
    version.files.create(file=file)
    drawing = files.store(
        SimpleUploadedFile("двор.png", picture()), kind=WORK_FILE, by=Actor(pupil, None, pupil.username), owner=pupil
    )
    version.files.create(file=drawing)
    page = client.get(link)
    assert (page.status_code, page["X-Robots-Tag"], "no-store" in page["Cache-Control"]) == (
        200, "noindex, nofollow, noarchive", True,
    )  # fmt: skip
    text = page.content.decode()
    assert [word in text for word in ("Птицы нашего двора", "Мария Автор", "Иван Петрович Орлов")] == [True] * 3
    # A drawing is seen at once and not looked for among the files.
    assert f'<img src="{link}files/{drawing.key}/"' in text
    attached = f"{link}files/{file.key}/"
    assert client.get(attached).status_code == 200
    assert client.get(file.url).status_code == 404
    assert client.get(f"/portfolio/works/{work.pk}/").status_code == 302
    data = form_of(client, link)
    sign_in(client, pupil)
    assert client.post(f"{link}?rubric=none", data).status_code == 200  # the author with the link
    client.logout()
    assert client.post(link, data)["Location"] == "/portfolio/invited/sent/"
    assert [client.post(link, data).status_code, client.get(link).status_code] == [404, 404]
    assert client.get(attached).status_code == 404
    assert states() == [("outsider", "waiting", "Хорошие наблюдения")]
    sign_in(client, lead)
    client.post(f"/portfolio/reviews/{Review.objects.get().pk}/publish/")
    sign_in(client, pupil)
    assert "Иван Петрович Орлов, орнитолог" in client.get(f"/portfolio/works/{work.pk}/").content.decode()
    assert "рецензия прислана" in client.get("/portfolio/invitations/").content.decode()


def words_of(answer) -> str:
    """What the page says, without addresses and tokens."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_parents_see_and_revoke_invitations_to_the_works_of_their_child(client, work, pupil, parent, mate, rules):
    """What leaves the school is theirs to end, as shares are; a classmate's parents see nothing of it."""
    let_show(pupil, parent)
    link, stranger = invite(client, pupil, work), factories.make_parent(child=mate)
    row = Invitation.objects.get()
    revoke = f"/portfolio/invitations/{row.pk}/revoke/"
    lists = {}
    for person in (stranger, parent):
        sign_in(client, person)
        lists[person] = (
            work.title in client.get("/portfolio/invitations/").content.decode(),
            client.get(revoke).status_code,
        )
    assert lists == {stranger: (False, 404), parent: (True, 200)}
    page = client.get(f"/portfolio/pupils/{pupil.pk}/shares/").content.decode()
    assert 'href="/portfolio/invitations/"' in page
    client.post(revoke)
    client.logout()
    assert client.get(link).status_code == 404
    rules.outsiders_review = False
    rules.save()
    sign_in(client, parent)
    assert "/portfolio/invitations/" not in client.get(f"/portfolio/pupils/{pupil.pk}/shares/").content.decode()


def test_a_link_dies_by_term_revocation_switch_and_consent_with_one_and_the_same_page(
    client, work, pupil, parent, lead, rules, patient
):
    let_show(pupil, parent)
    links = [invite(client, person, work) for person in (pupil, lead, pupil, pupil)]
    first, second, third, last = Invitation.objects.order_by("pk")
    dead = client.get("/portfolio/invited/abcdefghjkmnpqrstuvw/")
    assert (dead.status_code, [client.get(link).status_code for link in links]) == (404, [200] * 4)
    data = form_of(client, links[0])
    Invitation.objects.filter(pk=first.pk).update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    sign_in(client, factories.make_pupil(school_class=pupil.school_class_now))
    assert client.post(f"/portfolio/invitations/{second.pk}/revoke/").status_code == 404
    sign_in(client, lead)
    client.post(f"/portfolio/invitations/{second.pk}/revoke/")
    client.logout()
    assert [client.get(link).status_code for link in links] == [404, 404, 200, 200]
    rules.outsiders_review = False
    rules.save()
    assert client.get(links[2]).status_code == 404
    rules.outsiders_review = True
    rules.save()
    consent = pupil.consents.get(capacity="parent")
    consent.withdrawn_at = timezone.now()
    consent.save()
    answers = [client.post(link, data) for link in links]
    assert {(one.status_code, words_of(one)) for one in answers} == {(404, words_of(dead))}
    assert states() == []


def test_a_bot_writes_nothing(client, work, pupil, parent, rules, monkeypatch):
    let_show(pupil, parent)
    link = invite(client, pupil, work)
    data = form_of(client, link)
    page = client.post(link, data)
    assert "слишком быстро" in page.content.decode()
    assert "Хорошие наблюдения" in page.content.decode()
    assert "слишком быстро" in client.post(link, data | {"begun": "подделка"}).content.decode()
    monkeypatch.setattr("portfolio.forms.reviews.LEAST_SECONDS", -1)
    page = client.post(link, data | {"site": "https://spam.example"})
    assert "заполнила программа" in page.content.decode()
    monkeypatch.setattr(views, "USES", views.NetworkLimit("invited-review", most=5, most_in_school=5))
    answers = [client.get(f"/portfolio/invited/{letter * 20}/").status_code for letter in "abcd"]
    assert (answers, client.post(link, data).status_code) == ([404, 404, 429, 429], 429)
    assert states() == []


def test_outsiders_are_off_by_default_and_the_management_alone_switches(client, work, pupil, parent, lead):
    let_show(pupil, parent)
    assert invite(client, pupil, work) == ""
    sign_in(client, lead)
    data = {"outsiders_review": "on", "invitation_days": "7", "share_days": "30"}
    assert client.post("/portfolio/rules/", data).status_code == 404
    deputy = factories.make_employee(position="deputy_upbringing")
    sign_in(client, deputy)
    assert client.post("/portfolio/rules/", data | {"invitation_days": "0"}).status_code == 200
    assert not PortfolioRules.objects.exists()
    client.post("/portfolio/rules/", data)
    assert PortfolioRules.current().outsiders_review
    assert AuditEntry.objects.filter(action="portfolio_rules.added").count() == 1
    assert invite(client, pupil, work) != ""
    left = Invitation.objects.get().expires_at - timezone.now()
    assert datetime.timedelta(days=6) < left < datetime.timedelta(days=7)
