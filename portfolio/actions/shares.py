"""The verbs of showing: the cover of a portfolio, a share and its end, and the count of views (1.3 d; 152-ФЗ)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.actions import files
from accounts.actions.dictionaries import save_row
from accounts.actions.notifications import notify
from accounts.actor import Actor
from accounts.models import SchoolClass, User
from accounts.models.credentials import digest, new_link_code
from eios.lib.dates import start_of_day, today
from portfolio import sharing, showing
from portfolio.file_owners import COVER
from portfolio.freezing import refuse_frozen
from portfolio.models import Achievement, Portfolio, Share, Work
from portfolio.notification_kinds import SHOWN, SHOWN_TO_CLASS

MOST_LIVING = 50
NO_CONSENT = "Показать портфолио пока нельзя: нет согласия на показ."
NOT_OWN = "Показать можно только свои подтверждённые достижения и свои работы."
NO_CONSENT_OF_ANOTHER = "Общую работу по секретной ссылке показывают, когда у каждого соавтора есть согласие на показ."
ADDED = ("kind", "person", "school_class", "with_cover", "expires_at")


@dataclass(frozen=True)
class Asked:
    """What is shown to whom; without a person and a class, by a secret link. `days` counts today's as none."""

    achievements: Sequence[Achievement]
    works: Sequence[Work]
    days: int
    with_cover: bool = True
    title: str = ""
    person: User | None = None
    school_class: SchoolClass | None = None

    @property
    def kind(self) -> str:
        if self.person:
            return Share.Kind.PERSON
        return Share.Kind.CLASS if self.school_class else Share.Kind.LINK


@transaction.atomic
def save_cover(pupil: User, *, motto: str, about: str, cover, by: Actor) -> Portfolio:
    """The pupil's own page: its picture, motto and words. `cover` is what a StoredFileField gives.

    Effects: the row, the picture on the pupil's quota, audit. Raises ValidationError (frozen), FileRefused.
    """
    refuse_frozen(pupil)
    row = Portfolio.objects.select_for_update().filter(pupil=pupil).first() or Portfolio(pupil=pupil)
    row.motto, row.about = motto, about
    row.cover = files.settle(row.cover, cover, kind=COVER, by=by, owner=pupil)
    return save_row(row, by=by)


@transaction.atomic
def share(pupil: User, asked: Asked, *, by: Actor) -> tuple[Share, str]:
    """Shows a selection; the second value is the secret link's code, "" without a link: only its digest is kept.

    Effects: the row, its selection, audit; the person or the class is told. Raises ValidationError: frozen, no consent
    in force, by a link not of each author of a work, a foreign or unfinished thing, too many, a term out of range.
    """
    # Two shares at once wait for each other, so that there are not too many.
    User.objects.select_for_update(no_key=True).filter(pk=pupil.pk).values_list("pk").get()
    refuse_frozen(pupil)
    _refuse(pupil, asked)
    code = new_link_code() if asked.kind == Share.Kind.LINK else ""
    row = Share(
        pupil=pupil, kind=asked.kind, person=asked.person, school_class=asked.school_class, title=asked.title,
        digest=digest(code) if code else "", with_cover=asked.with_cover, expires_at=_end(asked.days),
    )  # fmt: skip
    row.full_clean()
    row.save()
    row.achievements.set(asked.achievements)
    row.works.set(asked.works)
    chosen = {"achievements": asked.achievements, "works": asked.works}
    changes = audit.difference({}, audit.snapshot(row, ADDED))
    changes |= {name: [None, ", ".join(str(one.pk) for one in rows)] for name, rows in chosen.items()}
    audit.record(by, "share.added", row, changes)
    _tell(row, by)
    return row, code


def _tell(row: Share, by: Actor) -> None:
    """The person; a class once a day of one pupil, however often that one shows. Of a link nobody hears."""
    name = row.pupil.get_full_name()
    if row.person:
        text, url = f"Вам показано портфолио: {name}.", reverse("portfolio:shown_detail", args=[row.pk])
        notify([row.person], SHOWN, key=f"share:{row.pk}", by=by, text=text, url=url)
    elif row.school_class:
        people = sharing.people_of_class(row.school_class, today()).exclude(pk=row.pupil_id)
        text, url = f"Вашему классу показано портфолио: {name}.", reverse("portfolio:shown_list")
        key = f"share-class:{row.school_class_id}:{row.pupil_id}:{today()}"
        notify(people, SHOWN_TO_CLASS, key=key, by=by, text=text, url=url)


def _refuse(pupil: User, asked: Asked) -> None:
    if not sharing.may_show(pupil, today()):
        raise ValidationError(NO_CONSENT)
    if not asked.achievements and not asked.works:
        raise ValidationError("Выберите хотя бы одно достижение или одну работу.")
    if not 1 <= asked.days <= sharing.MOST_DAYS:
        raise ValidationError(f"Срок — от 1 до {sharing.MOST_DAYS} дней.")
    own = Achievement.objects.confirmed().filter(pupil=pupil, pk__in=[one.pk for one in asked.achievements])
    works = showing.works_ready(pupil).filter(pk__in=[one.pk for one in asked.works])
    if (own.count(), works.count()) != (len(asked.achievements), len(asked.works)):
        raise ValidationError(NOT_OWN)
    if asked.kind == Share.Kind.LINK and (keys := sharing.withheld(works, pupil, today())):
        titles = ", ".join(f"«{one.title}»" for one in works.filter(pk__in=keys).order_by("pk"))
        raise ValidationError(f"{NO_CONSENT_OF_ANOTHER} Это: {titles}.")
    if Share.objects.standing(timezone.now()).filter(pupil=pupil).count() >= MOST_LIVING:
        raise ValidationError(f"Сейчас действует {MOST_LIVING} показов. Отзовите ненужные.")


def _end(days: int) -> datetime.datetime:
    """The last second of the last day, so that a page may say «до 27.12.2026»."""
    return start_of_day(today() + datetime.timedelta(days=days + 1)) - datetime.timedelta(seconds=1)


@transaction.atomic
def withdraw(row: Share, *, by: Actor) -> Share:
    """Ends a share at once, its files with it. Raises ValidationError where it was withdrawn before."""
    stored = Share.objects.select_for_update().get(pk=row.pk)
    if stored.withdrawn_at:
        raise ValidationError("Этот показ уже отозван.")
    stored.withdrawn_at = timezone.now()
    stored.save(update_fields=["withdrawn_at"])
    audit.record(by, "share.withdrawn", stored, {"withdrawn_at": [None, str(stored.withdrawn_at)]})
    return stored


def count_view(row: Share, *, viewer: User | None) -> None:
    """One more view; the pupil's own looks are not counted. Not audited: the number is the trace."""
    if viewer is not None and viewer.pk == row.pupil_id:
        return
    Share.objects.filter(pk=row.pk).update(views=F("views") + 1, viewed_at=timezone.now())
