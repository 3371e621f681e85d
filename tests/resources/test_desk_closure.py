"""The desk of an element's administrator: closure, conditions and governing acts (3.3, 5.2, 5.3, 5.11)."""

import pytest
from django.core.exceptions import ValidationError

from accounts.actor import Actor
from accounts.models import AuditEntry
from resources.actions import elements as actions
from resources.models import Condition
from tests.factories import (
    make_document,
    make_element,
    make_employee,
    make_training,
    sign_in,
)
from tests.resources.at_desk import make_part, of, page, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


# Closure


@pytest.mark.clause("5.3")
def test_an_administrator_tightens_and_never_loosens(client, keeper):
    part = make_part()
    change = page("desk_closure_change")
    for level in ("0", "1", "9", "above", ""):
        assert client.get(change, {"closure": level}).status_code == 302
        client.post(change, {"closure": level, "basis": "Хочу"})
    assert of("sgo").closure == 1
    make_element(slug="sgo-open", name="Объявления", parent=of("sgo"), closure=2)
    preview = words(client.get(change, {"closure": "4"}))
    assert "Вместе с ним изменятся части: Инструкции." in preview
    assert "ниже новой, останутся части: Объявления (2 — Работники)." in preview
    assert "Было: 1 — Авторизованный. Станет: 4 — Руководство." in preview
    assert "Обязательное поле" in words(client.post(change, {"closure": "4", "basis": ""}))
    client.post(change, {"closure": "4", "basis": "Персональные данные"})
    assert [of(slug).closure for slug in ("sgo", part.slug)] == [4, 4]
    entry = AuditEntry.objects.of(of("sgo")).first()
    assert (entry.actor, entry.basis) == (keeper, "Персональные данные")
    assert client.get(page("desk_closure")).context["closure_form"].fields["closure"].choices[1:] == [
        ("5", "5 — Поимённо")
    ]


@pytest.mark.clause("5.3")
def test_the_system_administrator_sets_any_closure_under_the_policy(client, keeper, admin):
    change = page("desk_closure_change")
    policy, rules = make_document(title="Политика", kind="policy"), make_document(title="Правила")
    for ground in ("", rules.pk):
        client.post(change, {"closure": "0", "ground": ground, "basis": "Приказ №3"})
        assert of("sgo").closure == 1
    client.post(change, {"closure": "0", "ground": policy.pk, "basis": "Приказ №3"})
    assert (of("sgo").closure, of("sgo").closure_ground) == (0, policy)
    part = make_part(own_closure=4)
    client.post(page("desk_closure_change", part.slug), {"closure": "above", "ground": policy.pk, "basis": "Приказ №3"})
    assert (of(part.slug).own_closure, of(part.slug).closure) == (None, 0)


@pytest.mark.clause("10.1")
def test_a_library_and_its_parts_close_no_higher_than_one(client, admin):
    part = make_part(parent="neb")
    for slug in ("neb", part.slug):
        assert client.get(page("desk_closure_change", slug), {"closure": "2"}).status_code == 302
        answer = client.post(page("desk_closure_change", slug), {"closure": "2", "basis": "Так"}, follow=True)
        assert (of(slug).closure <= 1, "Такой уровень здесь установить нельзя" in words(answer)) == (True, True)


# Conditions and acts


def add_condition(client, kind: str, **fields):
    return client.post(page("desk_condition_add"), {"kind": kind, "basis": "Приказ", **fields})


@pytest.mark.clause("5.11")
def test_a_condition_that_would_lock_its_author_out_is_refused(client, keeper, school):
    school(local_networks="10.0.0.0/8")
    document = make_document()
    asked = [("second_factor", {}), ("training", {}), ("network", {}), ("acquaintance", {"document": document.pk})]
    for kind, fields in asked:
        answer = add_condition(client, kind, **fields)
        assert (kind, "закрыли бы элемент себе" in words(answer)) == (kind, True)
    assert Condition.objects.count() == 0


def test_a_network_is_demanded_only_where_the_school_has_named_one(client, keeper, school):
    assert "не указаны её сети" in words(add_condition(client, "network"))
    school(local_networks="127.0.0.0/8")
    assert add_condition(client, "network").status_code == 302
    assert "127.0.0.0/8" in words(client.get(page("desk_closure")))
    assert "Такое условие уже есть" in words(add_condition(client, "network"))


@pytest.mark.clause("3.2")
def test_a_condition_is_set_by_the_administrator_and_removed_by_the_system_administrator(client, keeper, admin):
    training = make_training(person=keeper, confirmed_by=admin, title="СГО в школе")
    sign_in(client, keeper)
    client.post("/elements/sgo/training/", {"topics": [training.title]})
    assert add_condition(client, "training").status_code == 302
    part = make_part()
    answer = client.get(page("desk_closure", part.slug))
    assert "выше: АИС Сетевой город. Образование" in words(answer)
    other = make_employee()
    sign_in(client, other)
    assert client.get("/elements/sgo/").context["decision"].allowed is False
    sign_in(client, keeper)
    condition = Condition.objects.get()
    assert client.post(page("desk_condition_remove", part.slug, condition.pk), {"basis": "Так"}).status_code == 404
    remove = page("desk_condition_remove", "sgo", condition.pk)
    assert (remove in words(client.get(page("desk_closure"))), client.get(remove).status_code) == (False, 404)
    assert client.post(remove, {"basis": "Мешает"}).status_code == 404
    with pytest.raises(ValidationError, match="снимает системный администратор"):
        actions.remove_condition(condition, by=Actor(keeper, "", keeper.username))
    sign_in(client, admin)
    assert client.post(remove, {"basis": "Отменено"}).status_code == 302
    sign_in(client, other)
    assert client.get("/elements/sgo/").context["decision"].allowed is True


@pytest.mark.clause("3.3")
def test_governing_acts_stand_in_the_card(client, keeper):
    act = make_document(title="Положение о доступе к СГО")
    client.post(page("desk_acts"), {"documents": [act.pk]})
    client.logout()
    assert "Положение о доступе к СГО" in words(client.get("/elements/sgo/"))
