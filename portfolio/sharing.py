"""Which shares are alive, and for whom (1.3 d; domain.md §5). Asked afresh at every request: a withdrawal of the share
or of the consent, its term and the pupil's leaving work at once, with no job having run. Reads only."""

import datetime
import uuid

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts import consents
from accounts.models import Appointment, Enrolment, SchoolClass, StoredFile, User
from accounts.models.consents import ConsentKind
from accounts.models.credentials import digest
from eios.lib import search
from eios.lib.composed import SOME_DAY, SOME_MOMENT, SOME_WORD, Composed, key
from eios.lib.dates import today
from portfolio.content import Content, content_of
from portfolio.models import Achievement, Evidence, Portfolio, Share, Work, WorkAuthor, WorkFile, WorkVersion

# The longest term of a share.
MOST_DAYS = 365


def alive(date: datetime.date, now: datetime.datetime) -> QuerySet[Share]:
    """Not withdrawn, in its term, of a pupil who is enrolled and whose consent to showing is in force."""
    pupils = User.objects.filter(pk=OuterRef("pupil"))
    enrolled = Enrolment.objects.on(date).filter(pupil=OuterRef("pupil"))
    shares = Share.objects.standing(now).filter(Exists(enrolled))
    return shares.filter(Exists(consents.given(pupils, ConsentKind.PORTFOLIO, date)))


def _shown_to(person: int, date: datetime.date, now: datetime.datetime) -> QuerySet[Share]:
    classes = Enrolment.objects.on(date).filter(pupil=person).values("school_class")
    led = Appointment.objects.on(date).filter(person=person, position__code="class_teacher").values("school_class")
    mine = Q(person=person) | Q(school_class__in=classes) | Q(school_class__in=led)
    return alive(date, now).exclude(pupil=person).filter(mine)


# Composing the rule takes twenty times as long as asking it.
_SHOWN = Composed(
    lambda person, day, now: _shown_to(person, day, now).values_list("pk"),
    consents.DERIVED, person=key(0), day=SOME_DAY, now=SOME_MOMENT,
)  # fmt: skip
_LINKED = Composed(
    lambda code, day, now: alive(day, now).filter(kind=Share.Kind.LINK, digest=code).values_list("pk"),
    consents.DERIVED, code=SOME_WORD, day=SOME_DAY, now=SOME_MOMENT,
)  # fmt: skip


def shown_to(person: User, date: datetime.date) -> QuerySet[Share]:
    """What pupils show to the person, or to the class that the person learns in or leads. Asks at once."""
    keys = [pk for (pk,) in _SHOWN.rows(person=person.pk, day=date, now=timezone.now())]
    return Share.objects.filter(pk__in=keys)


def by_code(code: str, date: datetime.date) -> Share | None:
    """The living share that the code of a secret link opens."""
    keys = [pk for (pk,) in _LINKED.rows(code=digest(code), day=date, now=timezone.now())]
    return Share.objects.filter(pk__in=keys).select_related("pupil").first()


def may_show(pupil: User, date: datetime.date) -> bool:
    """Is the consent to showing in force: the parent's until 18, from 14 the pupil's own beside it?"""
    return consents.state_of(pupil, ConsentKind.PORTFOLIO, date).is_given


def state_of(pupil: User, date: datetime.date) -> consents.State:
    """The consent to showing with who has given it and whose is missing."""
    return consents.state_of(pupil, ConsentKind.PORTFOLIO, date)


# What a share shows


def content(share: Share) -> Content:
    """The selection as it is now: confirmed achievements and works that the pupil still is an author of."""
    return content_of(
        share.pupil, achievements=achievements_of(share), works=works_of(share), with_cover=share.with_cover
    )


def achievements_of(share: Share) -> QuerySet[Achievement]:
    return share.achievements.confirmed().filter(pupil=share.pupil_id)


def works_of(share: Share) -> QuerySet[Work]:
    """By a link, out of the school, only what no other author withholds."""
    works = share.works.of_author(share.pupil_id)
    return works.exclude(pk__in=withheld(works, share.pupil, today())) if share.kind == Share.Kind.LINK else works


def withheld(works: QuerySet[Work], pupil: User, date: datetime.date) -> list[int]:
    """Keys of works of which another author's consent to showing is not in force. Asks at once: mostly one query."""
    others = WorkAuthor.objects.filter(work__in=works.values("pk"), agreed_at__isnull=False).exclude(person=pupil)
    found = list(others.values_list("work", "person"))
    if not found:
        return []
    people = User.objects.filter(pk__in={person for _, person in found})
    agreed = set(consents.given(people, ConsentKind.PORTFOLIO, date).values_list("pk", flat=True))
    return [work for work, person in found if person not in agreed]


def file_of(share: Share, key: uuid.UUID) -> StoredFile | None:
    """A file of what the share shows: evidence, files of the latest sealed versions, the cover; none beside."""
    evidence = Evidence.objects.filter(achievement__in=achievements_of(share).values("pk"), file=OuterRef("pk"))
    sealed = WorkVersion.objects.filter(work=OuterRef("version__work"), sealed_at__isnull=False).order_by("-number")
    latest = WorkFile.objects.filter(
        version__work__in=works_of(share).values("pk"), version=Subquery(sealed.values("pk")[:1]), file=OuterRef("pk")
    )
    cover = Portfolio.objects.filter(pupil=share.pupil_id, cover=OuterRef("pk"))
    shown = Q(Exists(evidence)) | Q(Exists(latest))
    if share.with_cover:
        shown |= Q(Exists(cover))
    return StoredFile.objects.filter(shown, pk=key).first()


# To whom a pupil shows


def people_offered(pupil: User, date: datetime.date) -> QuerySet[User]:
    """Employees and classmates; the own parents see the portfolio anyway."""
    room = Enrolment.objects.on(date).filter(pupil=pupil).values("school_class")
    classmate = Enrolment.objects.on(date).filter(pupil=OuterRef("pk"), school_class__in=room)
    people = User.objects.alive(date).exclude(pk=pupil.pk)
    return people.filter(Q(standing_employee=True) | Q(Exists(classmate)))


def people_found(pupil: User, words: str, date: datetime.date) -> QuerySet[User]:
    """Of them those who are called so; nobody where nothing was asked: this is no list of the school."""
    found = people_offered(pupil, date)
    return found.named(words).order_by("sort_name", "pk") if search.words(words) else found.none()


def people_of_class(school_class: SchoolClass, date: datetime.date) -> QuerySet[User]:
    """To whom a share with the class opens: its pupils and the class teacher."""
    pupils = Enrolment.objects.on(date).filter(school_class=school_class).values("pupil")
    leaders = Appointment.objects.on(date).filter(position__code="class_teacher", school_class=school_class)
    return User.objects.filter(Q(pk__in=pupils) | Q(pk__in=leaders.values("person")))


# Lists


def listed(rows: QuerySet[Share]) -> QuerySet[Share]:
    """The newest first, with whom they are of and for, and how much they show."""
    achievements = Share.achievements.through.objects.filter(share=OuterRef("pk")).order_by().values("share")
    works = Share.works.through.objects.filter(share=OuterRef("pk")).order_by().values("share")
    rows = rows.select_related("pupil", "person", "school_class__year").order_by("-pk")
    return rows.annotate(
        of_achievements=Coalesce(Subquery(achievements.annotate(n=Count("pk")).values("n")), 0),
        of_works=Coalesce(Subquery(works.annotate(n=Count("pk")).values("n")), 0),
    )


def to_words(share: Share) -> str:
    """«Иванова Анна», «8 «А» класс», «Секретная ссылка»."""
    if share.person_id:
        return share.person.get_full_name()
    return f"{share.school_class} класс" if share.school_class_id else "Секретная ссылка"
