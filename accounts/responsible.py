"""Who answers for what in the environment (4.2): appointments in force, in the order of areas. Reads only."""

import datetime
from dataclasses import dataclass

from accounts.models import Appointment, Position, User

# Area → what to turn there for, and the codes of positions that answer for it.
AREAS = {
    "Управление школой и средой": (
        "Решения, приказы, учебная и воспитательная работа.",
        ("director", "deputy", "deputy_upbringing", "deputy_facilities"),
    ),
    "Работа портала и защита информации": (
        "Учётные записи работников, неполадки, подозрение на чужой вход.",
        ("system_administrator",),
    ),
    "Помощь пользователям": ("Как пользоваться порталом и платформами.", ("informatics_support",)),
    "Учётные данные обучающихся": ("Логины и разовые пароли.", ("credentials_officer",)),
    "Библиотека": ("Книги, электронные библиотеки и вход в них.", ("librarian",)),
    "Методическая работа": ("Рабочие программы, методические материалы, занятия ШМО.", ("method_group_head",)),
}
PUBLIC_POSITIONS = frozenset(code for _, codes in AREAS.values() for code in codes)


@dataclass(frozen=True)
class Duty:
    """One appointment as the page shows it; `name` and `ground` are empty where they are not for the visitor."""

    title: str
    place: str
    name: str
    ground: str


@dataclass(frozen=True)
class Area:
    title: str
    about: str
    duties: list[Duty]


def concerns_public(position: Position) -> bool:
    """Does an appointment to the position stand on the public page? Whoever writes one calls touch_public()."""
    return position.code in PUBLIC_POSITIONS


def is_named_publicly(person: User) -> bool:
    """Has the person an appointment, past ones too, that the public page may show?"""
    return person.appointments.filter(position__code__in=PUBLIC_POSITIONS).exists()


def areas(date: datetime.date, *, with_names: bool) -> list[Area]:
    """The areas with those who answer for them on the date; one query."""
    rows = Appointment.objects.on(date).filter(position__code__in=PUBLIC_POSITIONS)
    rows = list(
        rows.select_related("person", "position", "method_group", "order").order_by(
            "position__order", "method_group__name", "is_acting", "person__sort_name", "pk"
        )
    )
    return [
        Area(title, about, [_duty(row, with_names) for row in rows if row.position.code in codes])
        for title, (about, codes) in AREAS.items()
    ]


def _duty(row: Appointment, with_names: bool) -> Duty:
    return Duty(
        title=row.title,
        place=str(row.method_group or ""),
        name=row.person.get_full_name() if with_names else "",
        ground=_ground(row, with_names),
    )


def _ground(row: Appointment, with_names: bool) -> str:
    """The order, else the text typed as the basis; that may name people, so it goes with the names."""
    if row.order:
        return f"Приказ № {row.order.number} от {row.order.date:%d.%m.%Y}"
    return row.basis if with_names else ""
