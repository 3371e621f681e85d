"""People as the management finds them: the list with its filters, and the card of one person. Reads only."""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import Appointment, Block, Enrolment, Order, OrderLine, Relation, User
from eios.lib import russian

_MINE = OuterRef("pk")
# Groups of the list: code in the address → title, and the rule. One person may be in several.
STATUSES: dict[str, tuple[str, Q]] = {
    "": ("Все", Q()),
    "pupils": ("Обучающиеся", Q(standing_pupil=True)),
    "staff": ("Работники", Q(standing_employee=True)),
    "parents": ("Родители", Q(Exists(Relation.objects.filter(parent=_MINE)))),
    "former": (
        "Бывшие",
        Q(standing_pupil=False, standing_employee=False)
        & (Q(Exists(Enrolment.objects.filter(pupil=_MINE))) | Q(Exists(Appointment.objects.filter(person=_MINE)))),
    ),
    "blocked": ("Заблокированные", Q(standing_blocked=True)),
    "never": (
        "Ещё не входили",
        Q(last_login__isnull=True) & (Q(standing_pupil=True) | Q(standing_employee=True) | Q(standing_parent=True)),
    ),
}


def listed(filters: dict[str, str], date: datetime.date) -> QuerySet[User]:
    """Everybody whom the filters choose, by name, with what `Row` shows; four queries more for any number."""
    people = User.objects.with_standing(date).matching(filters["q"]).filter(STATUSES[filters["status"]][1])
    if filters["school_class"]:
        people = people.in_classes([filters["school_class"]], date)
    return people.order_by("sort_name", "pk").prefetch_related(
        Prefetch("enrolments", _enrolments(), to_attr="places"),
        Prefetch("appointments", _appointments(), to_attr="posts"),
        Prefetch("children_relations", Relation.objects.on(date).select_related("pupil"), to_attr="kin"),
    )


def _enrolments() -> QuerySet[Enrolment]:
    related = ("school_class__year", "order", "ended_by")
    return Enrolment.objects.select_related(*related).order_by("-starts", "-pk")


def _appointments() -> QuerySet[Appointment]:
    related = ("position", "school_class", "method_group", "order", "ended_by")
    return Appointment.objects.select_related(*related).order_by("-starts", "position__order", "pk")


@dataclass(frozen=True)
class Row:
    """A line of the list: a person taken by `listed`, and who that is at school."""

    person: User
    date: datetime.date

    @property
    def who(self) -> str:
        """«5 «А»», «учитель, родитель», «до 30.06.2026: 9 «А»»."""
        words = [str(row.school_class) for row in self.person.places if row.in_force_on(self.date)]
        words += [row.title for row in reversed(self.person.posts) if row.in_force_on(self.date)]
        words += [f"родитель: {', '.join(row.pupil.get_short_name() for row in self.person.kin)}"] * bool(
            self.person.kin
        )
        return ", ".join(words) or self._formerly

    @property
    def _formerly(self) -> str:
        ended = [row for row in (*self.person.places, *self.person.posts) if row.ends and row.ends < self.date]
        if not ended:
            return ""
        last = max(ended, key=lambda row: row.ends)
        what = last.school_class if isinstance(last, Enrolment) else last.title
        return f"до {russian.short_date(last.ends)}: {what}"

    @property
    def account(self) -> "Account":
        return Account.of(self.person)


@dataclass(frozen=True)
class Account:
    """The state of an account in a word, with the look of its tag."""

    kind: str
    words: str

    @classmethod
    def of(cls, person: User) -> "Account":
        if person.is_blocked:
            return cls("no", "заблокирована")
        if not person.is_alive:
            return cls("", "закрыта")
        if person.last_login is None:
            return cls("wait", "входа не было")
        return cls("ok", f"вход {timezone.localtime(person.last_login):%d.%m.%Y}")


@dataclass(frozen=True)
class Card:
    """Everything that the portal knows of one person's place at school; nothing of marks and works."""

    person: User
    account: Account
    enrolments: list[Enrolment]
    appointments: list[Appointment]
    parents: list[Relation]
    children: list[Relation]
    blocks: list[Block]
    lines: list[OrderLine]


def card_of(key: int, date: datetime.date) -> Card:
    """The card of the person with this key. Raises User.DoesNotExist."""
    person = User.objects.with_standing(date).get(pk=key)
    lines = OrderLine.objects.filter(person=person).select_related("order", "school_class", "position")
    kin = Relation.objects.order_by("-starts", "pk")
    return Card(
        person=person,
        account=Account.of(person),
        enrolments=list(_enrolments().filter(pupil=person)),
        appointments=list(_appointments().filter(person=person)),
        parents=list(kin.filter(pupil=person).select_related("parent")),
        children=list(kin.filter(parent=person).select_related("pupil")),
        blocks=list(person.blocks.select_related("by", "lifted_by").order_by("-since")),
        lines=list(lines.exclude(order__state=Order.State.DRAFT).order_by("-order__date", "-order", "number")),
    )
