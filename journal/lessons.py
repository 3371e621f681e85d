"""Lessons of gradebooks kept here: lists, what stands in one, what is offered to fill it (1.3 b-c, 2.2). Reads only."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.marks import Seen, digest
from accounts.models import User
from journal import rights, timetables
from journal.models import (
    Absence,
    CellChange,
    Gradebook,
    Homework,
    HomeworkFile,
    Lesson,
    LessonWork,
    Mark,
    TeachingLoad,
)
from resources.models import Programme, Topic

DAY = datetime.timedelta(days=1)
# How far ahead the timetable is asked for the subject's next lesson.
LOOK_AHEAD = 21
MOST_WORKS = 6


def of_place(model, **more) -> Q:
    """Rows of marks, absences or their history that belong to the outer lesson."""
    where = {"gradebook": OuterRef("gradebook"), "date": OuterRef("date"), "slot": OuterRef("slot")}
    return Exists(model.objects.filter(**where, **more))


def empty(lessons: QuerySet[Lesson]) -> QuerySet[Lesson]:
    """Those of the lessons in which nothing is written: no topic, work or homework, no mark, absence or history."""
    nothing = {"topic": None, "subject_matter": "", "done": "", "remark": "", "works": None, "homework": None}
    found = lessons.filter(**nothing)
    return found.exclude(of_place(Mark) | of_place(Absence) | of_place(CellChange))


def written_in(gradebook: Gradebook, date: datetime.date, number: int) -> list[str]:
    """What stands in the lesson of that hour, in words: «отметки», «домашнее задание». One query."""
    where = Lesson.objects.filter(gradebook=gradebook, date=date, number=number)
    works, homework = (Exists(model.objects.filter(lesson=OuterRef("pk"))) for model in (LessonWork, Homework))
    rows = where.annotate(
        is_marked=of_place(Mark), is_absent=of_place(Absence), has_past=of_place(CellChange), has_works=works,
        is_asked=homework,
    )  # fmt: skip
    row = rows.first()
    if row is None:
        return []
    told = {
        "отметки": row.is_marked, "пропуски": row.is_absent, "домашнее задание": row.is_asked,
        "тема и записи": bool(row.topic_id or row.subject_matter or row.done or row.remark), "работы": row.has_works,
        "история отметок": row.has_past and not (row.is_marked or row.is_absent),
    }  # fmt: skip
    return [words for words, is_there in told.items() if is_there]


def seen_by(person: User, date: datetime.date) -> QuerySet[Lesson]:
    """Lessons of the gradebooks that an employee may read."""
    return _named(Lesson.objects.filter(gradebook__in=rights.gradebooks_seen(person, date)))


def open_to(person: User, date: datetime.date) -> QuerySet[Lesson]:
    """The same, and those that have been on days of the person's load: who gave a lesson in the place of another fills
    it in, whose load has ended reads it (7.2)."""
    loads = TeachingLoad.objects.on(OuterRef("date"))
    given = Exists(loads.filter(gradebook=OuterRef("gradebook"), teacher=person))
    books = rights.gradebooks_seen(person, date)
    return _named(Lesson.objects.filter(Q(gradebook__in=books) | Q(given, date__lte=date)))


def _named(rows: QuerySet[Lesson]) -> QuerySet[Lesson]:
    return rows.select_related(
        "gradebook__school_class__year__entry_rules", "gradebook__subject", "gradebook__subgroup",
        "gradebook__programme", "teacher", "room", "topic",
    )  # fmt: skip


def of_period(gradebook: Gradebook, starts: datetime.date, ends: datetime.date) -> list[Lesson]:
    """Lessons from–to with topics, works, homework, and in `marks_count` how many marks; three queries."""
    rows = Lesson.objects.of_gradebook(gradebook, starts, ends).select_related("topic", "homework", "teacher")
    works = Prefetch("works", LessonWork.objects.select_related("kind"))
    found = list(rows.prefetch_related(works).order_by("date", "slot"))
    counts = Mark.objects.of_gradebook(gradebook, starts, ends).order_by().values_list("date", "slot")
    given = {(date, slot): count for date, slot, count in counts.annotate(count=Count("pk"))}
    for one in found:
        one.marks_count = given.get((one.date, one.slot), 0)
    return found


# The programme


def programmes_for(gradebook: Gradebook) -> QuerySet[Programme]:
    """Approved programmes of the gradebook's subject, grade and year."""
    school_class = gradebook.school_class
    rows = Programme.objects.approved().of_grade(school_class.grade)
    rows = rows.filter(subject=gradebook.subject_id, year=school_class.year_id, kind=Programme.Kind.SUBJECT)
    return rows.for_lists().order_by("title", "pk")


def programme_of(gradebook: Gradebook) -> Programme | None:
    """The chosen one; else the only one that fits."""
    if gradebook.programme_id:
        return gradebook.programme
    found = list(programmes_for(gradebook)[:2])
    return found[0] if len(found) == 1 else None


@dataclass(frozen=True)
class Offer:
    """A topic with the lessons that have it already, of the whole year."""

    topic: Topic
    given: int

    @property
    def words(self) -> str:
        """«12. Циклы (2 ч, проведено 1)»."""
        given = f", уроков {self.given}" if self.given else ""
        return f"{self.topic.position}. {self.topic.name} ({self.topic.hours_text} ч{given})"


def offers(gradebook: Gradebook, programme: Programme | None) -> list[Offer]:
    """Topics of the programme in order. Two queries."""
    if programme is None:
        return []
    rows = Lesson.objects.filter(gradebook=gradebook, topic__programme=programme).order_by().values_list("topic")
    given = dict(rows.annotate(count=Count("pk")))
    return [Offer(one, given.get(one.pk, 0)) for one in programme.topics.order_by("position")]


def next_topic(found: list[Offer], before: int | None) -> Topic | None:
    """The topic that comes next after the one of the lesson before: the same while hours are left, else the first
    further one that has hours left; without a lesson before, the first that has any."""
    place = next((place for place, one in enumerate(found) if one.topic.pk == before), 0)
    return next((one.topic for one in found[place:] if one.given < one.topic.hours), None)


def topic_before(lesson: Lesson) -> int | None:
    """Key of the topic of the nearest lesson before that has one."""
    return _before(lesson).filter(topic__isnull=False).values_list("topic", flat=True).first()


# One lesson's neighbours


def _before(lesson: Lesson) -> QuerySet[Lesson]:
    earlier = Q(date__lt=lesson.date) | Q(date=lesson.date, slot__lt=lesson.slot)
    return Lesson.objects.filter(earlier, gradebook=lesson.gradebook_id).order_by("-date", "-slot")


def _after(lesson: Lesson) -> QuerySet[Lesson]:
    later = Q(date__gt=lesson.date) | Q(date=lesson.date, slot__gt=lesson.slot)
    return Lesson.objects.filter(later, gradebook=lesson.gradebook_id).order_by("date", "slot")


def neighbours(lesson: Lesson) -> tuple[Lesson | None, Lesson | None]:
    return _before(lesson).first(), _after(lesson).first()


def due_offered(lesson: Lesson) -> datetime.date | None:
    """The subject's next day: of the lessons that are there, else of the timetable; None where neither says."""
    there = _after(lesson).filter(date__gt=lesson.date).values_list("date", flat=True).first()
    if there:
        return there
    book = lesson.gradebook
    ahead = timetables.planned(
        book.school_class.year, lesson.date + DAY, lesson.date + LOOK_AHEAD * DAY, [book.pk]
    )  # fmt: skip
    return ahead[0].date if ahead else None


# What an editor saw


FIELDS = ("topic_id", "subject_matter", "way", "done", "remark")
LISTS = ("elements", "outside_resources", "courses")


def homework_of(lesson: Lesson) -> Homework | None:
    return Homework.objects.filter(lesson=lesson).first()


def works_of(lesson: Lesson) -> list[LessonWork]:
    return list(LessonWork.objects.filter(lesson=lesson).select_related("kind").order_by("place"))


def files_of(homework: Homework | None) -> list[HomeworkFile]:
    if homework is None:
        return []
    return list(HomeworkFile.objects.filter(homework=homework).select_related("file").order_by("pk"))


def seen_of_lesson(lesson: Lesson) -> Seen:
    """Everything that the lesson's page edits, works and homework included; seven queries."""
    stored = Lesson.objects.filter(pk=lesson.pk).values_list(*FIELDS).get()
    works = LessonWork.objects.filter(lesson=lesson).order_by("place")
    parts = [list(stored), list(works.values_list("place", "kind", "title", "weight"))]
    homework = homework_of(lesson)
    if homework is not None:
        parts += [homework.text, homework.due, [one.file_id for one in files_of(homework)]]
        parts += [sorted(getattr(homework, name).values_list("pk", flat=True)) for name in LISTS]
    return Seen((), digest(parts))
