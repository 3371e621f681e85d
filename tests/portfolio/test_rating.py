"""Points and rating: the sum in SQL equals the table told in another way, versions stay, nobody else sees names."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actor import Actor
from accounts.models import AcademicYear, Enrolment
from eios.lib.dates import today
from portfolio import points, rating
from portfolio.actions.points import save_table
from portfolio.models import Level, Mode, Outcome, PointsTable, PortfolioRules, Sphere
from tests import factories
from tests.portfolio.factories import make_achievement

pytestmark = [pytest.mark.django_db, pytest.mark.clause("11.1")]
ADDRESS = "/portfolio/rating/"


@pytest.fixture
def year(site) -> AcademicYear:
    return factories.make_class(grade=8).year


@pytest.fixture
def deputy(year):
    return factories.make_employee(position="deputy")


@pytest.fixture
def table(year, deputy) -> PointsTable:
    PortfolioRules.objects.update_or_create(pk=1, defaults={"has_rating": True})
    return save_table(year, points.sample(), seen=0, by=Actor(deputy, None, "deputy"))


def test_sample_prefers_winners_high_levels_and_presence():
    values = points.sample()
    assert set(values) == set(points.CELLS)
    for sphere in Sphere.values:
        worth = [values[sphere, level, Outcome.WINNER, Mode.IN_PERSON] for level in Level.values]
        assert worth == sorted(worth)
        row = [values[sphere, Level.REGIONAL, outcome, Mode.REMOTE] for outcome in Outcome.values]
        assert row == sorted(row, reverse=True) == [Decimal(10), Decimal("7.5"), Decimal(5), Decimal("2.5")]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    drawn=st.lists(
        st.tuples(st.integers(0, 2), *map(st.sampled_from, (Sphere.values, Level.values, Outcome.values, Mode.values))),
        max_size=12,
    )
)
def test_sums_equal_what_each_pupil_is_explained(table, drawn):
    pupils = [factories.make_pupil(school_class=factories.make_class(grade=8)) for _ in range(3)]
    for number, sphere, level, outcome, mode in drawn:
        make_achievement(pupils[number], sphere=sphere, level=level, outcome=outcome, mode=mode)
    group = rating.pupils_of(table.year, today()).filter(pupil__in=pupils)
    found = {one.pupil: (one.points, one.achievements) for one in rating.sums(table, group)}
    told = {pupil.pk: rating.explained(pupil, table) for pupil in pupils}
    assert found == {key: (one.total, len(one.lines)) for key, one in told.items() if one.lines}
    for sphere in Sphere.values:
        part = {one.pupil: one.points for one in rating.sums(table, group, sphere=sphere)}
        lines = {key: [line for line in one.lines if line.achievement.sphere == sphere] for key, one in told.items()}
        assert part == {key: sum(line.points for line in own) for key, own in lines.items() if own}


def test_what_is_no_achievement_of_the_year_or_a_double_is_not_counted(table):
    pupil = factories.make_pupil(school_class=factories.make_class(grade=8))
    kept = make_achievement(pupil, title="Олимпиада")
    make_achievement(pupil, same_as=kept)
    make_achievement(pupil, date=table.year.starts - datetime.timedelta(days=1))
    for state in ("draft", "submitted", "replaced"):
        make_achievement(pupil, state=state)
    (found,) = rating.sums(table, rating.pupils_of(table.year, today()))
    assert (found.points, found.achievements) == (Decimal(10), 1)
    lines = [(line.points, line.why_not) for line in rating.explained(pupil, table).lines]
    assert sorted(lines) == [(0, "То же достижение уже учтено: «Олимпиада»."), (Decimal(10), "")]


def test_equal_points_share_a_place():
    rows = [(1, 1, Decimal(5)), (2, 1, Decimal(9)), (3, 1, Decimal(5)), (4, 1, Decimal(1))]
    assert [(one.pupil, one.place) for one in rating.ranked(rows)] == [(2, 1), (1, 2), (3, 2), (4, 4)]


def test_a_change_of_the_table_is_the_next_version(client, table, deputy):
    factories.sign_in(client, deputy)
    page = client.get("/portfolio/points/change/")
    form = page.context["form"]
    data = {name: str(form[name].value()).replace(".", ",") for name in form.fields} | {"basis": "Педсовет № 3"}
    changed = "sport-school-winner-in_person"
    assert client.post("/portfolio/points/change/", data).context["form"].non_field_errors() == [
        "В таблице ничего не изменилось: новая версия не нужна."
    ]
    for wrong in ("-1", "много", "1001", ""):
        assert client.post("/portfolio/points/change/", data | {changed: wrong}).context["form"].errors[changed]
    assert client.post("/portfolio/points/change/", data | {changed: "4,5"}).status_code == 302
    # The other tab has the former version.
    assert client.post("/portfolio/points/change/", data | {changed: "7"}).status_code == 200
    found = {
        one.version: points.values_of(one)["sport", "school", "winner", "in_person"]
        for one in PointsTable.objects.all()
    }
    assert found == {1: Decimal(4), 2: Decimal("4.5")}
    assert points.table_of(table.year).basis == "Педсовет № 3"


def test_lists_are_for_leaders_and_own_points_for_the_family_once_switched_on(client, table):
    room, other = factories.make_class(grade=8), factories.make_class(grade=8, letter="Б")
    pupil = factories.make_pupil(school_class=room, surname="Ёлкина", name="Вера")
    make_achievement(pupil)
    own = f"/portfolio/rating/pupils/{pupil.pk}/"
    people = {
        "lead": factories.make_employee(position="class_teacher", school_class=room),
        "other_lead": factories.make_employee(position="class_teacher", school_class=other),
        "teacher": factories.make_employee(position="teacher"),
        "director": factories.make_employee(position="director"),
        "admin": factories.make_employee(position="system_administrator"),
        "pupil": pupil,
        "classmate": factories.make_pupil(school_class=room),
        "parent": factories.make_parent(child=pupil),
    }

    def seen() -> dict:
        found = {}
        for name, person in people.items():
            factories.sign_in(client, person)
            page, export, explained = client.get(ADDRESS), client.get(f"{ADDRESS}export/"), client.get(own)
            named = "Ёлкина" in page.content.decode() if page.status_code == 200 else page.status_code
            found[name] = (named, export.status_code, explained.status_code)
        return found

    closed = {"teacher": (404, 404, 404), "admin": (404, 404, 404), "classmate": (403, 403, 404)}
    expected = {
        "lead": (True, 200, 200), "other_lead": (False, 200, 404), "director": (True, 200, 200),
        "pupil": (403, 403, 404), "parent": (403, 403, 404), **closed,
    }  # fmt: skip
    assert seen() == expected
    PortfolioRules.objects.update(pupils_see_rating=True)
    assert seen() == expected | {"pupil": (403, 403, 200), "parent": (403, 403, 200)}
    PortfolioRules.objects.update(has_rating=False)
    assert set(seen().values()) <= {(False, 404, 404), (404, 404, 404), (403, 403, 404)}


def test_the_page_of_a_leaver_leads_to_no_points(client, deputy, table):
    """A rating is of those who learn here."""
    pupil = factories.make_pupil(school_class=factories.make_class(grade=8))
    factories.sign_in(client, deputy)
    page, points = f"/portfolio/pupils/{pupil.pk}/", f"/portfolio/rating/pupils/{pupil.pk}/"
    assert (points in client.get(page).content.decode(), client.get(points).status_code) == (True, 200)
    Enrolment.objects.filter(pupil=pupil).update(ends=today() - datetime.timedelta(days=1))
    assert (points in client.get(page).content.decode(), client.get(points).status_code) == (False, 404)


def test_rating_asks_as_much_for_one_pupil_as_for_thirty(client, table, deputy, django_assert_max_num_queries):
    factories.sign_in(client, deputy)
    make_achievement(factories.make_pupil(school_class=factories.make_class(grade=8)))
    # What the registry keeps in memory is read by the first page.
    client.get(ADDRESS)
    with django_assert_max_num_queries(11) as one:
        client.get(ADDRESS)
    for _ in range(29):
        make_achievement(factories.make_pupil(school_class=factories.make_class(grade=8)))
    with django_assert_max_num_queries(11) as thirty:
        client.get(ADDRESS)
    assert len(one) == len(thirty)
