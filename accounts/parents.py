"""Lawful representatives of the pupils of a class, and people who may be the one just entered (9.1). Reads only."""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from accounts.models import Relation, SchoolCard, SchoolClass, User
from eios.lib import search

PHONE_DIGITS = 10


@dataclass(frozen=True)
class Line:
    """One relation of a pupil on a date: in force, to come or over; and what is with the parent's account."""

    relation: Relation
    tag: str
    account: str
    is_over: bool
    can_end: bool


@dataclass(frozen=True)
class Row:
    pupil: User
    lines: list[Line]

    @property
    def has_any(self) -> bool:
        return any(not line.is_over for line in self.lines)


def rows_of(pupils: QuerySet[User], school: SchoolCard, date: datetime.date) -> list[Row]:
    """The pupils with their representatives, those in force first; three queries for any number."""
    relations = Relation.objects.select_related("parent", "confirmed_by").order_by("-starts", "pk")
    pupils = list(pupils.prefetch_related(Prefetch("parent_relations", relations, to_attr="represented_by")))
    keys = {row.parent_id for pupil in pupils for row in pupil.represented_by}
    parents = {person.pk: person for person in User.objects.with_standing(date).filter(pk__in=keys)}
    return [
        Row(pupil, sorted((_line(row, parents, school, date) for row in pupil.represented_by), key=_is_over))
        for pupil in pupils
    ]


def _is_over(line: Line) -> bool:
    return line.is_over


def _line(row: Relation, parents: dict[int, User], school: SchoolCard, date: datetime.date) -> Line:
    is_over = row.ends is not None and row.ends < date
    tag, words = ("", "") if is_over else account_of(parents[row.parent_id], school)
    return Line(row, tag, words, is_over, can_end=row.ends is None or row.ends > date)


def account_of(parent: User, school: SchoolCard) -> tuple[str, str]:
    """The look and the words of the state of a parent's account, without its contacts or login."""
    if parent.standing_blocked:
        return "no", "заблокирована"
    if not school.parents_have_cabinets and not parent.standing_employee:
        return "info", "кабинеты родителей выключены"
    if not (parent.standing_parent or parent.standing_employee):
        return "info", "откроется в первый день"
    return ("ok", "вход выполнен") if parent.last_login else ("wait", "ещё не входил(а)")


def in_force_by_pupil(pupils: Iterable[User], date: datetime.date) -> dict[int, list[Relation]]:
    """Relations in force on the date, by pupil; one query."""
    found: dict[int, list[Relation]] = {}
    rows = Relation.objects.on(date).filter(pupil__in=[pupil.pk for pupil in pupils]).select_related("parent")
    for row in rows.order_by("parent__sort_name", "pk"):
        found.setdefault(row.pupil_id, []).append(row)
    return found


# Is it somebody whom the portal knows?


@dataclass(frozen=True)
class Match:
    """A known person of exactly this name, and what else agrees."""

    person: User
    agrees: tuple[str, ...]

    @property
    def words(self) -> str:
        return "совпали имя и " + ", ".join(self.agrees)


def matches(
    *,
    surname: str,
    name: str,
    patronymic: str,
    birth_date: datetime.date | None,
    phone: str,
    email: str,
    school_class: SchoolClass,
    date: datetime.date,
) -> list[Match]:
    """Who of the people known may be the one entered: the whole name agrees and a birth date, phone or e-mail too.

    Nothing is shown but what was typed, so nobody learns of people of other classes by asking. By the name alone only
    representatives of pupils of this very class are found, whom the page shows anyway. Pupils are no representatives.
    """
    own = set(Relation.objects.filter(pupil__in=_pupils(school_class, date)).values_list("parent_id", flat=True))
    found = []
    for person in _namesakes(surname, name, patronymic, date):
        agrees = _agrees(person, birth_date, phone, email, is_known_here=person.pk in own)
        if agrees:
            found.append(Match(person, agrees))
    return found


def _pupils(school_class: SchoolClass, date: datetime.date):
    return User.objects.in_classes([school_class], date).order_by().values("pk")


def _namesakes(surname: str, name: str, patronymic: str, date: datetime.date) -> list[User]:
    """People of exactly this full name, ё as е and in any case; not today's pupils."""
    wanted = folded(surname, name, patronymic)
    people = User.objects.with_standing(date).filter(sort_name__startswith=f"{wanted} ", standing_pupil=False)
    return [one for one in people if folded(one.surname, one.name, one.patronymic) == wanted]


def folded(*names: str) -> str:
    return search.fold(" ".join(" ".join(names).split()))


def _agrees(person: User, birth_date, phone: str, email: str, *, is_known_here: bool) -> tuple[str, ...]:
    """What agrees besides the name; a birth date that differs speaks against, whatever else agrees."""
    if birth_date and person.birth_date and birth_date != person.birth_date:
        return ()
    facts = [
        ("дата рождения", birth_date is not None and birth_date == person.birth_date),
        ("телефон", _digits(phone) != "" and _digits(phone) == _digits(person.phone)),
        ("почта", email != "" and email.casefold() == person.email.casefold()),
        ("другой обучающийся этого класса", is_known_here),
    ]
    return tuple(words for words, is_so in facts if is_so)


def _digits(phone: str) -> str:
    """The last ten digits, so that +7 and 8 are one; "" for what is no full number."""
    digits = re.sub(r"\D", "", phone)[-PHONE_DIGITS:]
    return digits if len(digits) == PHONE_DIGITS else ""
