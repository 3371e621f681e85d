"""What pages about the rules of entry show: the year's rules, openings, requests to open. Reads only (7.2)."""

import datetime
import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from accounts.models import AcademicYear, Notification, SchoolClass, User
from eios.lib import russian
from eios.lib.dates import start_of_day
from journal import rights
from journal.models import EntryOpening, EntryRules, Gradebook, Kept, TeachingLoad
from resources.models import Document

# Kinds of notifications.
ASKED, OPENED = "entry-asked", "entry-opened"
BECAUSE = " Причина: "
_KEY = re.compile(rf"{ASKED}-(\d+)-(\d+)-(\d{{4}}-\d\d-\d\d)-(\d{{4}}-\d\d-\d\d)-")
# Requests that the page of the rules recalls.
RECALLED_DAYS, MOST_RECALLED = 14, 20


def rules_of(year: AcademicYear) -> EntryRules:
    """The year's, or the defaults, not stored. One query."""
    return EntryRules.objects.filter(year=year).select_related("act").first() or EntryRules(year=year)


def acts(date: datetime.date) -> QuerySet[Document]:
    """What may govern entry: documents that everybody sees and that are in force."""
    return Document.objects.published(date).standing(date).order_by("title", "pk")


def sentences(rules: EntryRules) -> list[str]:
    """The rules in words, for teachers."""
    found = ["Отметки ставит учитель, который ведёт журнал по нагрузке. Урок, который впереди, отметок не принимает."]
    if rules.lesson_days is None:
        found.append("Отметки урока ставят и исправляют, пока не закрыт период.")
    else:
        days = russian.plural(rules.lesson_days, "день", "дня", "дней")
        found.append(f"Отметки урока ставят и исправляют {rules.lesson_days} {days} после урока.")
    after = russian.plural(rules.term_days, "день", "дня", "дней")
    found.append(
        f"Период закрывается через {rules.term_days} {after} после своего конца."
        if rules.term_days
        else "Период закрывается в свой последний день."
    )
    found.append("Журнал закрыт, когда педсовет подводит итоги.")
    found.append("Закрытое открывает заместитель директора по УВР или директор; сами они исправляют с причиной.")
    return found


def openings_seen(person: User, year: AcademicYear | None, date: datetime.date) -> QuerySet[EntryOpening]:
    """Openings of the gradebooks that one teaches; for the managers all of the year. Those in force come first."""
    rows = EntryOpening.objects.filter(gradebook__school_class__year=year)
    if not rights.manages(person):
        loads = TeachingLoad.objects.on(date).filter(gradebook=OuterRef("gradebook"), teacher=person)
        rows = rows.filter(Exists(loads))
    named = rows.select_related("gradebook__school_class__year", "gradebook__subject", "gradebook__subgroup")
    return named.select_related("opened_by").order_by("-until", "-pk")


def books_here(year: AcademicYear) -> QuerySet[Gradebook]:
    return Gradebook.objects.of_year(year).filter(kept=Kept.HERE).listed()


def books_chosen(
    year: AcademicYear, date: datetime.date, *, gradebook: Gradebook | None = None,
    school_class: SchoolClass | None = None, teacher: User | None = None,
) -> list[Gradebook]:  # fmt: skip
    """What is opened at once: one gradebook, all of a class, all of a teacher."""
    rows = books_here(year)
    if gradebook:
        return list(rows.filter(pk=gradebook.pk))
    if school_class:
        return list(rows.filter(school_class=school_class))
    loads = TeachingLoad.objects.on(date).filter(gradebook=OuterRef("pk"), teacher=teacher)
    return list(rows.filter(Exists(loads))) if teacher else []


def teachers_here(year: AcademicYear, date: datetime.date) -> QuerySet[User]:
    """Who teaches gradebooks kept here."""
    loads = TeachingLoad.objects.on(date).filter(gradebook__in=books_here(year).order_by())
    return User.objects.filter(pk__in=loads.values("teacher")).order_by("sort_name", "pk")


def words_of(starts: datetime.date, ends: datetime.date) -> str:
    """«22.11.2026», «22.11.2026 — 25.11.2026»"""
    first = russian.short_date(starts)
    return first if starts == ends else f"{first} — {russian.short_date(ends)}"


# Requests to open


@dataclass(frozen=True)
class Asked:
    """A teacher asked for lessons from–to of a gradebook."""

    gradebook: int
    teacher: int
    starts: datetime.date
    ends: datetime.date

    @classmethod
    def of_key(cls, key: str) -> Self | None:
        """From the key of a notification."""
        found = _KEY.match(key)
        if not found:
            return None
        book, teacher, starts, ends = found.groups()
        days = map(datetime.date.fromisoformat, (starts, ends))
        return cls(int(book), int(teacher), *days)

    def is_answered(self, opening: EntryOpening, at: datetime.datetime) -> bool:
        """Has the opening, made after that moment, all the lessons that were asked for?"""
        is_wide = opening.starts <= self.starts and self.ends <= opening.ends
        return opening.gradebook_id == self.gradebook and is_wide and opening.opened_at >= at

    @property
    def stem(self) -> str:
        return f"{ASKED}-{self.gradebook}-{self.teacher}-{self.starts}-{self.ends}-"

    def key(self, date: datetime.date) -> str:
        """The same request is heard once a day."""
        return f"{self.stem}{date}"

    @property
    def url(self) -> str:
        """The opening, filled in."""
        asked = {"gradebook": self.gradebook, "starts": self.starts, "ends": self.ends, "asked": self.teacher}
        return f"{reverse('journal:opening_add')}?{urlencode(asked)}"

    def text(self, who: str, what: str, reason: str) -> str:
        days = words_of(self.starts, self.ends)
        return f"{who} просит открыть журнал: {what}, уроки {days}.{BECAUSE}{' '.join(reason.split())}"


def request_of(person: User, asked: Asked) -> Notification | None:
    """The line by which the person heard of the request."""
    rows = Notification.objects.filter(person=person, kind=ASKED, key__startswith=asked.stem)
    return rows.order_by("-pk").first()


def reason_of(request: Notification) -> str:
    return request.text.partition(BECAUSE)[2]


def requests_to(person: User, date: datetime.date) -> list[Notification]:
    """Of the last fortnight, newest first; those that an opening has answered since are gone. Two queries."""
    since = start_of_day(date - datetime.timedelta(days=RECALLED_DAYS))
    rows = Notification.objects.filter(person=person, kind=ASKED, created_at__gte=since)
    rows = [(one, asked) for one in rows.order_by("-created_at", "-pk") if (asked := Asked.of_key(one.key))]
    openings = list(EntryOpening.objects.filter(gradebook__in={asked.gradebook for _, asked in rows}))
    found = [one for one, asked in rows if not any(asked.is_answered(by, one.created_at) for by in openings)]
    return found[:MOST_RECALLED]


def asked_today(person: User, date: datetime.date) -> int:
    """How many requests the person has made on the day."""
    rows = Notification.objects.filter(by=person, kind=ASKED, created_at__gte=start_of_day(date))
    return rows.order_by().values("key").distinct().count()
