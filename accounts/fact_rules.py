"""What may stand beside what: rules of enrolments and appointments as pure questions about rows at hand.

The actions ask them of rows from the database, the planning of orders of rows as they would stand. Each answer is a
Russian sentence, or "" where all is well.
"""

import datetime
from collections.abc import Iterable

from accounts.models import Appointment, Enrolment, SchoolClass
from accounts.models.facts import DatedFact
from eios.lib import russian

CLASS_TEACHER, METHOD_GROUP_HEAD, SYSTEM_ADMINISTRATOR = "class_teacher", "method_group_head", "system_administrator"
DESIGNATED_PERSON = "designated_person"
DAY = datetime.timedelta(days=1)


def term(row: DatedFact) -> str:
    """«с 01.09.2026 по 31.08.2027», or without an end."""
    starts = f"с {russian.short_date(row.starts)}"
    return f"{starts} по {russian.short_date(row.ends)}" if row.ends else starts


def overlap(one: DatedFact, other: DatedFact) -> bool:
    """Is there a day on which both are in force?"""
    first_ends, second_ends = one.ends or datetime.date.max, other.ends or datetime.date.max
    return one.starts <= second_ends and other.starts <= first_ends


def outside_year(row: DatedFact, school_class: SchoolClass) -> str:
    """A fact about a class touches the year of the class."""
    year = school_class.year
    if row.starts > year.ends or (row.ends and row.ends < year.starts):
        return f"Класс {school_class} — {year} учебного года, а указаны другие дни: {term(row)}."
    return ""


def enrolment_conflict(row: Enrolment, others: Iterable[Enrolment]) -> str:
    """A pupil is in one class on any date; `others` are the same pupil's."""
    for other in others:
        if overlap(row, other):
            return f"{row.pupil} в эти дни уже числится в классе {other.school_class}: {term(other)}{_by_order(other)}."
    return ""


def appointment_conflict(row: Appointment, others: Iterable[Appointment]) -> str:
    """The same appointment twice, a second class teacher of a class, a second head of a method group."""
    rivals = [other for other in others if other.position_id == row.position_id and overlap(row, other)]
    for other in rivals:
        if (other.person, other.school_class_id, other.method_group_id) == _place(row):
            return f"{row.person} уже занимает эту должность: {other.title}, {term(other)}."
    # One who stands in works beside the one who is away, so acting ones count apart.
    for other in rivals:
        if other.is_acting == row.is_acting and (reason := _is_taken(row, other)):
            return f"{reason}: {other.person}, {term(other)}."
    return ""


def _place(row: Appointment) -> tuple:
    return row.person, row.school_class_id, row.method_group_id


def _is_taken(row: Appointment, other: Appointment) -> str:
    if row.position.code == CLASS_TEACHER and other.school_class_id == row.school_class_id:
        return "У класса уже есть классный руководитель"
    if row.position.code == METHOD_GROUP_HEAD and other.method_group_id == row.method_group_id:
        return "У ШМО уже есть руководитель"
    return ""


def wrong_place(row: Appointment) -> tuple[str, str]:
    """(field, sentence) where the class or the method group does not suit the position; ("", "") where it does."""
    code = row.position.code
    if code == CLASS_TEACHER and row.school_class is None:
        return "school_class", "Укажите класс: классный руководитель назначается в класс."
    if code not in (CLASS_TEACHER, DESIGNATED_PERSON) and row.school_class is not None:
        return "school_class", "Класс указывают только классному руководителю и уполномоченному лицу."
    if code == METHOD_GROUP_HEAD and row.method_group is None:
        return "method_group", "Укажите ШМО, которым человек руководит."
    if row.school_class and (reason := outside_year(row, row.school_class)):
        return "school_class", reason
    return "", ""


def _by_order(row: Enrolment) -> str:
    return f" ({row.order.reference})" if row.order_id else ""
