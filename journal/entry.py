"""Who enters into a gradebook on a date, and till when (7.2). Reads only.

A teacher enters by the load in force while the window of the lesson is open; who gave the lesson in the place of
another enters it as long, by the load of its day; the director and the deputy head for teaching enter any time, saying
why. Nobody enters into a gradebook kept elsewhere (7.1).
"""

import datetime
import functools
from dataclasses import dataclass

from django.db.models import CharField, DateField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast

from accounts.models import AcademicYear, SchoolClass, User
from eios.lib import russian
from eios.lib.composed import SOME_DAY, Composed, key
from journal import rights
from journal.models import Council, EntryOpening, EntryRules, Gradebook, ResultKind, Subgroup, TeachingLoad
from journal.periods import Period, terms_of
from resources.calendars import SchoolDays
from resources.models import CalendarEntry, Subject

MIRROR = "Журнал ведётся во внешней системе: здесь его только читают."
NOT_YOURS = "Отметки ставит учитель этого журнала: по нагрузке вы его не ведёте."
TAUGHT = "Вы вели этот журнал раньше: этот урок можно только читать."
NOT_GIVEN = "В этот день уроки здесь давали не вы."
WHO_OPENS = "Открыть может директор или заместитель директора по УВР."
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Door:
    """What one person may enter into one gradebook today.

    `frozen`: numbers of the terms that a council closed, 0 for the whole year; `openings`: lessons from–to that are
    open again today; `gave`: the day whose lessons one who does not teach here today gave in the place of another;
    `is_alone`: the person reads that day's lessons, and nothing else of the gradebook.
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
    # Councils that wait for results: (key, title).
    proposing: tuple[tuple[int, str], ...] = ()
    gave: datetime.date | None = None
    is_alone: bool = False

    @property
    def refusal(self) -> str:
        """Why the person enters nothing here at all; "" of one who does."""
        if self.gradebook.is_mirror:
            return MIRROR
        if self.teaches or self.manages or self.gave:
            return ""
        return TAUGHT if self.is_alone else NOT_YOURS

    @property
    def needs_reason(self) -> bool:
        """One who does not teach here says why, every time."""
        return not self.teaches and self.gave is None

    def impossible(self, date: datetime.date) -> str:
        """Why nobody enters anything for a lesson of the date; "" of a lesson that has been, on a school day."""
        if date > self.today:
            return f"Урок ещё впереди: отметки ставят с {russian.short_date(date)}."
        if not self.days.is_school_day(date):
            return "По календарному графику это не учебный день."
        return ""

    def closed(self, date: datetime.date) -> str:
        """Why the window of a lesson of the date is closed, and who may open it; "" of an open one."""
        if self.gave not in (None, date):
            return NOT_GIVEN
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
            days = russian.plural(self.rules.lesson_days, "дня", "дней", "дней")
            return f"После урока прошло больше {self.rules.lesson_days} {days}."
        return ""

    def shut(self, date: datetime.date) -> str:
        """Why the person can't enter for a lesson of the date without a reason; "" where it is open."""
        return self.refusal or self.impossible(date) or self.closed(date)


def rules_of(gradebook: Gradebook) -> EntryRules:
    """Of the gradebook's year, the defaults where nobody has decided; no query where the row came by select_related."""
    year = gradebook.school_class.year
    return getattr(year, "entry_rules", None) or EntryRules(year=year)


def door_of(
    gradebook: Gradebook, person: User, today: datetime.date, *, teaches: bool | None = None,
    day: datetime.date | None = None,
) -> Door:  # fmt: skip
    """One query, and one more where it is not known whether the person teaches; a mirror asks nothing.

    `day` is that of the one lesson that is asked about, and that the person may read: one who does not teach here today
    may have given it. That asks twice more.
    """
    school_class = gradebook.school_class
    common = {
        "gradebook": gradebook, "today": today, "manages": rights.manages(person),
        "reasons": rights.sees_reasons(person, school_class), "rules": rules_of(gradebook),
    }  # fmt: skip
    if gradebook.is_mirror:
        alone = day is not None and not teaches and not _sees(person, gradebook.pk, today)
        return Door(
            is_alone=alone, teaches=False, days=SchoolDays(0, ()), terms=[], frozen=frozenset(), openings=(), **common
        )
    found: dict[int, list[tuple]] = {ENTRY: [], COUNCIL: [], OPENING: [], PROPOSING: []}
    facts = _facts(school_class.grade)
    for tag, *row in facts.rows(
        year=school_class.year_id, school_class=school_class.pk, gradebook=gradebook.pk, day=today
    ):  # fmt: skip
        found[tag].append(row)
    teaches = rights.teaches(person, gradebook, today) if teaches is None else teaches
    is_guest = day is not None and not teaches and not common["manages"]
    gave = is_guest and rights.gave(person, gradebook.pk, day, today)
    days = SchoolDays.of_rows([(kind, name, starts, ends, week) for starts, ends, kind, name, week in found[ENTRY]],
                              school_class.grade)  # fmt: skip
    terms = terms_of(days)
    return Door(
        teaches=teaches, gave=day if gave else None, is_alone=is_guest and not _sees(person, gradebook.pk, today),
        days=days, terms=terms,
        frozen=frozenset(0 if kind == ResultKind.YEAR else number for _, _, kind, _, number in found[COUNCIL]),
        openings=tuple((starts, ends) for starts, ends, *_ in found[OPENING]),
        proposing=tuple((int(pk), _title(terms, number)) for _, _, _, pk, number in found[PROPOSING]), **common,
    )  # fmt: skip


def _title(terms: list[Period], number: int) -> str:
    return next((one.name for one in terms if one.number == number), "год")


ENTRY, COUNCIL, OPENING, PROPOSING = 1, 2, 3, 4


@functools.cache
def _facts(grade: int) -> Composed:
    """Entries of the calendar, councils that closed the journal or wait for results, openings: (what, from, to, kind,
    name, number); the name of a waiting council is its key."""

    def compose(year: int, school_class: int, gradebook: int, day: datetime.date) -> QuerySet:
        entries = CalendarEntry.objects.in_force(year, grade)
        councils = Council.objects.filter(classes=school_class).exclude(state=Council.State.PROPOSING)
        waiting = Council.objects.filter(classes=school_class, state=Council.State.PROPOSING)
        openings = EntryOpening.objects.filter(gradebook=gradebook, until__gte=day)
        no_day, no_words = Cast(Value(None), DateField()), Value("")
        return entries.order_by().values_list(
            Value(ENTRY), "starts", "ends", "kind", "name", "calendar__week"
        ).union(
            councils.order_by().values_list(Value(COUNCIL), no_day, no_day, "kind", no_words, "number"),
            waiting.order_by().values_list(
                Value(PROPOSING), no_day, no_day, "kind", Cast("pk", CharField()), "number"
            ),
            openings.order_by().values_list(Value(OPENING), "starts", "ends", no_words, no_words, Value(0)),
            all=True,
        )  # fmt: skip

    return Composed(compose, year=key(0), school_class=key(1), gradebook=key(2), day=SOME_DAY)


def gradebook_for(
    person: User, pk: int, today: datetime.date, day: datetime.date | None = None
) -> tuple[Gradebook, bool] | None:  # fmt: skip
    """The gradebook, with its class, year and rules of entry, and whether the person teaches in it today; None of one
    that the person may not even read. One query for those who enter.

    `day` is that of the one lesson that is asked about: it is read by who taught here then, too.
    """
    row = next(iter(_BOOK.rows(gradebook=pk, person=person.pk, day=today)), None)
    if row is None:
        return None
    kept, scale, subject, subject_name, group, group_name, *row, taught = row
    class_pk, grade, letter, year_pk, starts, ends, rules, days, term_days = row
    if not (taught or rights.manages(person) or _reads(person, pk, today, day)):
        return None
    year = AcademicYear(pk=year_pk, starts=starts, ends=ends)
    # Without a row the defaults: a year that has been looked at is not asked about again.
    year.entry_rules = EntryRules(pk=rules, lesson_days=days, term_days=term_days) if rules else EntryRules()
    school_class = SchoolClass(pk=class_pk, grade=grade, letter=letter, year=year)
    book = Gradebook(
        pk=pk, kept=kept, scale=scale, subject=Subject(pk=subject, name=subject_name), school_class=school_class,
        subgroup=Subgroup(pk=group, name=group_name) if group else None,
    )  # fmt: skip
    return book, bool(taught)


def _reads(person: User, gradebook: int, today: datetime.date, day: datetime.date | None) -> bool:
    return _sees(person, gradebook, today) or (day is not None and rights.taught(person, gradebook, day, today))


def _sees(person: User, gradebook: int, today: datetime.date) -> bool:
    return rights.gradebooks_seen(person, today).filter(pk=gradebook).exists()


def _book(gradebook: int, person: int, day: datetime.date) -> QuerySet:
    year = "school_class__year"
    return Gradebook.objects.filter(pk=gradebook).values_list(
        "kept", "scale", "subject", "subject__name", "subgroup", "subgroup__name",
        "school_class", "school_class__grade", "school_class__letter",
        year, f"{year}__starts", f"{year}__ends", f"{year}__entry_rules", f"{year}__entry_rules__lesson_days",
        f"{year}__entry_rules__term_days",
        Exists(TeachingLoad.objects.on(day).filter(gradebook=OuterRef("pk"), teacher=person)),
    )  # fmt: skip


_BOOK = Composed(_book, gradebook=key(0), person=key(1), day=SOME_DAY)
