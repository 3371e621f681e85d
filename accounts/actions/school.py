"""The verbs that write the school itself: its card, years, classes, positions and method groups."""

import datetime
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.actions.dictionaries import save_row
from accounts.actor import Actor
from accounts.models import AcademicYear, MethodGroup, Position, SchoolCard, SchoolClass
from accounts.models.school import parse_class_name
from eios.lib.data_files import read_toml

POSITIONS_FILE = Path(__file__).parent.parent / "data" / "positions.toml"


@transaction.atomic
def change_card(*, by: Actor, basis: str = "", **fields) -> SchoolCard:
    """Changes what the school's card says; cached public pages are stale from now on. Raises ValidationError."""
    card = SchoolCard.objects.select_for_update().filter(pk=1).first() or SchoolCard(pk=1)
    before = audit.snapshot(card, fields)
    for name, value in fields.items():
        setattr(card, name, value)
    card.full_clean()
    changes = audit.difference(before, audit.snapshot(card, fields))
    if changes:
        card.save()
        audit.record(by, "school_card.changed", card, changes, basis)
        SchoolCard.touch_public()
    return card


@transaction.atomic
def open_year(*, by: Actor, starts: datetime.date, ends: datetime.date | None = None, basis: str = "") -> AcademicYear:
    """A school year from the date; without `ends`, to the 31 August that follows.

    Raises ValidationError where it would overlap another year.
    """
    ends = ends or AcademicYear.usual_dates(starts)[1]
    return save_year(AcademicYear(starts=starts, ends=ends), by=by, basis=basis)


@transaction.atomic
def save_year(year: AcademicYear, *, by: Actor, basis: str = "") -> AcademicYear:
    """Adds a year or changes its days; every date belongs to one year at most. Raises ValidationError."""
    other = AcademicYear.objects.overlapping(year.starts, year.ends).exclude(pk=year.pk).first()
    if other:
        raise ValidationError(f"В эти дни идёт другой учебный год: {other}.")
    return save_row(year, by=by, basis=basis)


@transaction.atomic
def add_class(*, year: AcademicYear, name: str, by: Actor, basis: str = "") -> SchoolClass:
    """A class of the year by its name, typed as people type it: 5А, 5-а, Latin 5A.

    Raises ValidationError: no such name, a grade above the school's highest, or the class is there already.
    """
    grade, letter = parse_class_name(name)
    return save_class(SchoolClass(year=year, grade=grade, letter=letter), by=by, basis=basis)


@transaction.atomic
def save_class(row: SchoolClass, *, by: Actor, basis: str = "") -> SchoolClass:
    """Adds a class or corrects its letter. Moving a class to another grade is a matter of orders: that is promotion.

    Raises ValidationError.
    """
    check_grade(row.grade)
    old = SchoolClass.objects.filter(pk=row.pk).first()
    if old and old.grade != row.grade and row.enrolments.exists():
        raise ValidationError("В классе есть обучающиеся: в другую параллель их переводит приказ.")
    return save_row(row, by=by, basis=basis)


def check_grade(grade: int) -> None:
    """Raises ValidationError for a grade above the highest one on the school's card."""
    highest = SchoolCard.current().highest_grade
    if grade > highest:
        raise ValidationError(f"В школе классы с 1 по {highest}: старший класс указан в карточке школы.")


@transaction.atomic
def save_named(row: Position | MethodGroup, *, by: Actor) -> Position | MethodGroup:
    """Adds or changes a position or a method group; guests read their names on the page of responsible persons.

    Raises ValidationError.
    """
    saved = save_row(row, by=by)
    SchoolCard.touch_public()
    # What workers remember of privileges names positions.
    SchoolCard.touch_access()
    return saved


@transaction.atomic
def load_positions(*, by: Actor) -> int:
    """The usual positions, duties and method groups with their access levels (5.3); how many were added.

    What the school has already, by code or by name, stays as the school made it.
    """
    data = read_toml(POSITIONS_FILE)
    codes = set(Position.objects.values_list("code", flat=True))
    names = set(Position.objects.values_list("name", flat=True))
    groups = set(MethodGroup.objects.values_list("name", flat=True))
    rows = [
        Position(order=order * 10, **table)
        for order, table in enumerate(data["position"], 1)
        if table["code"] not in codes and table["name"] not in names
    ]
    rows += [MethodGroup(**table) for table in data["method_group"] if table["name"] not in groups]
    for row in rows:
        save_row(row, by=by, basis="Исходный перечень должностей")
    return len(rows)
