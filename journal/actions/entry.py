"""The verbs of the rules of entry: what holds in a year, gradebooks opened again, asking for that (7.2)."""

import datetime
from collections import defaultdict
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from accounts import audit
from accounts.actions.dictionaries import save_row
from accounts.actions.notifications import notify
from accounts.actor import Actor
from accounts.marks import Seen, refuse_stale
from accounts.models import AcademicYear, User
from eios.lib import russian
from eios.lib.dates import today
from journal import entry_pages, rights
from journal.entry import DAY, Door
from journal.models import EntryOpening, EntryRules, Gradebook, TeachingLoad

AUDITED = ("gradebook", "starts", "ends", "until")
NONE_HERE = "Таких журналов на портале не ведут: открывать нечего."
OPEN_ALREADY = "Эти журналы для этих уроков уже открыты до этого дня."
LONGEST_ASK = 62 * DAY
MOST_ASKS = 10


@transaction.atomic
def save_rules(row: EntryRules, *, by: Actor, seen: Seen | None = None) -> EntryRules:
    """How long teachers of the year enter, and by which act.

    Effects: windows of all gradebooks kept here, from now on; audit. Raises ValidationError: the year has rules by now,
    others changed them meanwhile.
    """
    AcademicYear.objects.select_for_update().get(pk=row.year_id)
    refuse_stale(row, seen)
    return save_row(row, by=by)


@transaction.atomic
def open_books(
    books: Collection[Gradebook], *, starts: datetime.date, ends: datetime.date, until: datetime.date, reason: str,
    by: Actor,
) -> list[EntryOpening]:  # fmt: skip
    """Gradebooks are open again for lessons from–to, until a day, both inclusive.

    Effects: their teachers enter there whatever the rules and a council say, and are told so; audit for each gradebook.
    Raises ValidationError: none kept here, wrong days, no reason, all open already.
    """
    _refuse_days(books, starts, ends, until)
    if not reason.strip():
        raise ValidationError({"reason": "Напишите, почему журнал открывают."})
    books = list(Gradebook.objects.select_for_update(of=("self",)).filter(pk__in=[one.pk for one in books]).listed())
    books = [one for one in books if not one.is_mirror]
    if not books:
        raise ValidationError(NONE_HERE)
    same = EntryOpening.objects.filter(gradebook__in=books, starts__lte=starts, ends__gte=ends, until__gte=until)
    there = set(same.values_list("gradebook", flat=True))
    made = [
        EntryOpening(
            gradebook=one, starts=starts, ends=ends, until=until, reason=" ".join(reason.split()), opened_by=by.person
        )
        for one in books
        if one.pk not in there
    ]
    if not made:
        raise ValidationError(OPEN_ALREADY)
    EntryOpening.objects.bulk_create(made, batch_size=500)
    audit.record_many(
        audit.entry(by, "entry_opening.added", one, audit.difference({}, audit.snapshot(one, AUDITED)), one.reason)
        for one in made
    )
    _tell_teachers(made, by)
    return made


def _refuse_days(
    books: Collection[Gradebook], starts: datetime.date, ends: datetime.date, until: datetime.date
) -> None:  # fmt: skip
    if ends < starts:
        raise ValidationError({"ends": "Последний день не может быть раньше первого."})
    if until < today():
        raise ValidationError({"until": "Этот день прошёл: назовите сегодняшний или более поздний."})
    if any(not one.school_class.year.starts <= starts <= ends <= one.school_class.year.ends for one in books):
        raise ValidationError({"starts": "Эти дни — не того учебного года, в котором журнал."})


def _tell_teachers(made: list[EntryOpening], by: Actor) -> None:
    """One line a teacher, however many gradebooks were opened; who gave some of the lessons in the place of another
    hears it too, and reaches them from the own week."""
    starts, ends = made[0].starts, made[0].ends
    loads = TeachingLoad.objects.filter(gradebook__in=[one.gradebook_id for one in made])
    own = _openings_by_teacher(made, loads.on(today()))
    gave = _openings_by_teacher(made, loads.for_some_days().overlapping(starts, ends).exclude(teacher__in=own))
    people = User.objects.in_bulk([*own, *gave])
    lessons = entry_pages.words_of(starts, ends)
    for teacher, openings in (own | gave).items():
        one = openings[0]
        what = str(one.gradebook) if len(openings) == 1 else f"журналы ({len(openings)})"
        page = reverse("journal:gradebook_detail", args=[one.gradebook_id])
        notify(
            [people[teacher]], entry_pages.OPENED, key=f"entry-opened-{one.pk}", by=by,
            text=f"Открыт ввод отметок: {what}, уроки {lessons}, до {russian.short_date(one.until)} включительно.",
            url=page if teacher in own else f"{reverse('journal:timetable')}?date={starts}",
        )  # fmt: skip


def _openings_by_teacher(made: list[EntryOpening], loads: QuerySet[TeachingLoad]) -> dict[int, list[EntryOpening]]:
    by_book = {one.gradebook_id: one for one in made}
    found: dict[int, list[EntryOpening]] = defaultdict(list)
    for teacher, book in loads.order_by("gradebook").values_list("teacher", "gradebook").distinct():
        found[teacher].append(by_book[book])
    return found


@transaction.atomic
def close_opening(opening: EntryOpening, *, by: Actor) -> None:
    """The gradebook is closed again from now on. Effects: its last open day was yesterday; audit.

    Raises ValidationError where it is closed already.
    """
    opening = EntryOpening.objects.select_for_update(of=("self",)).get(pk=opening.pk)
    if opening.until < today():
        raise ValidationError("Этот журнал уже закрыт.")
    before = audit.snapshot(opening, AUDITED)
    opening.until = today() - DAY
    opening.save(update_fields=["until"])
    audit.record(
        by, "entry_opening.closed", opening, audit.difference(before, audit.snapshot(opening, AUDITED)), opening.reason
    )


@transaction.atomic
def ask(door: Door, *, starts: datetime.date, ends: datetime.date, reason: str, by: Actor) -> int:
    """A teacher asks the deputy heads to open the own gradebook for lessons from–to, one who gave a lesson in the place
    of another for the day of that lesson; how many were told.

    Effects: a line in their inboxes that leads to the opening, filled in. Raises ValidationError: not the teacher's
    gradebook, not the day that was given, nothing closed on these days, asked already today, too often today.
    """
    if door.refusal or not (door.teaches or door.gave):
        raise ValidationError(door.refusal or "Просит учитель этого журнала.")
    _refuse_ask(door, starts, ends)
    if not rights.people_who_open(today()).exists():
        raise ValidationError("Открыть журнал некому: в школе не назначены ни заместитель по УВР, ни директор.")
    # One line at a time from one person: the count below is of all that went before.
    User.objects.select_for_update().get(pk=by.person.pk)
    if entry_pages.asked_today(by.person, today()) >= MOST_ASKS:
        raise ValidationError(f"Сегодня вы просили уже {MOST_ASKS} раз: поговорите с заместителем директора.")
    asked = entry_pages.Asked(door.gradebook.pk, by.person.pk, starts, ends)
    told = notify(
        rights.people_who_open(today()), entry_pages.ASKED, key=asked.key(today()), by=by,
        text=asked.text(by.person.initials, str(door.gradebook), reason), url=asked.url,
    )  # fmt: skip
    if not told:
        raise ValidationError("Об этих днях вы сегодня уже попросили: ответ придёт в уведомления.")
    return told


def _refuse_ask(door: Door, starts: datetime.date, ends: datetime.date) -> None:
    if ends < starts:
        raise ValidationError({"ends": "Последний день не может быть раньше первого."})
    if door.gave and not starts == ends == door.gave:
        raise ValidationError({"starts": f"На замене вы были {russian.short_date(door.gave)}: просите об этом дне."})
    if ends > door.today:
        raise ValidationError({"ends": "Эти уроки ещё впереди."})
    if ends - starts > LONGEST_ASK:
        raise ValidationError({"ends": "Просите не больше двух месяцев за раз."})
    days = (starts + number * DAY for number in range((ends - starts).days + 1))
    if not any(door.days.is_school_day(day) and door.closed(day) for day in days):
        raise ValidationError({"starts": "Для уроков этих дней ввод и так открыт, или уроков в эти дни нет."})
