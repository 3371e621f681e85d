"""A portfolio as values: groups never mixed, sealed versions and published reviews only, constant queries."""

import pytest

from portfolio.content import amount, content_of
from portfolio.models import Achievement, Work
from tests import factories
from tests.portfolio.factories import make_achievement, make_review, make_rubric, make_version, make_work

pytestmark = [pytest.mark.django_db, pytest.mark.clause("11.3")]


def content(pupil):
    return content_of(pupil, achievements=Achievement.objects.confirmed(), works=Work.objects.of_author(pupil))


def test_content_keeps_origins_apart_and_shows_what_is_sealed_and_published(site, django_assert_num_queries):
    pupil, teacher = factories.make_pupil(age=15), factories.make_employee(position="teacher")
    make_achievement(pupil, state="draft")
    own = make_achievement(pupil, sphere="sport")
    own.evidence.create(kind="order", title="Приказ № 5")
    record = make_achievement(pupil, origin="record", source="sgo", sphere="academic")
    work = make_work(pupil)
    make_work(pupil, sealed=False)
    make_version(work, sealed=False, number=2)
    version = work.versions.get(number=1)
    rubric = make_rubric("Цель", "Вывод")
    review = make_review(version, teacher, rubric=rubric, mark=5)
    for criterion, points in zip(rubric.criteria.all(), (4, 5), strict=True):
        review.points.create(criterion=criterion, points=points)
    make_review(version, factories.make_pupil(), capacity="pupil", state="waiting")

    found = content(pupil)
    assert [(group.origin, [entry.achievement for entry in group.entries]) for group in found.groups] == [
        ("record", [record]), ("pupil", [own]),
    ]  # fmt: skip
    assert [str(one) for one in found.groups[1].entries[0].evidence] == ["Приказ № 5"]
    assert [(one.sphere, one.achievements, one.works) for one in found.spheres if one.total] == [
        ("academic", 1, 0), ("research", 0, 1), ("sport", 1, 0),
    ]  # fmt: skip
    (shown,) = found.works
    assert (shown.work, [one.version for one in shown.versions]) == (work, [version])
    (opinion,) = shown.latest.opinions
    assert (opinion.review, opinion.points, opinion.total) == (
        review, (("Цель", 4, 5), ("Вывод", 5, 5)), "9 из 10",
    )  # fmt: skip
    assert found.words == "2 достижения, 1 работа"
    for number in range(5):
        make_achievement(pupil, title=f"Конкурс {number}").evidence.create(kind="order", title="Приказ")
        make_review(make_work(pupil).versions.get(), teacher)
    with django_assert_num_queries(10):
        assert content(pupil).words == "7 достижений, 6 работ"


def test_of_what_there_is_none_nothing_is_said():
    assert [amount(*one) for one in ((3, 1), (3, 0), (0, 2), (0, 0))] == [
        "3 достижения, 1 работа", "3 достижения", "2 работы", "пока пусто",
    ]  # fmt: skip
