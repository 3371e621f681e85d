"""A class of the demonstration school that learns a subject in two subgroups, and a teacher who is replaced now."""

from accounts.actor import Actor
from accounts.models import SchoolClass, User
from eios.lib.dates import today
from journal.actions.load import put_replacement, save_load
from journal.actions.subgroups import distribute, save_subgroup
from journal.models import Absence, Gradebook, Mark, Result, Subgroup, TeachingLoad, TimetableLine
from resources.calendars import DAY

SUBJECT, GRADE = "Информатика", 9
NAMES = ("1-я группа", "2-я группа")
REPLACED_DAYS = 5


def write(by: Actor) -> None:
    """From the first day of the year; the replacement is of this week."""
    date = today()
    classes = SchoolClass.objects.of_year_on(date).filter(grade=GRADE).select_related("year")
    school_class = classes.order_by("letter").first()
    book = Gradebook.objects.filter(school_class=school_class, subject__name=SUBJECT).select_related("subject").first()
    load = book and TeachingLoad.objects.on(date).filter(gradebook=book).select_related("teacher").first()
    if not load:
        return
    others = TeachingLoad.objects.on(date).exclude(teacher=load.teacher).order_by("pk").values("teacher")
    other = User.objects.filter(pk__in=others).order_by("pk").last()
    if other is None:
        return
    groups = []
    for name, teacher in zip(NAMES, (load.teacher, other), strict=True):
        group = save_subgroup(Subgroup(school_class=school_class, subject=book.subject, name=name), by=by)
        groups.append(group)
        row = TeachingLoad(
            gradebook=Gradebook.objects.select_related("school_class__year").get(subgroup=group), teacher=teacher,
            hours=load.hours, starts=school_class.year.starts,
        )  # fmt: skip
        divided = save_load(row, by=by)
    pupils = User.objects.in_classes([school_class], date).order_by("sort_name", "pk").values_list("pk", flat=True)
    half = (len(pupils) + 1) // 2
    wanted = {key: groups[place >= half].pk for place, key in enumerate(pupils)}
    distribute(school_class, book.subject, wanted, school_class.year.starts, by=by)
    for group in groups:
        _divide(book, group.gradebook, [pupil for pupil, key in wanted.items() if key == group.pk])
    TimetableLine.objects.filter(gradebook=book).delete()
    last = min(date + REPLACED_DAYS * DAY, school_class.year.ends)
    put_replacement(divided, load.teacher, date, last, by=by, basis="Болезнь учителя")


def _divide(book: Gradebook, own: Gradebook, pupils: list[int]) -> None:
    """The subgroup's lessons are when the class's were, and its pupils' marks stand in its gradebook."""
    for model in (Mark, Absence, Result):
        model.objects.filter(gradebook=book, pupil__in=pupils).update(gradebook=own)
    load = TeachingLoad.objects.filter(gradebook=own, replaces=None).first()
    for line in TimetableLine.objects.filter(gradebook=book).select_related("room"):
        hour = {"timetable_id": line.timetable_id, "weekday": line.weekday, "number": line.number}
        is_own = load.teacher_id == line.teacher_id
        if is_own or not TimetableLine.objects.filter(**hour, teacher=load.teacher_id).exists():
            room = line.room if is_own else None
            TimetableLine.objects.create(**hour, gradebook=own, teacher_id=load.teacher_id, room=room)
