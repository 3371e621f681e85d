"""Who sees and does what in the journal (access.md, «Rows»). Superuser rights and the system administrator's duty open
nothing here: they see no marks."""

import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Least

from accounts.models import Appointment, Enrolment, Relation, SchoolClass, User
from journal.models import Gradebook, TeachingLoad

MANAGERS = frozenset({"director", "deputy"})
READERS = MANAGERS | {"deputy_upbringing"}


def manages(person: User) -> bool:
    """Keeps the load, loads files, calls councils, archives sheets: the director and the deputy for teaching."""
    return bool(MANAGERS & person.position_codes)


def reads_all(person: User) -> bool:
    """Sees all of teaching."""
    return bool(READERS & person.position_codes)


def leads(person: User, school_class: SchoolClass) -> bool:
    return any(one.pk == school_class.pk for one in person.led_classes)


def sees_reasons(person: User, school_class: SchoolClass) -> bool:
    """Reasons of absence of a class: its class teacher, the deputy heads, the director. Others see «Н» and «о».

    A pupil's own and the parents' diary shows reasons too; that is asked of `diaries_of`.
    """
    return reads_all(person) or leads(person, school_class)


def sees_class(person: User, school_class: SchoolClass) -> bool:
    """All subjects of a class, its sheets and reports."""
    return reads_all(person) or leads(person, school_class)


def classes_seen(person: User, classes: QuerySet[SchoolClass] | None = None) -> QuerySet[SchoolClass]:
    """Classes all of whose subjects the person sees, of all years."""
    found = SchoolClass.objects.all() if classes is None else classes
    return found if reads_all(person) else found.filter(pk__in=[one.pk for one in person.led_classes])


def gradebooks_seen(person: User, date: datetime.date) -> QuerySet[Gradebook]:
    """Gradebooks that an employee may read: of the own load, of the led classes, of the own ШМО's teachers, or all.

    Of a past year one reads what one taught when it ended; a load that ended earlier opens the lessons of its days, see
    `taught`, and nothing else any more.
    """
    if reads_all(person):
        return Gradebook.objects.all()
    own = Q(Exists(_loads(date).filter(teacher=person))) | Q(school_class__in=[one.pk for one in person.led_classes])
    groups = [one.method_group_id for one in person.appointments_now if one.position.code == "method_group_head"]
    if groups:
        members = Appointment.objects.on(date).filter(person=OuterRef("teacher"), method_group__in=groups)
        own |= Q(Exists(_loads(date).filter(Exists(members))))
    return Gradebook.objects.filter(own)


def _loads(date: datetime.date) -> QuerySet[TeachingLoad]:
    """Loads of the outer gradebook in force on the date, or at the end of its year where that has passed."""
    until = Least(date, "gradebook__school_class__year__ends")
    rows = TeachingLoad.objects.filter(gradebook=OuterRef("pk"), starts__lte=date)
    return rows.filter(Q(ends__isnull=True) | Q(ends__gte=until))


def teaches(person: User, gradebook: Gradebook, date: datetime.date) -> bool:
    """Enters marks and proposes results: by the load in force (7.2)."""
    return TeachingLoad.objects.on(date).filter(gradebook=gradebook, teacher=person).exists()


def taught(person: User, gradebook: int, day: datetime.date, date: datetime.date) -> bool:
    """Did the person teach the gradebook on a day that has been? Whose load has ended reads its lessons, one by one."""
    return day <= date and TeachingLoad.objects.on(day).filter(gradebook=gradebook, teacher=person).exists()


def gave(person: User, gradebook: int, day: datetime.date, date: datetime.date) -> bool:
    """Did the person give the gradebook's lessons of a day that has been, in the place of another? The lessons of that
    day are entered by who gave them, and nothing else of the gradebook is opened by it (7.2)."""
    loads = TeachingLoad.objects.on(day).for_some_days().filter(gradebook=gradebook, teacher=person)
    return day <= date and loads.exists()


def diaries_of(person: User, date: datetime.date) -> QuerySet[User]:
    """Pupils whose whole diary, reasons of absence included, the person may read: oneself, the own children while
    they are enrolled and the relation lasts, pupils of the led classes; for the deputy heads and the director all."""
    pupils = User.objects.filter(Exists(Enrolment.objects.filter(pupil=OuterRef("pk"))))
    if reads_all(person):
        return pupils
    led = Enrolment.objects.on(date).filter(school_class__in=[one.pk for one in person.led_classes]).values("pupil")
    return pupils.filter(_own(person, date) | Q(pk__in=led))


def own_diaries(person: User, date: datetime.date) -> QuerySet[User]:
    """Those of the family: oneself while a pupil, the own children while they are enrolled and the relation lasts."""
    return User.objects.filter(_own(person, date))


def _own(person: User, date: datetime.date) -> Q:
    own = Q(pk=person.pk) if person.is_pupil else Q(pk__in=[])
    if not person.is_parent:
        return own
    return own | Q(pk__in=Relation.objects.living(date).filter(parent=person).values("pupil"))


def people_who_open(date: datetime.date) -> QuerySet[User]:
    """Whom a teacher asks to open a gradebook: the deputy heads for teaching, without one the director."""
    appointed = Appointment.objects.on(date)
    deputies = appointed.filter(position__code="deputy")
    people = User.objects.filter(pk__in=deputies.values("person"))
    directors = appointed.filter(position__code="director").exclude(Exists(deputies))
    return people | User.objects.filter(pk__in=directors.values("person"))
