"""Who enters into a gradebook on a date, and till when (7.2). Reads only.

A teacher enters by the load in force while the window of the lesson is open; the director and the deputy head for
teaching enter any time, saying why. Nobody enters into a gradebook kept elsewhere (7.1).
"""

import datetime
from dataclasses import dataclass

from accounts.models import User
from eios.lib import russian
from journal import rights
from journal.models import Council, EntryOpening, EntryRules, Gradebook, ResultKind
from journal.periods import Period
from resources.calendars import SchoolDays, days_of

MIRROR = "Журнал ведётся во внешней системе: здесь его только читают."
NOT_YOURS = "Отметки ставит учитель этого журнала: по нагрузке вы его не ведёте."
WHO_OPENS = "Открыть может директор или заместитель директора по УВР."
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Door:
    """What one person may enter into one gradebook today.

    `frozen`: numbers of the terms that a council closed, 0 for the whole year; `openings`: lessons from–to that are
    open again today.
    """

    gradebook: Gradebook
    today: datetime.date
    teaches: bool
    manages: bool
    reasons: bool
    days: SchoolDays
    terms: list[Period]
    rules: EntryRules
    frozen: frozenset[int]
    openings: tuple[tuple[datetime.date, datetime.date], ...]

    @property
    def refusal(self) -> str:
        """Why the person enters nothing here at all; "" of one who does."""
        if self.gradebook.is_mirror:
            return MIRROR
        return "" if self.teaches or self.manages else NOT_YOURS

    @property
    def needs_reason(self) -> bool:
        """One who does not teach here says why, every time."""
        return not self.teaches

    def impossible(self, date: datetime.date) -> str:
        """Why nobody enters anything for a lesson of the date; "" of a lesson that has been, on a school day."""
        if date > self.today:
            return f"Урок ещё впереди: отметки ставят с {russian.short_date(date)}."
        if not self.days.is_school_day(date):
            return "По календарному графику это не учебный день."
        return ""

    def closed(self, date: datetime.date) -> str:
        """Why the window of a lesson of the date is closed, and who may open it; "" of an open one."""
        if any(starts <= date <= ends for starts, ends in self.openings):
            return ""
        words = self._closed(date)
        return f"{words} {WHO_OPENS}" if words else ""

    def _closed(self, date: datetime.date) -> str:
        term = next((one for one in self.terms if one.holds(date)), None)
        if 0 in self.frozen or (term and term.number in self.frozen):
            return "Журнал закрыт к педсовету."
        if term and self.today > term.ends + self.rules.term_days * DAY:
            return f"{term.name}: ввод закрыт с {russian.short_date(term.ends + (self.rules.term_days + 1) * DAY)}."
        if self.rules.lesson_days is not None and self.today > date + self.rules.lesson_days * DAY:
            days = russian.plural(self.rules.lesson_days, "день", "дня", "дней")
            return f"Прошло больше, чем {self.rules.lesson_days} {days} после урока."
        return ""

    def shut(self, date: datetime.date) -> str:
        """Why the person can't enter for a lesson of the date without a reason; "" where it is open."""
        return self.refusal or self.impossible(date) or self.closed(date)


def rules_of(gradebook: Gradebook) -> EntryRules:
    """Of the gradebook's year, the defaults where nobody has decided; no query where the row came by select_related."""
    year = gradebook.school_class.year
    return getattr(year, "entry_rules", None) or EntryRules(year=year)


def door_of(gradebook: Gradebook, person: User, today: datetime.date) -> Door:
    """Four queries; a mirror opens to nobody and asks nothing."""
    school_class = gradebook.school_class
    reasons = rights.sees_reasons(person, school_class)
    manages = rights.manages(person)
    if gradebook.is_mirror:
        return Door(
            gradebook, today, False, manages, reasons, SchoolDays(5, ()), [], EntryRules(), frozenset(), ()
        )  # fmt: skip
    days = days_of(school_class.year, school_class.grade)
    entries = sorted(days.terms, key=lambda one: one.starts)
    terms = [Period(number, one.name, one.starts, one.ends) for number, one in enumerate(entries, 1)]
    councils = Council.objects.filter(classes=school_class).exclude(state=Council.State.PROPOSING)
    openings = EntryOpening.objects.filter(gradebook=gradebook, until__gte=today)
    return Door(
        gradebook=gradebook, today=today, teaches=rights.teaches(person, gradebook, today), manages=manages,
        reasons=reasons, days=days, terms=terms, rules=rules_of(gradebook),
        frozen=frozenset(
            0 if kind == ResultKind.YEAR else number for kind, number in councils.values_list("kind", "number")
        ),
        openings=tuple(openings.values_list("starts", "ends")),
    )  # fmt: skip
