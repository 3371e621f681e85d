"""To one person: looked for by name among those to whom a pupil may show, and nobody beside them (1.3 d; 152-ФЗ)."""

import re

import pytest

from accounts.models import Block, Position
from eios.lib.dates import today
from portfolio.models import Share
from tests import factories
from tests.portfolio.factories import let_show

pytestmark = [pytest.mark.django_db, pytest.mark.clause("1.3 d", "11.1")]
ADD = "/portfolio/shares/add/"
NOBODY = "Никого не нашлось. Здесь работники школы и ваши одноклассники: проверьте имя."
TICK = "Отметьте, кому из найденных показать."


@pytest.fixture
def school(client, pupil, parent, room):
    let_show(pupil, parent)
    Position.objects.create(code="teacher", name="учитель", category=Position.Category.TEACHING, level=2)
    names = {"surname": "Кузнецова-Белая", "name": "Фёкла"}
    people = {
        "teacher": factories.make_employee(position="teacher", patronymic="Ильинична", **names),
        "mate": factories.make_pupil(school_class=room, **names),
        "of_another_class": factories.make_pupil(school_class=factories.make_class(grade=8, letter="Б"), **names),
        "parent_of_another": factories.make_parent(child=factories.make_pupil(school_class=room), **names),
        "former": factories.make_employee(position="teacher", ends=today().replace(year=today().year - 1), **names),
        "blocked": factories.make_employee(position="teacher", **names),
    }
    Block.objects.create(person=people["blocked"], reason="Проверка")
    factories.sign_in(client, pupil)
    return people


def ask(client, work, **fields):
    values = {"kind": "person", "days": "30", "works": [work.pk]}
    return client.post(ADD, values | fields)


def found(answer) -> list[int]:
    return [one.pk for one in answer.context["form"].people]


@pytest.mark.parametrize("words", ["Кузнецова", "кузнецова-белая фёкла", "ФЕКЛА", "белая"])
def test_only_those_to_whom_one_may_show_are_found_each_with_a_place(client, school, work, words):
    answer = ask(client, work, whom=words)
    form = answer.context["form"]
    assert form.errors == {"person": [TICK]}
    assert form.fields["person"].choices == [
        (school["teacher"].pk, "Кузнецова-Белая Фёкла Ильинична, учитель"),
        (school["mate"].pk, f"{school['mate'].get_full_name()}, 8\xa0«А»"),
    ]
    assert TICK in answer.content.decode()
    assert Share.objects.count() == 0
    ask(client, work, whom=words, person=school["teacher"].pk)
    assert [one.person for one in Share.objects.all()] == [school["teacher"]]


@pytest.mark.parametrize("name", ["of_another_class", "parent_of_another", "former", "blocked"])
def test_a_key_of_somebody_else_is_refused(client, school, work, name):
    answer = ask(client, work, whom="Кузнецова", person=school[name].pk)
    assert (answer.context["form"].errors, Share.objects.count()) == ({"person": [TICK]}, 0)
    assert f'value="{school[name].pk}"' not in answer.content.decode()


def test_a_name_that_is_not_there_a_login_and_nothing_at_all_are_said_beside_the_field(client, school, pupil, work):
    said = {
        words: dict(ask(client, work, whom=words).context["form"].errors)
        for words in ("", " \x09", "Ничейная", school["teacher"].username, pupil.surname, "%", "_", "я" * 100)
    }
    empty = {"whom": ["Напишите, кому показать: фамилию или имя."]}
    assert said == dict.fromkeys(said, {"whom": [NOBODY]}) | {"": empty, " \x09": empty}
    page = ask(client, work, whom="Ничейная").content.decode()
    assert (NOBODY in page, "Кузнецова" in page, "Ничейная" in page) == (True, False, True)
    for words in ("я" * 101, "а\x00б"):
        errors = ask(client, work, whom=words).context["form"].errors
        assert (list(errors), Share.objects.count()) == (["whom"], 0)


def test_an_old_tick_does_not_stand_when_another_name_is_typed(client, school, work):
    other = factories.make_employee(position="director", surname="Ярцева")
    answer = ask(client, work, whom="Ярцева", person=school["teacher"].pk)
    assert (answer.context["form"].errors, found(answer)) == ({"person": [TICK]}, [other.pk])
    answer = ask(client, work, whom="Нет такой", person=school["teacher"].pk)
    assert (answer.context["form"].errors["whom"], found(answer)) == ([NOBODY], [])
    assert Share.objects.count() == 0


def test_what_was_chosen_stays_when_something_else_is_wrong(client, school, work):
    answer = ask(client, work, whom="Белая", person=school["mate"].pk, days="0")
    assert list(answer.context["form"].errors) == ["days"]
    assert answer.context["form"]["person"].value() == str(school["mate"].pk)
    assert re.search(rf'value="{school["mate"].pk}"[^>]* checked', answer.content.decode())


def test_a_large_school_costs_no_more_and_is_no_list(client, school, work, django_assert_max_num_queries):
    counts = []
    ask(client, work, whom="Кузнецова")
    for more in (1, 40):
        for number in range(more):
            factories.make_employee(position="teacher", surname=f"Лапина{number:02}")
        with django_assert_max_num_queries(40) as asked:
            answer = ask(client, work, whom="Лапина")
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert (len(found(answer)), answer.context["form"].has_more) == (20, True)
    page = client.get(ADD).content.decode()
    assert ("Лапина" in page, "Кузнецова" in page) == (False, False)
