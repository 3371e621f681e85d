"""Rows of the portfolio for tests."""

import datetime
import hashlib

from django.utils import timezone

from accounts.models import User
from accounts.models.credentials import digest
from eios.lib.dates import today
from portfolio.models import Achievement, Event, Review, Rubric, Share, Work, WorkVersion
from tests.factories import make_consent, make_consent_text

TERM = datetime.timedelta(days=30)


def make_event(**fields) -> Event:
    values = {"title": "Олимпиада по физике", "sphere": "academic", "level": "municipal", "date": today()}
    return Event.objects.create(**(values | fields))


def make_achievement(pupil: User, **fields) -> Achievement:
    """A pupil's confirmed entry unless said otherwise."""
    values = {
        "title": "Конкурс чтецов", "sphere": "arts", "level": "municipal", "date": today(), "origin": "pupil",
        "state": "confirmed", "outcome": "winner", "created_by": pupil,
    }  # fmt: skip
    return Achievement.objects.create(pupil=pupil, **(values | fields))


def make_work(pupil: User, *, sealed: bool = True, submitted: bool = True, text: str = "Текст", **fields) -> Work:
    """A work of one version; sealed and submitted unless said otherwise."""
    values = {"title": "Птицы нашего двора", "kind": "research", "sphere": "research"}
    work = Work.objects.create(owner=pupil, submitted_at=timezone.now() if submitted else None, **(values | fields))
    work.authors.create(person=pupil, agreed_at=timezone.now())
    make_version(work, sealed=sealed, text=text)
    return work


def make_version(work: Work, *, sealed: bool = True, text: str = "Текст", number: int = 1) -> WorkVersion:
    return work.versions.create(
        number=number, text=text, created_by=work.owner, sealed_at=timezone.now() if sealed else None,
        sha256=hashlib.sha256(text.encode()).hexdigest() if sealed else "",
    )  # fmt: skip


def make_rubric(*titles: str, **fields) -> Rubric:
    rubric = Rubric.objects.create(**({"title": "Исследование"} | fields))
    for order, title in enumerate(titles or ("Цель", "Вывод")):
        rubric.criteria.create(order=order, title=title, most=5)
    return rubric


def make_review(version: WorkVersion, reviewer: User, **fields) -> Review:
    values = {"capacity": "teacher", "state": "published", "text": "Хорошая работа", "published_at": timezone.now()}
    return version.reviews.create(reviewer=reviewer, **(values | fields))


def make_share(pupil: User, *, works=(), achievements=(), code: str = "", **fields) -> Share:
    """By the secret link of the code, or to the person or class named in the fields; in force unless said otherwise."""
    kind = "person" if "person" in fields else "class" if "school_class" in fields else "link"
    values = {"kind": kind, "expires_at": timezone.now() + TERM, "digest": digest(code) if kind == "link" else ""}
    share = Share.objects.create(pupil=pupil, **(values | fields))
    share.works.set(works)
    share.achievements.set(achievements)
    return share


def let_show(pupil: User, parent: User) -> None:
    """The consent to showing the portfolio, by the parent, from 14 by the pupil too."""
    text = make_consent_text(kind="portfolio")
    make_consent(pupil, by=parent, text=text)
    if not pupil.needs_parent_acceptance(today()):
        make_consent(pupil, by=pupil, text=text, capacity="pupil")


def states() -> list[tuple[str, str, str]]:
    """Of all reviews: in which capacity, in which state, what they say."""
    return list(Review.objects.order_by("pk").values_list("capacity", "state", "text"))
