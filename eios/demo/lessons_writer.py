"""Lessons of the gradebooks that the demonstration school keeps itself: topics in order, homework, kinds of work."""

import datetime
from collections import Counter, defaultdict
from decimal import Decimal

from accounts.models import AcademicYear, User
from eios.demo import timetable_writer
from eios.lib.dates import today
from journal.models import Gradebook, Homework, Kept, Lesson, LessonWork, Mark, WorkKind
from journal.timetables import planned, slots
from resources.models import Programme, Topic

BATCH = 2000
# Teachers of the demonstration school have not filled in the last days: there is something to do.
UNFILLED_DAYS = 2
DONE = ("Разобраны примеры учебника, решены задачи у доски.", "Работа в парах, проверка у доски.", "")
HOMEWORK = ("§ {0}, № {1}–{2}", "§ {0}, повторить определения; № {1}", "Карточка {0}, задания 1–4")


def write(starts: datetime.date, by: User) -> None:
    """Of the whole year; those that have been, but the last days', have topics, homework and what was done."""
    year = AcademicYear.objects.get(starts=starts)
    timetable_writer.write_changes(year, by)
    books = list(Gradebook.objects.of_year(year).filter(kept=Kept.HERE).listed())
    kinds = {one.code: one for one in WorkKind.objects.all()}
    topics = {book.pk: _topics(book) for book in books}
    lessons: dict[int, list[Lesson]] = defaultdict(list)
    found = planned(year, year.starts, year.ends, [book.pk for book in books])
    slot = slots(found)
    for one in found:
        lessons[one.gradebook].append(
            Lesson(
                gradebook_id=one.gradebook, date=one.date, slot=slot[one.gradebook, one.date, one.number],
                number=one.number, teacher_id=one.teacher, room_id=one.room,
            )
        )  # fmt: skip
    for pk, own in lessons.items():
        _fill(own, topics[pk])
    Lesson.objects.bulk_create([one for own in lessons.values() for one in own], batch_size=BATCH)
    _homework([one for own in lessons.values() for one in own])
    _works(lessons, kinds)


def _topics(book: Gradebook) -> list[Topic]:
    """One a lesson, in the order of the approved programme, which the gradebook gets."""
    programmes = Programme.objects.approved().filter(year=book.school_class.year, subject=book.subject)
    programme = programmes.of_grade(book.school_class.grade).order_by("pk").first()
    if programme is None:
        return []
    book.programme = programme
    book.save(update_fields=["programme"])
    return [topic for topic in programme.topics.order_by("position") for _ in range(max(1, int(topic.hours)))]


def _has_been(lesson: Lesson) -> bool:
    return (today() - lesson.date).days > UNFILLED_DAYS


def _fill(lessons: list[Lesson], topics: list[Topic]) -> None:
    for place, lesson in enumerate(lessons):
        if not _has_been(lesson) or place >= len(topics):
            return
        topic = topics[place]
        lesson.topic, lesson.subject_matter, lesson.way = topic, topic.name, topic.way
        lesson.done = DONE[place % len(DONE)]


def _homework(lessons: list[Lesson]) -> None:
    rows = []
    for place, lesson in enumerate(lessons):
        if _has_been(lesson) and lesson.topic_id:
            text = HOMEWORK[place % len(HOMEWORK)].format(place % 40 + 1, place * 3 % 300 + 1, place * 3 % 300 + 6)
            rows.append(Homework(lesson=lesson, text=text))
    Homework.objects.bulk_create(rows, batch_size=BATCH)


def _works(lessons: dict[int, list[Lesson]], kinds: dict[str, WorkKind]) -> None:
    """A lesson's column is of the kind that most of its marks have; they all get it."""
    codes: dict[tuple, Counter] = defaultdict(Counter)
    rows = Mark.objects.filter(gradebook__in=lessons).values_list("gradebook", "date", "slot", "work")
    for pk, date, slot, work in rows:
        codes[pk, date, slot][work] += 1
    made = []
    for own in lessons.values():
        for lesson in own:
            found = codes.get((lesson.gradebook_id, lesson.date, lesson.slot))
            kind = found and kinds.get(found.most_common(1)[0][0])
            if kind:
                made.append(LessonWork(lesson=lesson, kind=kind, weight=kind.weight))
    LessonWork.objects.bulk_create(made, batch_size=BATCH)
    _follow(made)


def _follow(works: list[LessonWork]) -> None:
    """Marks have the kind and the weight of their column."""
    marks = {}
    found = Mark.objects.filter(gradebook__in={one.lesson.gradebook_id for one in works})
    for mark in found:
        marks.setdefault((mark.gradebook_id, mark.date, mark.slot), []).append(mark)
    changed = []
    for work in works:
        for mark in marks.get((work.lesson.gradebook_id, work.lesson.date, work.lesson.slot), ()):
            mark.work, mark.weight = work.kind.code, Decimal(work.weight)
            changed.append(mark)
    Mark.objects.bulk_update(changed, ["work", "weight"], batch_size=500)
