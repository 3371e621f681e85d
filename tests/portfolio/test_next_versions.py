"""Who has reviewed a work hears of its next version: once, and only while the work is open to that one (1.3 d)."""

import pytest
from django.utils import timezone

from accounts.models import Notification
from portfolio.models import Share, Work
from tests import factories
from tests.portfolio.factories import make_review, make_version

pytestmark = [pytest.mark.django_db, pytest.mark.clause("1.3 d")]


def seal_next(client, work) -> None:
    make_version(work, sealed=False, number=work.versions.count() + 1)
    factories.sign_in(client, work.owner)
    assert client.post(f"/portfolio/works/{work.pk}/seal/").status_code == 302
    assert not work.versions.filter(sealed_at__isnull=True).exists()


def told(work) -> list[tuple[int, str]]:
    rows = Notification.objects.filter(kind="portfolio_review", url__startswith=f"/portfolio/works/{work.pk}/?version=")
    return list(rows.order_by("person").values_list("person", "url"))


def test_each_reviewer_who_still_sees_the_work_is_told_once(client, work, version, lead, parent, mate, shown, pupil):
    stranger, declined, revoked = (factories.make_pupil(school_class=mate.school_class_now) for _ in range(3))
    former = factories.make_employee(position="teacher")
    for person, fields in (
        (lead, {}), (parent, {"capacity": "parent"}), (mate, {"capacity": "pupil", "state": "waiting"}), (former, {}),
        (declined, {"capacity": "pupil", "state": "declined", "reason": "Грубо"}),
        (revoked, {"capacity": "pupil", "state": "revoked", "reason": "Передумал"}),
    ):  # fmt: skip
        make_review(version, person, **fields)
    seal_next(client, work)
    address = f"/portfolio/works/{work.pk}/?version=2"
    assert told(work) == [(one, address) for one in sorted((lead.pk, parent.pk, mate.pk))]
    text = Notification.objects.filter(person=mate).values_list("text", flat=True)
    assert list(text) == [
        f"Закреплена версия 2 работы «{work.title}», на которую вы писали рецензию: {pupil.get_full_name()}."
    ]
    # A second review of the same person, a third version: one line more; the share is over for the classmate.
    make_review(work.versions.get(number=2), lead)
    Share.objects.update(withdrawn_at=timezone.now())
    seal_next(client, work)
    assert sorted(set(told(work)) - {(one, address) for one in (lead.pk, parent.pk, mate.pk)}) == sorted(
        (one, f"/portfolio/works/{work.pk}/?version=3") for one in (lead.pk, parent.pk)
    )
    assert not {stranger.pk, former.pk, declined.pk, revoked.pk, pupil.pk} & {person for person, _ in told(work)}
    for person in (lead, parent):
        factories.sign_in(client, person)
        page = client.get(f"/portfolio/works/{work.pk}/?version=3")
        assert (page.status_code, page.context["shown"].version.number) == (200, 3)


def test_a_closed_work_and_a_first_version_call_nobody(client, work, version, lead):
    make_review(version, lead, state="waiting", published_at=None)
    Work.objects.update(submitted_at=None)
    seal_next(client, work)
    assert told(work) == []
