"""Who sees and does what with portfolios (access.md, «Rows»; 1.3 d, 11). Reads only.

Superuser rights and the system administrator's duty open nothing here. Drafts are for their authors alone: neither
parents nor the management see them. What was shown is seen beside that (portfolio.sharing).
"""

import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.models import Enrolment, SchoolClass, User
from journal import rights as journal
from journal.models import TeachingLoad
from portfolio import sharing
from portfolio.models import Achievement, Event, Origin, Review, Share, State, Work, WorkAuthor, WorkVersion

# Who heads the school's side of portfolios: rules, rating, rubrics, statistics, leavers.
MANAGERS = journal.READERS
# Of the child's entries parents see those that count or wait; the class teacher also what was sent back.
FOR_PARENTS = (State.SUBMITTED, State.CONFIRMED, State.REPLACED)
FOR_STAFF = (*FOR_PARENTS, State.RETURNED)


def manages(person: User) -> bool:
    """The director and the deputy heads."""
    return bool(MANAGERS & person.position_codes)


def leads_somebody(person: User) -> bool:
    return bool(person.led_classes)


def enters_events(person: User) -> bool:
    """Any employee but one who is nothing but the system administrator: that duty opens no portfolio."""
    return bool(person.position_codes - {"system_administrator"})


def pupils_seen(person: User, date: datetime.date) -> QuerySet[User]:
    """Pupils whose portfolio the person reads by duty or as family: oneself, the own children, the led classes; the
    management all who were ever enrolled."""
    return journal.diaries_of(person, date)


def family_of(person: User, date: datetime.date) -> QuerySet[User]:
    """Oneself while a pupil, and the own children."""
    return journal.own_diaries(person, date)


def pupils_led(person: User, date: datetime.date) -> QuerySet[User]:
    """Whose entries the person checks: pupils of the led classes, for the management all who are enrolled."""
    enrolled = Enrolment.objects.on(date)
    if not manages(person):
        enrolled = enrolled.filter(school_class__in=[one.pk for one in person.led_classes])
    return User.objects.filter(pk__in=enrolled.values("pupil"))


def classes_led(person: User, date: datetime.date) -> QuerySet[SchoolClass]:
    """Classes of the year whose portfolios the person leads: the own ones, for the management all."""
    classes = SchoolClass.objects.of_year_on(date)
    return classes if manages(person) else classes.filter(pk__in=[one.pk for one in person.led_classes])


# Achievements


def achievements_seen(person: User, date: datetime.date) -> QuerySet[Achievement]:
    """By duty, as family and the own; those shown by shares are asked of `sharing`."""
    own = Q(pupil=person)
    children = Q(pupil__in=journal.own_diaries(person, date).exclude(pk=person.pk).values("pk"))
    seen = own | (children & Q(state__in=FOR_PARENTS))
    if manages(person):
        seen |= Q(state__in=FOR_STAFF)
    elif person.led_classes:
        seen |= Q(pupil__in=pupils_led(person, date).values("pk"), state__in=FOR_STAFF)
    return Achievement.objects.filter(seen)


def achievements_checked(person: User, date: datetime.date) -> QuerySet[Achievement]:
    """Pupils' entries that the person may confirm or return: of the led classes, for the management of all, also of
    those who have left and whose archive is to be whole; never the own ones."""
    rows = Achievement.objects.filter(origin=Origin.PUPIL).exclude(pupil=person)
    return rows if manages(person) else rows.filter(pupil__in=pupils_led(person, date).values("pk"))


def events_kept(person: User) -> QuerySet[Event]:
    """Events whose participants the person enters: those that one entered, for the management all."""
    return Event.objects.all() if manages(person) else Event.objects.filter(created_by=person)


# Works


def works_seen(person: User, date: datetime.date) -> QuerySet[Work]:
    """The own ones in any state, those at which one is named as a co-author; submitted ones of the own children and
    led classes, of pupils whom one teaches the work's subject, those that one mentors; the management all submitted.
    Works that were shown to the person are among them."""
    return Work.objects.filter(_concern(person, date) | _shown(person, date))


def _concern(person: User, date: datetime.date) -> Q:
    """Works that the person sees without their having been shown."""
    named = WorkAuthor.objects.filter(work=OuterRef("pk"))
    own = Q(Exists(named.filter(person=person)))
    if manages(person):
        return own | Q(submitted_at__isnull=False)
    agreed = named.filter(agreed_at__isnull=False)
    submitted = Q(mentor=person) | Q(Exists(agreed.filter(person__in=_family(person, date))))
    if person.led_classes:
        submitted |= Q(Exists(agreed.filter(person__in=pupils_led(person, date).values("pk"))))
    if person.is_employee:
        submitted |= Q(Exists(agreed.filter(Exists(_taught(person, date)))))
    return own | (Q(submitted_at__isnull=False) & submitted)


def _family(person: User, date: datetime.date) -> QuerySet:
    return journal.own_diaries(person, date).exclude(pk=person.pk).values("pk")


def _taught(person: User, date: datetime.date) -> QuerySet[TeachingLoad]:
    """Of an author: the person teaches the author's class the subject of the work."""
    classes = Enrolment.objects.on(date).filter(pupil=OuterRef(OuterRef("person")))
    loads = TeachingLoad.objects.on(date).filter(teacher=person, gradebook__subject=OuterRef("work__subject"))
    return loads.filter(Exists(classes.filter(school_class=OuterRef("gradebook__school_class"))))


def _shown(person: User, date: datetime.date) -> Q:
    """While the pupil who shows the work is an author of it. Asked beforehand: inside of the other conditions the rule
    of shares is too deep for SQLite's parser."""
    rows = Share.works.through.objects.filter(work=OuterRef("pk"), share__in=sharing.shown_to(person, date))
    written = {"work__authors__person": F("share__pupil"), "work__authors__agreed_at__isnull": False}
    return Q(Exists(rows.filter(**written)))


def versions_seen(person: User, date: datetime.date) -> QuerySet[WorkVersion]:
    """Versions of works that the person sees: sealed ones, to the authors who agreed the open one as well. Of a work
    that was only shown, as by a link, the latest sealed one, and those that the person has reviewed."""
    authors = WorkAuthor.objects.filter(work=OuterRef("work"), person=person, agreed_at__isnull=False)
    concern = Q(work__in=Work.objects.filter(_concern(person, date)).values("pk"))
    shown = Q(work__in=Work.objects.filter(_shown(person, date)).values("pk"))
    later = WorkVersion.objects.filter(work=OuterRef("work"), number__gt=OuterRef("number"), sealed_at__isnull=False)
    reviewed = Review.objects.filter(version=OuterRef("pk"), reviewer=person)
    sealed = concern | (shown & (~Exists(later) | Exists(reviewed)))
    return WorkVersion.objects.filter(Q(Exists(authors)) | (Q(sealed_at__isnull=False) & sealed))


def is_author(person: User, work: Work) -> bool:
    """One of those who write the work: an author who agreed."""
    return work.authors.filter(person=person, agreed_at__isnull=False).exists()


# Shares


def shares_kept(person: User, date: datetime.date) -> QuerySet[Share]:
    """Those that the person reads in the list and withdraws: the own ones and the own children's."""
    return Share.objects.filter(pupil__in=family_of(person, date).values("pk"))


# Reviews


def capacity_of(person: User) -> str | None:
    """As whom the person reviews (1.3 d); None for one who has no status."""
    if person.is_employee:
        return Review.Capacity.TEACHER
    if person.is_pupil:
        return Review.Capacity.PUPIL
    return Review.Capacity.PARENT if person.is_parent else None


def reviews_moderated(person: User, date: datetime.date) -> QuerySet[Review]:
    """Reviews that the person lets be published or not: of works of the led classes; the management of all."""
    authors = WorkAuthor.objects.filter(work=OuterRef("version__work"), agreed_at__isnull=False)
    led = authors.filter(person__in=pupils_led(person, date).values("pk"))
    return Review.objects.filter(Exists(led)).exclude(reviewer=person)


def reviews_seen(person: User, date: datetime.date) -> QuerySet[Review]:
    """Published ones of versions that the person sees, the own ones in any state, and those to be moderated."""
    published = Q(state=Review.State.PUBLISHED, version__in=versions_seen(person, date).values("pk"))
    moderated = Q(pk__in=reviews_moderated(person, date).values("pk"))
    return Review.objects.filter(published | Q(reviewer=person) | moderated)
