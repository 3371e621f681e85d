"""The verbs of lessons: generated from the timetable, added and taken away by hand, given topics (6.2, 7.2)."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.actions.dictionaries import delete_row, save_row
from accounts.actions.jobs import start_job
from accounts.actor import Actor
from accounts.models import AcademicYear, Job
from eios.lib import russian
from journal import lesson_plan, lessons, rights, topic_order
from journal.entry import MIRROR, Door
from journal.lesson_plan import MOVED, BookPlan, Span
from journal.models import Gradebook, Kept, Lesson
from resources.models import Programme

JOB = "journal-lessons"
STALE = "Пока вы смотрели, расписание или уроки изменились. Посмотрите ещё раз и подтвердите."
NOT_EMPTY = "В уроке есть записи, отметки или пропуски: убрать можно только пустой урок."
SAY_WHY = "Напишите, почему: окно ввода закрыто или журнал ведёт другой учитель."
NOT_MANAGER = "Уроки формирует директор или его заместитель по учебной работе."
# Out of the way of all places while lessons of a day change theirs.
ASIDE = 200


@dataclass(frozen=True)
class Made:
    """How many lessons a generation added, moved and took away."""

    added: int = 0
    moved: int = 0
    removed: int = 0

    def __add__(self, other: "Made") -> "Made":
        return Made(self.added + other.added, self.moved + other.moved, self.removed + other.removed)

    @property
    def words(self) -> str:
        if not (self.added or self.moved or self.removed):
            return "Уроки уже такие, как в расписании: менять нечего."
        return f"Уроков добавлено: {self.added}, изменено: {self.moved}, убрано пустых: {self.removed}."


@transaction.atomic
def generate(
    gradebook: Gradebook, starts: datetime.date, ends: datetime.date, *, by: Actor, seen: str | None = None
) -> Made:  # fmt: skip
    """Brings the gradebook's lessons from–to in line with the timetable; a second time changes nothing.

    Effects: lessons added; number, place, teacher and room of those that are there; empty ones of today or later
    removed; one audit entry. What is written in lessons, and marks, stay. Raises ValidationError: a mirror, days in
    the wrong order, or not the plan that was `seen`.
    """
    book = _locked([gradebook])[0]
    if book.is_mirror:
        raise ValidationError(MIRROR)
    if ends < starts:
        raise ValidationError("Последний день не может быть раньше первого.")
    plan = lesson_plan.plans(book.school_class.year, [book], {book.pk: (starts, ends)}, timezone.localdate())[0]
    if seen is not None and plan.mark != seen:
        raise ValidationError(STALE)
    return _apply([plan], {book.pk: (starts, ends)}, by)


@transaction.atomic
def follow(gradebooks: Iterable[Gradebook], starts: datetime.date, ends: datetime.date, *, by: Actor) -> Made:
    """After a change of the timetable: the same as `generate` for many gradebooks, from today on, only for those kept
    here that have lessons, up to the end of the term in which the last one stands. Effects as of `generate`."""
    books = [one for one in _locked(gradebooks) if one.kept == Kept.HERE]
    made = Made()
    for year in {one.school_class.year for one in books}:
        own = [one for one in books if one.school_class.year_id == year.pk]
        spans = lesson_plan.spans_to_follow(year, own, starts, ends, timezone.localdate())
        made += _apply(lesson_plan.plans(year, own, spans, timezone.localdate()), spans, by)
    return made


def _locked(gradebooks: Iterable[Gradebook]) -> list[Gradebook]:
    """Their rows, read anew; whoever generates lessons of one of them waits."""
    keys = [one.pk for one in gradebooks]
    rows = Gradebook.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    return list(rows.select_related("school_class__year", "subject", "subgroup"))


def _apply(plans: Sequence[BookPlan], spans: dict[int, Span], by: Actor) -> Made:
    plans = [one for one in plans if not one.is_empty]
    moves = [move for plan in plans for move in plan.moved]
    removed = [one.pk for plan in plans for one in plan.removed]
    Lesson.objects.filter(pk__in=removed).delete()
    shifted = [move.lesson.pk for move in moves if move.lesson.slot != move.was[0]]
    Lesson.objects.filter(pk__in=shifted).update(slot=F("slot") + ASIDE)
    Lesson.objects.bulk_update([move.lesson for move in moves], MOVED, batch_size=200)
    added = [one for plan in plans for one in plan.added]
    Lesson.objects.bulk_create(added, batch_size=500)
    audit.record_many([_generated(plan, spans[plan.gradebook.pk], by) for plan in plans])
    return Made(len(added), len(moves), len(removed))


def _generated(plan: BookPlan, span: Span, by: Actor):
    changes = {
        "days": [None, " — ".join(map(russian.short_date, span))],
        "lessons_added": [None, len(plan.added)],
        "lessons_moved": [None, len(plan.moved)],
        "lessons_removed": [None, len(plan.removed)],
    }
    return audit.entry(by, "gradebook.lessons_generated", plan.gradebook, changes)


# All gradebooks kept here


def start_generation(year: AcademicYear, starts: datetime.date, ends: datetime.date, *, by: Actor) -> Job:
    """Effects: a long work that generates lessons from–to of every gradebook of the year that is kept here. Raises
    ValidationError: not one's right, none kept here, days in the wrong order."""
    _refuse_others(by)
    if ends < starts:
        raise ValidationError("Последний день не может быть раньше первого.")
    keys = list(Gradebook.objects.of_year(year).filter(kept=Kept.HERE).listed().values_list("pk", flat=True))
    if not keys:
        raise ValidationError("В этом учебном году на портале не ведётся ни один журнал.")
    params = {"books": keys, "starts": starts.isoformat(), "ends": ends.isoformat(), "year": year.pk,
              "made": [0, 0, 0]}  # fmt: skip
    return start_job(JOB, title=f"Уроки из расписания за {year} учебный год", total=len(keys), params=params, by=by)


def generation_step(job: Job, by: Actor) -> None:
    """Lessons of one gradebook; one that is kept elsewhere by now is passed over."""
    _refuse_others(by)
    span = [datetime.date.fromisoformat(job.params[name]) for name in ("starts", "ends")]
    book = Gradebook.objects.filter(pk=job.params["books"][job.done], kept=Kept.HERE).first()
    made = Made(*job.params["made"])
    if book is not None:
        made += generate(book, *span, by=by)
    job.params["made"] = [made.added, made.moved, made.removed]
    job.done += 1
    if job.done == job.total:
        job.message = f"Журналов: {job.total}. {made.words}"
        job.next_url = f"{reverse('journal:plan_list')}?year={job.params['year']}"


def _refuse_others(by: Actor) -> None:
    if by.person is None or not rights.manages(by.person):
        raise ValidationError(NOT_MANAGER)


# By hand


def refuse_closed(door: Door, date: datetime.date, reason: str) -> None:
    """Raises ValidationError for one who writes nothing here, or not any more, or says not why (7.2)."""
    if door.refusal:
        raise ValidationError(door.refusal)
    late = door.closed(date)
    if late and not door.manages:
        raise ValidationError(late)
    if (late or door.needs_reason) and not reason:
        raise ValidationError({"reason": SAY_WHY})


@transaction.atomic
def add_lesson(door: Door, date: datetime.date, number: int, *, reason: str = "", by: Actor) -> Lesson:
    """A lesson that the timetable does not have. Audited. Raises ValidationError: closed, no school day, there
    already."""
    refuse_closed(door, date, reason)
    book = _locked([door.gradebook])[0]
    if not door.days.is_school_day(date):
        raise ValidationError({"date": "По календарному графику это не учебный день."})
    that_day = Lesson.objects.filter(gradebook=book, date=date)
    if that_day.filter(number=number).exists():
        raise ValidationError({"number": "Этот урок в журнале уже есть."})
    slot = (that_day.aggregate(last=Max("slot"))["last"] or 0) + 1
    teacher = by.person if door.teaches else None
    return save_row(Lesson(gradebook=book, date=date, number=number, slot=slot, teacher=teacher), by=by, basis=reason)


@transaction.atomic
def remove_lesson(door: Door, lesson: Lesson, *, reason: str = "", by: Actor) -> None:
    """An empty lesson is gone. Audited. Raises ValidationError: closed, or something is written in it."""
    refuse_closed(door, lesson.date, reason)
    _locked([door.gradebook])
    row = Lesson.objects.select_for_update(of=("self",)).filter(pk=lesson.pk).first()
    if row is None:
        raise ValidationError("Этого урока уже нет.")
    if not lessons.empty(Lesson.objects.filter(pk=lesson.pk)).exists():
        raise ValidationError(NOT_EMPTY)
    delete_row(row, by=by, basis=reason)


# Topics


@transaction.atomic
def choose_programme(door: Door, programme: Programme | None, *, by: Actor) -> None:
    """Whose topics the lessons are offered; None is the only approved one. Lessons keep the topics that they have.

    Audited. Raises ValidationError for one who writes nothing here, or a programme that does not fit.
    """
    if door.refusal:
        raise ValidationError(door.refusal)
    book = _locked([door.gradebook])[0]
    if programme and not lessons.programmes_for(book).filter(pk=programme.pk).exists():
        raise ValidationError("Эта программа — не для этого журнала.")
    before = audit.snapshot(book, ["programme"])
    book.programme = programme
    book.save(update_fields=["programme"])
    changes = audit.difference(before, audit.snapshot(book, ["programme"]))
    if changes:
        audit.record(by, "gradebook.programme_chosen", book, changes)


def layable(door: Door, starts: datetime.date) -> list[Lesson]:
    """Lessons without a topic, from the day on, that the person may fill."""
    rows = Lesson.objects.filter(gradebook=door.gradebook, date__gte=starts, topic=None).order_by("date", "slot")
    return [one for one in rows if door.manages or not door.closed(one.date)]


@transaction.atomic
def lay_topics(door: Door, starts: datetime.date, *, seen: str, reason: str = "", by: Actor) -> int:
    """Topics of the programme, in order, to the lessons without one from the day on, each for its hours.

    Effects: topic, its words where nothing is written yet, its way; one audit entry. Returns how many lessons. Raises
    ValidationError: closed, or other lessons or topics than were `seen`.
    """
    if door.refusal:
        raise ValidationError(door.refusal)
    book = _locked([door.gradebook])[0]
    laid = topic_order.lay(layable(door, starts), lessons.offers(book, lessons.programme_of(book)))
    if laid.mark != seen:
        raise ValidationError(STALE)
    if not laid.pairs:
        raise ValidationError("Раскладывать нечего: нет уроков без темы или тем, которым нужны уроки.")
    for lesson, _ in laid.pairs:
        refuse_closed(door, lesson.date, reason)
    for lesson, topic in laid.pairs:
        lesson.topic, lesson.way = topic, topic.way
        lesson.subject_matter = lesson.subject_matter or topic.name
        lesson.changed_at = timezone.now()
    rows = [lesson for lesson, _ in laid.pairs]
    Lesson.objects.bulk_update(rows, ["topic", "way", "subject_matter", "changed_at"], batch_size=200)
    changes = {"lessons_filled": [None, len(rows)], "days": [None, f"с {russian.short_date(rows[0].date)}"]}
    audit.record(by, "gradebook.topics_laid", book, changes, basis=reason)
    return len(rows)
