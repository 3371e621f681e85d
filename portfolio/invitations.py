"""Invited outsiders: who may ask them, which links are alive (1.3 d; 152-ФЗ). Asked afresh at every request: use, term,
revocation, the school's switch, the authors' consents and their leaving work at once. Reads only."""

import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts import consents
from accounts.models import Enrolment, User
from accounts.models.consents import ConsentKind
from accounts.models.credentials import digest
from portfolio import rights
from portfolio.models import Invitation, PortfolioRules, Work, WorkAuthor, WorkVersion


def may_ask(person: User, *, is_author: bool) -> bool:
    """May one who sees a sealed version invite an outsider to it? Where the school lets, its authors and employees."""
    return (is_author or person.is_employee) and PortfolioRules.current().outsiders_review


def versions_to_invite(person: User, date: datetime.date) -> QuerySet[WorkVersion]:
    """Sealed versions to which the person may invite."""
    if not PortfolioRules.current().outsiders_review:
        return WorkVersion.objects.none()
    rows = rights.versions_seen(person, date).filter(sealed_at__isnull=False)
    if person.is_employee:
        return rows
    return rows.filter(Exists(WorkAuthor.objects.filter(work=OuterRef("work"), person=person, agreed_at__isnull=False)))


def authors_of(work: Work) -> QuerySet[User]:
    return User.objects.filter(
        pk__in=WorkAuthor.objects.filter(work=work, agreed_at__isnull=False).values("person")
    ).order_by("sort_name", "pk")


def author_words(work: Work, date: datetime.date) -> list[str]:
    """«Мария Иванова, 8 «А» класс»: what the invited one is told of the authors. Two queries."""
    people = list(authors_of(work))
    rows = Enrolment.objects.on(date).filter(pupil__in=people).select_related("school_class")
    rooms = {row.pupil_id: f", {row.school_class.name} класс" for row in rows}
    return [f"{one.name} {one.surname}{rooms.get(one.pk, '')}" for one in people]


def may_be_shown(work: Work, date: datetime.date) -> bool:
    """Is every author enrolled, with the consent to showing in force, and the portfolio not frozen?"""
    authors = authors_of(work).order_by()
    enrolled = Exists(Enrolment.objects.on(date).filter(pupil=OuterRef("pk")))
    shown = consents.given(authors.filter(enrolled, ~_frozen()), ConsentKind.PORTFOLIO, date)
    return not authors.exclude(pk__in=shown.values("pk")).exists()


def _frozen() -> Q:
    frozen = User.objects.filter(pk=OuterRef("pk"), portfolio__frozen_at__isnull=False)
    return Q(Exists(frozen))


def by_code(code: str, date: datetime.date) -> Invitation | None:
    """The living invitation that the code opens."""
    rows = Invitation.objects.filter(digest=digest(code), used_at__isnull=True, revoked_at__isnull=True)
    found = rows.filter(expires_at__gt=timezone.now()).select_related("version__work__owner", "version__work__subject")
    invitation = found.first()
    if invitation is None or not PortfolioRules.current().outsiders_review:
        return None
    return invitation if may_be_shown(invitation.version.work, date) else None


def seen(person: User, date: datetime.date) -> QuerySet[Invitation]:
    """Those that the person made, those to the own works and the own children's, and those to works of the led classes;
    all of them the person may revoke, as shares: the parents answer for what leaves the school."""
    agreed = WorkAuthor.objects.filter(work=OuterRef("version__work"), agreed_at__isnull=False)
    led = agreed.filter(person__in=rights.pupils_led(person, date).values("pk"))
    own = Q(person=person) | Q(person__in=rights.family_of(person, date).values("pk"))
    mine = Q(created_by=person) | Q(Exists(agreed.filter(own))) | Q(Exists(led))
    rows = Invitation.objects.filter(mine).select_related("version__work", "created_by", "review")
    return rows.order_by("-pk")


def state_of(invitation: Invitation) -> tuple[str, str]:
    """(look of the tag, words)"""
    if invitation.used_at:
        return "ok", "рецензия прислана"
    if invitation.revoked_at:
        return "", "отозвано"
    if invitation.expires_at <= timezone.now():
        return "", "срок вышел"
    return "wait", "ждём рецензию"
