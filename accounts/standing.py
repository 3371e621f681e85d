"""Who a person is at school today, in words for the cabinet."""

from accounts.models import Appointment, Relation, User
from eios.lib.dates import today


def in_words(person: User) -> list[str]:
    """«Учитель», «Классный руководитель, 5 «А»», «Обучающийся, 9 «А»», «Родитель: Петров Иван»."""
    lines = [_duty(row) for row in person.appointments_now]
    if person.is_superuser and "system_administrator" not in person.position_codes:
        lines.append("Системный администратор")
    if person.is_pupil:
        lines.append(f"Обучающийся, {person.school_class_now}")
    if person.is_parent:
        lines.append("Родитель: " + ", ".join(child.get_full_name() for child in children_of(person)))
    return lines


def _duty(row: Appointment) -> str:
    place = row.school_class or row.method_group
    title = row.title[:1].upper() + row.title[1:]
    return f"{title}, {place}" if place else title


def children_of(person: User) -> list[User]:
    """Enrolled children of a parent, by relations in force today."""
    rows = Relation.objects.living(today()).filter(parent=person).select_related("pupil")
    return [row.pupil for row in rows.order_by("pupil__sort_name")]
