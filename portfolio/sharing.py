"""Which shares are alive, and for whom (1.3 d; domain.md §5). Asked afresh at every request: a withdrawal of the share
or of the consent, its term and the pupil's leaving work at once, with no job having run. Reads only."""

import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts import consents
from accounts.models import Enrolment, User
from accounts.models.consents import ConsentKind
from accounts.models.credentials import digest
from portfolio.models import Share


def alive(date: datetime.date) -> QuerySet[Share]:
    """Not withdrawn, in its term, of a pupil who is enrolled and whose consent to showing is in force."""
    pupils = User.objects.filter(pk=OuterRef("pupil"))
    enrolled = Enrolment.objects.on(date).filter(pupil=OuterRef("pupil"))
    shares = Share.objects.standing(timezone.now()).filter(Exists(enrolled))
    return shares.filter(Exists(consents.given(pupils, ConsentKind.PORTFOLIO, date)))


def shown_to(person: User, date: datetime.date) -> QuerySet[Share]:
    """What pupils show to the person, or to the class that the person learns in or leads."""
    classes = Enrolment.objects.on(date).filter(pupil=person).values("school_class")
    led = [one.pk for one in person.led_classes]
    rows = alive(date).exclude(pupil=person)
    to_class = rows.filter(school_class__in=classes) | rows.filter(school_class__in=led)
    return rows.filter(person=person) | to_class


def by_code(code: str, date: datetime.date) -> Share | None:
    """The living share that the code of a secret link opens."""
    rows = alive(date).filter(kind=Share.Kind.LINK, digest=digest(code))
    return rows.select_related("pupil").first()


def may_show(pupil: User, date: datetime.date) -> bool:
    """Is the consent to showing in force: the parent's until 18, from 14 the pupil's own beside it?"""
    return consents.state_of(pupil, ConsentKind.PORTFOLIO, date).is_given
