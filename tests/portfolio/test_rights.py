"""Who sees which achievement, work, version and review (access.md, «Rows»), and what stops a share."""

import datetime

import pytest
from django.utils import timezone

from eios.lib.dates import today
from journal.models import TeachingLoad
from portfolio import rights, sharing
from portfolio.models import State, WorkVersion
from tests import factories
from tests.journal.factories import make_gradebook
from tests.portfolio.factories import (
    let_show,
    make_achievement,
    make_review,
    make_share,
    make_version,
    make_work,
)

pytestmark = [pytest.mark.django_db, pytest.mark.clause("1.3 d", "11.1", "11.3", "5.2")]
WHO = ("pupil", "classmate", "parent", "lead", "other_lead", "teacher", "deputy", "admin")


@pytest.fixture
def people(site):
    own, other = factories.make_class(grade=8), factories.make_class(grade=8, letter="Б")
    pupil = factories.make_pupil(school_class=own, age=15)
    gradebook = make_gradebook(school_class=own)
    teacher = factories.make_employee(position="teacher")
    TeachingLoad.objects.create(teacher=teacher, gradebook=gradebook, hours=2, starts=factories.LONG_AGO)
    people = {
        "pupil": pupil,
        "classmate": factories.make_pupil(school_class=own, age=15),
        "parent": factories.make_parent(child=pupil),
        "lead": factories.make_employee(position="class_teacher", school_class=own),
        "other_lead": factories.make_employee(position="class_teacher", school_class=other),
        "teacher": teacher,
        "deputy": factories.make_employee(position="deputy_upbringing"),
        "admin": factories.make_employee(position="system_administrator"),
    }
    people["subject"] = gradebook.subject
    return people


def seers(people, rows_of, row) -> set[str]:
    return {name for name in WHO if rows_of(people[name], today()).filter(pk=row.pk).exists()}


def test_achievements_are_seen_by_their_state(people):
    pupil = people["pupil"]
    expected = {
        State.DRAFT: {"pupil"},
        State.SUBMITTED: {"pupil", "parent", "lead", "deputy"},
        State.RETURNED: {"pupil", "lead", "deputy"},
        State.CONFIRMED: {"pupil", "parent", "lead", "deputy"},
        State.REPLACED: {"pupil", "parent", "lead", "deputy"},
    }
    found = {
        state: seers(people, rights.achievements_seen, make_achievement(pupil, state=state, reason="нет"))
        for state in State
    }
    assert found == expected


def test_works_and_their_versions_are_seen_by_whom_they_concern(people):
    pupil, mentor = people["pupil"], people["other_lead"]
    draft = make_work(pupil, submitted=False, subject=people["subject"], mentor=mentor)
    work = make_work(pupil, subject=people["subject"])
    opened = make_version(work, sealed=False, number=2)
    everybody = {"pupil", "parent", "lead", "teacher", "deputy"}
    assert seers(people, rights.works_seen, draft) == {"pupil"}
    assert seers(people, rights.works_seen, work) == everybody
    assert seers(people, rights.works_seen, make_work(pupil, mentor=mentor)) == everybody - {"teacher"} | {"other_lead"}
    assert seers(people, rights.versions_seen, opened) == {"pupil"}
    assert seers(people, rights.versions_seen, work.versions.get(number=1)) == everybody


def test_a_share_opens_to_its_class_while_consent_term_and_enrolment_last(people):
    pupil, classmate, parent = people["pupil"], people["classmate"], people["parent"]
    work = make_work(pupil, submitted=False)
    share = make_share(pupil, works=[work], school_class=pupil.school_class_now)
    link = make_share(pupil, works=[work], code="abcd1234")

    def opens() -> tuple[bool, bool, bool]:
        date = today()
        return (
            rights.works_seen(classmate, date).filter(pk=work.pk).exists(),
            rights.versions_seen(classmate, date).filter(work=work).exists(),
            sharing.by_code("abcd1234", date) == link,
        )

    assert opens() == (False, False, False)
    let_show(pupil, parent)
    assert opens() == (True, True, True)
    assert not rights.works_seen(people["other_lead"], today()).exists()
    consent = pupil.consents.get(capacity="parent")
    consent.withdrawn_at = timezone.now()
    consent.save()
    assert opens() == (False, False, False)
    consent.withdrawn_at = None
    consent.save()
    for one in (share, link):
        one.expires_at = timezone.now() - datetime.timedelta(seconds=1)
        one.save()
    assert opens() == (False, False, False)


def test_reviews_are_seen_when_published(people):
    version = WorkVersion.objects.get(work=make_work(people["pupil"], subject=people["subject"]))
    waiting = make_review(version, people["classmate"], capacity="pupil", state="waiting", published_at=None)
    published = make_review(version, people["teacher"])
    assert seers(people, rights.reviews_seen, waiting) == {"classmate", "lead", "deputy"}
    assert seers(people, rights.reviews_seen, published) == {"pupil", "parent", "lead", "teacher", "deputy"}
    assert seers(people, rights.reviews_moderated, published) == {"lead", "deputy"}
