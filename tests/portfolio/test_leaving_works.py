"""A co-author leaves a joint work: the name and the own shares go, the work and others' shares stay (1.3 d; 152-ФЗ)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import AuditEntry, Notification
from eios.lib.dates import today
from portfolio import plain, sharing, showing
from portfolio.actions import works as actions
from portfolio.models import FormerAuthor, Portfolio, Share, WorkAuthor
from tests import factories
from tests.portfolio.factories import let_show, make_review, make_share, make_version

pytestmark = [pytest.mark.django_db, pytest.mark.clause("1.3 d")]
CODES = ("abcdabcdabcdabcdabcd", "efghefghefghefghefgh")


@pytest.fixture
def joint(work, mate, pupil, parent):
    """The work of two, both of whom may show it; the mate has shown it by a link too."""
    work.authors.create(person=mate, agreed_at=timezone.now(), contribution="Опыты")
    let_show(pupil, parent)
    return work


@pytest.fixture
def address(joint):
    return f"/portfolio/works/{joint.pk}/authors/leave/"


def names_of(pupil) -> list[list[str]]:
    content = plain.packed(showing.portfolio_of(pupil, pupil, today()), (), "")
    return [[one["name"] for one in row["authors"]] for row in content.values["works"]]


def leave(client, person, address):
    factories.sign_in(client, person)
    return client.post(address, follow=True)


def test_it_is_asked_and_the_name_leaves_page_and_export(client, joint, mate, pupil, address):
    version = joint.versions.get()
    third = factories.make_pupil(school_class=mate.school_class_now, surname="Третьяк")
    joint.authors.create(person=third, agreed_at=timezone.now())
    named = factories.make_pupil(school_class=mate.school_class_now, surname="Названов")
    joint.authors.create(person=named)
    teacher = factories.make_employee(surname="Учителева")
    make_review(version, teacher, answer="Спасибо", answered_by=mate, answered_at=timezone.now())
    factories.sign_in(client, pupil)
    page = f"/portfolio/works/{joint.pk}/"
    before = client.get(page).content.decode()
    assert (mate.get_full_name() in before, address in before) == (True, False)
    assert names_of(pupil) == [[one.get_full_name() for one in (pupil, mate, third)]]
    factories.sign_in(client, mate)
    assert address in client.get(page).content.decode()
    asked = client.get(address)
    assert (asked.status_code, joint.authors.filter(person=mate).exists()) == (200, True)
    answer = leave(client, mate, address)
    assert (answer.redirect_chain, "Вы больше не автор этой работы." in answer.content.decode()) == (
        [("/portfolio/works/", 302)], True,
    )  # fmt: skip
    sha256 = version.sha256
    version.refresh_from_db()
    assert version.sha256 == sha256
    assert list(joint.authors.filter(agreed_at__isnull=False).values_list("person", flat=True)) == [pupil.pk, third.pk]
    factories.sign_in(client, pupil)
    after = client.get(page).content.decode()
    assert (mate.get_full_name() in after, "Спасибо" in after, "Ответ автора," in after) == (False, True, True)
    assert names_of(pupil) == [[one.get_full_name() for one in (pupil, third)]]
    assert names_of(mate) == []
    told = Notification.objects.filter(kind="co_author").order_by("person")
    words = f"Соавтор вышел: {mate.get_full_name()}, работа «{joint.title}»."
    assert [(one.person_id, one.text) for one in told] == [(one, words) for one in sorted((pupil.pk, third.pk))]
    assert named.pk not in {one.person_id for one in told}
    trail = AuditEntry.objects.filter(actor=mate, object_type__in=("portfolio.work", "portfolio.workauthor"))
    assert [(one.action, one.basis) for one in trail.order_by("pk")] == [
        ("work_author.deleted", "Выход из авторов"), ("work.author_left", ""),
    ]  # fmt: skip


def test_own_shares_lose_it_at_once_and_others_shares_stand(client, joint, mate, pupil, address):
    let_show(mate, factories.make_parent(child=mate))
    own = make_share(mate, works=[joint], code=CODES[0])
    foreign = make_share(pupil, works=[joint], code=CODES[1])
    shown = [joint.title in client.get(f"/portfolio/show/{code}/").content.decode() for code in CODES]
    leave(client, mate, address)
    client.logout()
    pages = [client.get(f"/portfolio/show/{code}/") for code in CODES]
    assert (shown, [joint.title in page.content.decode() for page in pages]) == ([True, True], [False, True])
    assert ([*own.works.all()], [*foreign.works.all()]) == ([], [joint])
    assert {one.pk: one.of_works for one in sharing.listed(Share.objects.all())} == {own.pk: 0, foreign.pk: 1}
    factories.sign_in(client, mate)
    assert client.get(f"/portfolio/works/{joint.pk}/").status_code == 404
    assert joint.title not in client.get("/portfolio/works/").content.decode()


def test_own_invitations_end_and_others_stand(client, joint, mate, pupil, rules, address):
    version, term = joint.versions.get(), timezone.now() + datetime.timedelta(days=5)
    asked = {
        (person, is_used): version.invitations.create(
            name="Орлов", role="учёный", digest=f"{person.pk}-{is_used}", created_by=person, expires_at=term,
            used_at=timezone.now() if is_used else None,
        )
        for person in (mate, pupil) for is_used in (False, True)
    }  # fmt: skip
    leave(client, mate, address)
    for row in asked.values():
        row.refresh_from_db()
    assert [key for key, row in asked.items() if row.revoked_at] == [(mate, False)]


def test_who_has_left_does_not_review_it_and_may_come_back(client, joint, mate, pupil, address):
    leave(client, mate, address)
    make_share(pupil, works=[joint], person=mate)
    review = f"/portfolio/works/{joint.pk}/versions/1/review/"
    page = client.get(f"/portfolio/works/{joint.pk}/")
    assert (page.status_code, page.context["reviews"].may_review) == (200, False)
    assert (review in page.content.decode(), client.get(review).status_code) == (False, 404)
    assert client.post(review, {"text": "Лучшая работа"}).status_code == 404
    assert joint.versions.get().reviews.count() == 0
    for _ in range(2):
        author = actions.name_author(joint, mate, by=Actor(pupil, None, ""))
        actions.agree(author, by=Actor(mate, None, ""))
        leave(client, mate, address)
    assert FormerAuthor.objects.filter(person=mate).count() == 1
    assert not joint.authors.filter(person=mate).exists()


def test_a_frozen_portfolio_and_an_open_version_hold_nobody(client, joint, mate, pupil, address):
    make_version(joint, sealed=False, number=2)
    for person in (mate, pupil):
        Portfolio.objects.create(pupil=person, frozen_at=timezone.now())
    leave(client, mate, address)
    assert [one.person for one in joint.authors.all()] == [pupil]


def test_the_owner_one_who_is_only_named_and_strangers_have_no_such_page(client, joint, mate, pupil, address):
    named = joint.authors.create(person=factories.make_pupil(school_class=mate.school_class_now)).person
    people = (pupil, named, factories.make_pupil(school_class=mate.school_class_now), factories.make_employee())
    for person in people:
        factories.sign_in(client, person)
        assert [client.get(address).status_code, client.post(address).status_code] == [404, 404], person
    assert joint.authors.count() == 3
    own = WorkAuthor.objects.get(work=joint, person=pupil)
    with pytest.raises(ValidationError, match="Работу добавили вы"):
        actions.leave(own, by=Actor(pupil, None, ""))
    with pytest.raises(ValidationError, match="уже не автор"):
        actions.leave(own, by=Actor(mate, None, ""))
    # Pressed twice, the second finds nobody.
    leave(client, mate, address)
    assert client.post(address).status_code == 404
