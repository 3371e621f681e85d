"""What the pages of orders read: years, people to choose from, the order's effects in words."""

import datetime
from collections import defaultdict

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import ExtractYear

from accounts import fact_rules
from accounts.models import (
    Appointment,
    Enrolment,
    MethodGroup,
    Order,
    OrderEffect,
    OrderKind,
    OrderLine,
    Position,
    SchoolClass,
    User,
)
from accounts.planning.facts import restored
from accounts.planning.kinds import PUPIL, rules_of
from accounts.planning.reversal import MODELS

Fact, Action = OrderEffect.Fact, OrderEffect.Action
COMING = (OrderKind.ENROLMENT, OrderKind.HIRE, OrderKind.INITIAL_LOAD)
MOST_SHOWN = 200


def years_of_orders() -> list[int]:
    return list(
        Order.objects.order_by().annotate(y=ExtractYear("date")).values_list("y", flat=True).distinct().order_by("-y")
    )


def candidates(order: Order, filters: dict, date: datetime.date) -> QuerySet[User]:
    """People who may stand in the order's lines: pupils or employees of the day, those who left where they may return.

    Nobody who stands there already, unless one may stand twice (duties in several classes).
    """
    whom = rules_of(order).whom
    facts = Enrolment.objects.filter(pupil=OuterRef("pk")) if whom == PUPIL else _appointments()
    # The day before counts too: an order of 1 September moves those who were there on 31 August.
    present = facts.overlapping(date - fact_rules.DAY, date)
    if filters["school_class"]:
        present = present.filter(school_class=filters["school_class"])
    is_coming = order.kind in COMING
    people = User.objects.all() if is_coming or filters["former"] else User.objects.filter(Exists(present))
    if is_coming:
        former = Exists(Enrolment.objects.filter(pupil=OuterRef("pk")))
        people = people.filter(former, ~Exists(present)) if whom == PUPIL else people.filter(_not_pupil(date))
    if filters["q"]:
        people = people.matching(filters["q"])
    elif is_coming and not filters["former"]:
        return people.none()
    if whom == PUPIL:
        people = people.exclude(pk__in=order.lines.filter(person__isnull=False).values("person"))
    return people.order_by("sort_name", "pk")


def _appointments():
    return Appointment.objects.filter(person=OuterRef("pk"))


def _not_pupil(date: datetime.date):
    return ~Exists(Enrolment.objects.on(date).filter(pupil=OuterRef("pk")))


def with_places(people: list[User], date: datetime.date) -> list[dict]:
    """Each person with class and positions of the day, or the last class; two queries for all."""
    keys = [person.pk for person in people]
    places = defaultdict(list)
    rows = Enrolment.objects.filter(pupil__in=keys).select_related("school_class__year").order_by("-starts")
    for row in rows:
        if row.in_force_on(date) or row.in_force_on(date - fact_rules.DAY):
            places[row.pupil_id].append(str(row.school_class))
        elif not places[row.pupil_id]:
            places[row.pupil_id].append(f"{row.school_class}, {fact_rules.term(row)}")
    posts = Appointment.objects.on(date).filter(person__in=keys).select_related("position", "school_class")
    for row in posts.order_by("position__order"):
        places[row.person_id].append(f"{row.title}, {row.school_class}" if row.school_class else row.title)
    return [{"person": person, "place": "; ".join(places[person.pk])} for person in people]


def tell_effects(order: Order, lines: list[OrderLine]) -> bool:
    """Says in `done` of each line what the execution did; was there anything? A constant number of queries."""
    effects = [row for row in order.effects.filter(line__in=lines) if row.fact in MODELS]
    facts = [(row, restored(MODELS[row.fact], row.fact_id, row.after or row.before)) for row in effects]
    _fill_names([fact for _, fact in facts])
    words = defaultdict(list)
    for row, fact in facts:
        words[row.line_id].append(f"{_told(row, fact)}{' (отменено)' if row.undone_by_id else ''}")
    for line in lines:
        line.done = words[line.pk]
    return bool(facts)


def _fill_names(facts: list) -> None:
    """Classes, positions, groups and parents of restored facts, each kind in one query."""
    for name, model in (
        ("school_class", SchoolClass),
        ("position", Position),
        ("method_group", MethodGroup),
        ("parent", User),
    ):
        keys = {key for fact in facts if (key := getattr(fact, f"{name}_id", None))}
        rows = model.objects.in_bulk(keys) if keys else {}
        for fact in facts:
            if (key := getattr(fact, f"{name}_id", None)) in rows:
                setattr(fact, name, rows[key])


def _told(effect: OrderEffect, fact) -> str:
    if effect.fact == Fact.ENROLMENT:
        what = f"класс {fact.school_class}"
    elif effect.fact == Fact.APPOINTMENT:
        place = fact.school_class or fact.method_group
        what = f"{fact.title}, {place}" if place else fact.title
    else:
        what = f"законный представитель {fact.parent}"
    verb = {Action.ADDED: "", Action.CHANGED: "закончилось: ", Action.REMOVED: "убрано: "}[effect.action]
    return f"{verb}{what}, {fact_rules.term(fact)}"
