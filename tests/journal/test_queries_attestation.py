"""Pages of attestation ask as much of the database for thirty rows as for one."""

import pytest

from accounts.actor import Actor
from accounts.models import User
from eios.lib.dates import today
from resources.actions.registry import load_registry
from tests.factories import make_class, make_employee, make_parent, make_pupil, make_subject, sign_in
from tests.journal.attesting import make_assessment, make_council, make_debt, make_exam, make_retake
from tests.journal.factories import make_gradebook, make_load, make_result

pytestmark = pytest.mark.django_db


class School:
    """9 «А» that grows: gradebooks with attestation, pupils with results, debts, exams."""

    def __init__(self):
        self.nine = make_class(grade=9)
        self.teacher, self.deputy = make_employee(), make_employee(position="deputy")
        self.book = self.gradebook(0)
        self.council = make_council(self.nine)
        self.child = self.pupil(0)
        self.parent = make_parent(child=self.child)

    def gradebook(self, number: int):
        book = make_gradebook(school_class=self.nine, subject=make_subject(f"Предмет {number}"), kept="here")
        make_load(self.teacher, book)
        make_assessment(book).commission.set([self.teacher])
        return book

    def pupil(self, number: int) -> User:
        pupil = make_pupil(school_class=self.nine, surname=f"Ученик{number}")
        make_retake(make_debt(self.book, pupil)).commission.set([self.teacher])
        make_result(self.book, pupil)
        make_exam(pupil)
        return pupil

    def grow(self) -> None:
        for number in range(1, 30):
            make_council(make_class(grade=2 + number % 7), number=1 + number)
            make_debt(self.gradebook(number), self.child)
            make_exam(self.child, subject=make_subject(f"Экзамен {number}"))
            child = self.pupil(number)
            self.parent.children_relations.create(pupil=child, kind="mother", starts=today())


@pytest.fixture
def school9(school):
    load_registry(by=Actor.command("проверка"))
    school(parents_have_cabinets=True)
    return School()


MOST = 20


def test_queries_do_not_grow(school9, client, django_assert_num_queries, django_assert_max_num_queries):
    assessment, nine, council = school9.book.interim_assessment.pk, school9.nine.pk, school9.council.pk
    pages = [
        ("deputy", "/journal/attestation/"),
        ("deputy", f"/journal/attestation/classes/{nine}/"),
        ("teacher", f"/journal/attestation/classes/{nine}/"),
        ("deputy", f"/journal/attestation/classes/{nine}/days/"),
        ("teacher", f"/journal/attestation/{assessment}/"),
        ("teacher", "/journal/debts/"),
        ("deputy", "/journal/debts/?state=all&q=Ученик"),
        ("deputy", f"/journal/exams/classes/{nine}/"),
        ("teacher", "/journal/councils/"),
        ("deputy", f"/journal/councils/{council}/"),
        ("teacher", f"/journal/councils/{council}/gradebooks/{school9.book.pk}/"),
        ("parent", "/journal/attestation/mine/"),
        ("parent", "/journal/debts/"),
    ]
    counts = {}
    for who, page in pages:
        _enter(client, school9, who, page)
        with django_assert_max_num_queries(MOST, info=f"{page}, {who}") as found:
            assert client.get(page).status_code == 200
        counts[who, page] = len(found)
    school9.grow()
    for who, page in pages:
        _enter(client, school9, who, page)
        with django_assert_num_queries(counts[who, page], info=f"{page}, {who}"):
            client.get(page)


def _enter(client, school: School, who: str, page: str) -> None:
    """Signs in and asks once: the first time fills what a worker keeps in memory."""
    sign_in(client, User.objects.get(pk=getattr(school, who).pk))
    client.get(page)
