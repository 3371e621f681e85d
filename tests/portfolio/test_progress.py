"""Completeness and statistics: counts told by hand, constant queries, only to whom they concern."""

import pytest
from django.utils import timezone

from eios.lib.dates import today
from portfolio.completeness import Facts, completeness, facts_of
from portfolio.models import Portfolio
from portfolio.statistics import statistics
from tests import factories
from tests.portfolio.factories import let_show, make_achievement, make_review, make_work

pytestmark = [pytest.mark.django_db, pytest.mark.clause("11.1")]


def test_facts_tell_what_each_portfolio_has(site, django_assert_num_queries):
    room = factories.make_class(grade=8)
    pupil, other = (factories.make_pupil(school_class=room, age=15) for _ in range(2))
    Portfolio.objects.create(pupil=pupil, about="Люблю птиц")
    make_achievement(pupil, sphere="sport")
    make_achievement(pupil, sphere="arts", origin="staff")
    make_achievement(pupil, state="returned", reason="Нет диплома")
    work = make_work(pupil)
    work.versions.update(reflection="Научился считать птиц")
    make_review(work.versions.get(), factories.make_employee(position="teacher"))
    make_work(other, sealed=False)
    let_show(pupil, factories.make_parent(child=pupil))
    expected = {
        pupil.pk: Facts(
            has_about=True, achievements=2, spheres=3, unproved=1, returned=1, works=1, reflected=1, reviewed=1,
            may_show=True,
        ),
        other.pk: Facts(spheres=1),
    }  # fmt: skip
    with django_assert_num_queries(8):
        assert facts_of([pupil, other], today()) == expected
    missing = [step.title for step in completeness(expected[pupil.pk]).missing]
    assert missing == ["Обложка", "Подтверждения", "Исправленные записи"]
    assert completeness(Facts()).done == 1
    full = Facts(True, True, 3, 3, 0, 0, 1, 1, 1, True)
    assert (completeness(full).percent, completeness(full).missing) == (100, ())


def test_statistics_count_classes_of_the_year(site, django_assert_num_queries):
    rooms = [factories.make_class(grade=8, letter=letter) for letter in "АБ"]
    first, second, third = (factories.make_pupil(school_class=room) for room in (*rooms, rooms[0]))
    make_achievement(first, sphere="sport", level="regional", outcome="prize")
    make_achievement(first, sphere="sport")
    make_achievement(second, state="submitted", submitted_at=timezone.now())
    make_review(make_work(second).versions.get(), factories.make_employee(position="teacher"))
    make_achievement(third, state="draft")
    with django_assert_num_queries(7):
        found = statistics(rooms[0].year, rooms, today())
    assert [
        (one.title, one.pupils, one.active, one.share, one.spheres, one.waiting, one.works, one.reviews)
        for one in (*found.lines, found.total)
    ] == [
        ("8\xa0«А»", 2, 1, 50, (0, 0, 0, 0, 2), 0, 0, 0),
        ("8\xa0«Б»", 1, 1, 100, (0, 0, 0, 0, 0), 1, 1, 1),
        ("Всего", 3, 2, 66, (0, 0, 0, 0, 2), 1, 1, 1),
    ]
    assert {level: numbers for level, numbers in found.levels if any(numbers)} == {
        "municipal": (1, 0, 0, 0), "regional": (0, 1, 0, 0),
    }  # fmt: skip


def test_pages_are_for_those_who_lead_or_are_family(client, site):
    room, other = factories.make_class(grade=8), factories.make_class(grade=8, letter="Б")
    pupil = factories.make_pupil(school_class=room, surname="Ёлкина")
    addresses = (
        f"/portfolio/pupils/{pupil.pk}/completeness/", f"/portfolio/completeness/{room.pk}/", "/portfolio/statistics/",
        "/portfolio/statistics/export/",
    )  # fmt: skip
    people = {
        "lead": factories.make_employee(position="class_teacher", school_class=room),
        "other_lead": factories.make_employee(position="class_teacher", school_class=other),
        "teacher": factories.make_employee(position="teacher"),
        "director": factories.make_employee(position="director"),
        "pupil": pupil,
        "classmate": factories.make_pupil(school_class=room),
        "parent": factories.make_parent(child=pupil),
    }
    found = {}
    for name, person in people.items():
        factories.sign_in(client, person)
        found[name] = [client.get(address).status_code for address in addresses]
    assert found == {
        "lead": [200] * 4, "director": [200] * 4, "other_lead": [404, 404, 200, 200], "teacher": [404] * 4,
        "pupil": [200, 403, 403, 403], "parent": [200, 403, 403, 403], "classmate": [404, 403, 403, 403],
    }  # fmt: skip
    factories.sign_in(client, people["other_lead"])
    assert "8\xa0«А»" not in client.get("/portfolio/statistics/").content.decode()
