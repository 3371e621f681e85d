"""Who may block and unblock whom, and whose reports one sees (12.2). Reads only.

The system administrator: everybody (holders of the right over the installation only by their like). The credentials
officer, the director and the deputies: pupils and parents. A class teacher: pupils of the own class and their parents.
An employee, a parent or not, is the system administrator's (9.2).
"""

import datetime

from django.db.models import Q, QuerySet

from accounts.models import AccessReport, Appointment, Block, Enrolment, Relation, User

OFFICER = "credentials_officer"
# Of families, each of these blocks all.
OVER_FAMILIES = frozenset({OFFICER, "director", "deputy", "deputy_upbringing"})


def people_within(actor: User, date: datetime.date) -> QuerySet[User]:
    """Whom the actor may block and unblock; with the standing of the date."""
    if actor.is_system_administrator:
        people = User.objects.with_standing(date)
        return people if actor.is_superuser else people.filter(is_superuser=False)
    if actor.position_codes & OVER_FAMILIES:
        return families(date)
    return families_of_leader(actor.pk, date) if actor.led_classes else User.objects.none()


def families(date: datetime.date) -> QuerySet[User]:
    """Pupils and parents who are nothing more at school."""
    return User.objects.with_standing(date).filter(
        Q(standing_pupil=True) | Q(standing_parent=True), standing_employee=False, is_superuser=False
    )


def families_of_leader(leader_key: int, date: datetime.date) -> QuerySet[User]:
    """Pupils of the classes that one leads, and their parents."""
    led = Appointment.objects.on(date).filter(person=leader_key, position__code="class_teacher")
    pupils = Enrolment.objects.on(date).filter(school_class__in=led.values("school_class")).values("pupil")
    parents = Relation.objects.on(date).filter(pupil__in=pupils).values("parent")
    return families(date).filter(Q(pk__in=pupils) | Q(pk__in=parents))


def reports_within(actor: User, date: datetime.date) -> QuerySet[AccessReport]:
    """Reports about people within one's scope; those under nobody's login are the system administrator's."""
    if actor.is_system_administrator:
        return AccessReport.objects.all()
    return AccessReport.objects.filter(person__in=people_within(actor, date).values("pk"))


def may_lift(actor: User, block: Block) -> bool:
    """What a system administrator has closed only one of them opens; asked for a person within the actor's scope."""
    if block.person_id == actor.pk:
        return False
    return actor.is_system_administrator or block.by is None or not block.by.is_system_administrator


def may_issue(actor: User) -> bool:
    """Is the new password, too, the actor's to issue? Others ask the officer (9.2, 9.4)."""
    return actor.is_system_administrator or OFFICER in actor.position_codes
