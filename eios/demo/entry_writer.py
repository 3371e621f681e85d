"""Rules of entry of the demonstration school, a gradebook opened again, a request to open, histories of last days."""

import datetime

from accounts.actions.notifications import notify
from accounts.actor import Actor
from accounts.models import AcademicYear, Appointment, User
from eios.lib.dates import today
from journal import entry_pages
from journal.actions.entry import open_books
from journal.entries import Content
from journal.models import Absence, CellChange, EntryRules, Gradebook, Kept, Mark, TeachingLoad
from resources.actions.documents import publish_edition, save_document
from resources.models import Document

ACT = "Порядок ведения классных журналов в электронном виде"
TEXT = """## Кто ведёт журнал

Отметки и пропуски ставит учитель, который ведёт предмет по нагрузке.

## До какого дня

Отметки урока ставят в день урока и исправляют в срок, который установлен в разделе «Правила ввода». Отметки за
письменную работу ставят не позже чем через неделю.

## Если срок прошёл

Учитель просит заместителя директора по УВР открыть журнал и называет причину. Исправления после срока остаются
в истории.
"""
# How far back marks have a history, how often one of them was changed, how often after the window had closed.
SHOWN_DAYS, EVERY_CHANGED, EVERY_LATE = 28, 9, 40
OPENED_DAYS, ASKED_DAYS = 21, 24
LATE = "Отметка за переписанную контрольную работу"


def write(starts: datetime.date, by: Actor, deputy: User) -> None:
    """Of the current year."""
    year = AcademicYear.objects.get(starts=starts)
    act = save_document(Document(title=ACT, kind=Document.Kind.RULES), by=by)
    publish_edition(act, text=TEXT, in_force_from=starts, basis="Протокол педсовета № 1", by=by)
    EntryRules.objects.create(year=year, act=act)
    books = list(Gradebook.objects.of_year(year).filter(kept=Kept.HERE).listed())
    loads = TeachingLoad.objects.on(today()).filter(gradebook__in=books).select_related("teacher").order_by("-pk")
    teachers = {one.gradebook_id: one.teacher for one in loads}
    books = [one for one in books if one.pk in teachers]
    if not books:
        return
    _histories(books, teachers, deputy)
    _opened(books[-1], deputy)
    _asked(books[0], teachers[books[0].pk], deputy)


def _histories(books: list[Gradebook], teachers: dict[int, User], deputy: User) -> None:
    """Marks and absences of the last weeks were typed here; some marks are corrections, some of them late."""
    since, changes = today() - datetime.timedelta(days=SHOWN_DAYS), []
    rows = Mark.objects.filter(gradebook__in=books, date__gte=since).order_by("gradebook", "date", "pk")
    for place, mark in enumerate(rows):
        own = {"gradebook_id": mark.gradebook_id, "pupil_id": mark.pupil_id, "date": mark.date, "slot": mark.slot}
        own |= {"place": mark.place, "by": teachers[mark.gradebook_id]}
        values = ["", "3", mark.value] if place % EVERY_CHANGED == 1 and mark.value != "3" else ["", mark.value]
        for number, (was, became) in enumerate(zip(values, values[1:], strict=False), 1):
            is_late = number == 2 and place % EVERY_LATE < EVERY_CHANGED
            late = {"by": deputy, "reason": LATE} if is_late else {}
            changes.append(CellChange(**own | late, number=number, was=was, became=became))
    codes = Absence.objects.filter(gradebook__in=books, date__gte=since).order_by("gradebook", "date", "pk")
    codes = codes.select_related("gradebook")
    marked = {(one.gradebook_id, one.pupil_id, one.date, one.slot) for one in changes if one.place == 1}
    leaders = _leaders()
    for one in codes:
        if (one.gradebook_id, one.pupil_id, one.date, one.slot) not in marked:
            changes += _of_absence(one, teachers[one.gradebook_id], leaders.get(one.gradebook.school_class_id))
    CellChange.objects.bulk_create(changes, batch_size=1000)


def _of_absence(one: Absence, teacher: User, leader: User | None) -> list[CellChange]:
    """The teacher says that the pupil was not there, the class teacher why."""
    own = {"gradebook_id": one.gradebook_id, "pupil_id": one.pupil_id, "date": one.date, "slot": one.slot}
    text, first = Content(code=one.code).text, Content(code=Absence.Code.ABSENT).text
    if one.code not in Absence.MISSED or text == first or leader is None:
        return [CellChange(**own, number=1, became=text, by=teacher)]
    reason = CellChange(**own, number=2, was=first, became=text, by=leader, how=CellChange.How.REASON)
    return [CellChange(**own, number=1, became=first, by=teacher), reason]


def _leaders() -> dict[int, User]:
    rows = Appointment.objects.on(today()).filter(position__code="class_teacher").select_related("person")
    return {one.school_class_id: one.person for one in rows}


def _opened(book: Gradebook, deputy: User) -> None:
    day = max(today() - datetime.timedelta(days=OPENED_DAYS), book.school_class.year.starts)
    last = min(today() + datetime.timedelta(days=2), book.school_class.year.ends)
    if last < today():
        return
    open_books(
        [book], starts=day, ends=min(day + datetime.timedelta(days=4), book.school_class.year.ends), until=last,
        reason="Учитель был на курсах повышения квалификации", by=Actor(deputy, None, deputy.username),
    )  # fmt: skip


def _asked(book: Gradebook, teacher: User, deputy: User) -> None:
    """As the teacher's request stands in the deputy's inbox."""
    day = max(today() - datetime.timedelta(days=ASKED_DAYS), book.school_class.year.starts)
    asked = entry_pages.Asked(book.pk, teacher.pk, day, day)
    notify(
        [deputy], entry_pages.ASKED, key=asked.key(today()), by=Actor(teacher, None, teacher.username),
        text=asked.text(teacher.initials, str(book), "Проверила самостоятельные работы позже срока"), url=asked.url,
    )  # fmt: skip
