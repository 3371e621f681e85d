"""Entering marks and absences, a cell at a time: compare, write, keep what was (7.2)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, Max, QuerySet, Value
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.actor import Actor
from eios.lib.composed import SOME_DAY, Composed, key
from journal import entries
from journal.books import memberships
from journal.entries import MOST_CELLS, Content, Entry
from journal.entry import Door
from journal.grid import WITH_REASONS
from journal.models import Absence, CellChange, Gradebook, Lesson, Mark

NOT_HERE = "В этот день обучающийся в этом журнале не значится."
NO_LESSON = "Такого урока в журнале нет: обновите страницу."
NO_MARK = "Замечание пишут к отметке: здесь её нет."
SAY_WHY = "Окно ввода закрыто: напишите, почему отметка меняется."


@dataclass(frozen=True)
class Outcome:
    """`text` and `comment` are what stands in the cell now, as the person may see it; `is_remark`: the message is about
    the remark."""

    class State:
        SAVED, SAME, STALE, REFUSED, SAY_WHY = "saved", "same", "stale", "refused", "say_why"

    state: str
    text: str
    message: str = ""
    comment: str = ""
    is_remark: bool = False


@dataclass(frozen=True)
class _Column:
    """A lesson's column: where its cells are, and what their marks get."""

    date: datetime.date
    slot: int
    place: int
    work: str
    weight: object


State = Outcome.State
# Stands in the composed query; fits the column.
SOME_SLOT = 32_111


def enter(
    door: Door, wanted: Sequence[Entry], *, by: Actor, how: str = CellChange.How.TYPED, reason: str = ""
) -> list[Outcome]:
    """Each cell by itself, in a transaction of its own: one that is refused does not hold up the others.

    Effects: marks and absences; a row of each changed cell's history, which is the journal's audit (7.2). Raises
    ValidationError where the person enters nothing here at all; refusals of single cells stand in their outcomes.
    """
    if door.refusal:
        raise ValidationError(door.refusal)
    if len(wanted) > MOST_CELLS:
        raise ValidationError(f"За один раз — не больше {MOST_CELLS} клеток.")
    reason = " ".join(reason.split())[:300]
    columns = _columns(door, {one.lesson for one in wanted})
    dates = {one.date for one in columns.values()}
    present = _present(door, {one.pupil for one in wanted}, dates)
    return [_enter(door, one, columns.get((one.lesson, one.place)), present, by, how, reason) for one in wanted]


def _columns(door: Door, lessons: set[int]) -> dict[tuple[int, int], _Column]:
    """By (lesson, place); a lesson without works has its first column. One query a lesson."""
    return {
        (pk, place or 1): _Column(date, slot, place or 1, code or "", weight if weight is not None else 1)
        for pk in lessons
        for date, slot, place, code, weight in _LESSON.rows(gradebook=door.gradebook.pk, lesson=pk)
    }


def _lesson(gradebook: int, lesson: int) -> QuerySet:
    rows = Lesson.objects.filter(gradebook=gradebook, pk=lesson).order_by()
    return rows.values_list("date", "slot", "works__place", "works__kind__code", "works__weight")


_LESSON = Composed(_lesson, gradebook=key(0), lesson=key(1))


def _present(door: Door, pupils: set[int], dates: set[datetime.date]) -> set[tuple[int, datetime.date]]:
    """Who of the pupils was taught here on which of the dates; one query."""
    book = door.gradebook
    spans = _OF_GROUP.rows(group=book.subgroup_id) if book.subgroup_id else _OF_CLASS.rows(group=book.school_class_id)
    return {
        (pupil, day)
        for pupil, starts, ends in spans
        for day in dates
        if pupil in pupils and starts <= day and (ends is None or day <= ends)
    }


def _of_class(group: int) -> QuerySet:
    return memberships(Gradebook(school_class_id=group)).values_list("pupil", "starts", "ends")


def _of_group(group: int) -> QuerySet:
    return memberships(Gradebook(subgroup_id=group)).values_list("pupil", "starts", "ends")


_OF_CLASS, _OF_GROUP = Composed(_of_class, group=key(0)), Composed(_of_group, group=key(0))


def _enter(
    door: Door, wanted: Entry, column: _Column | None, present: set, by: Actor, how: str, reason: str
) -> Outcome:  # fmt: skip
    if column is None:
        return Outcome(State.REFUSED, wanted.was, NO_LESSON)
    try:
        content = entries.read_cell(wanted.value, door.gradebook.scale, reasons=door.reasons)
    except ValueError as error:
        return Outcome(State.REFUSED, wanted.was, str(error))
    refusal = door.impossible(column.date)
    if not refusal and (wanted.pupil, column.date) not in present:
        refusal = NOT_HERE
    if refusal:
        return Outcome(State.REFUSED, wanted.was, refusal)
    late = door.closed(column.date)
    if late and not door.manages:
        return Outcome(State.REFUSED, wanted.was, late)
    if (late or door.needs_reason) and not reason:
        return Outcome(State.SAY_WHY, wanted.was, SAY_WHY)
    try:
        with transaction.atomic():
            return _write(door, wanted, content, column, by, how, reason)
    except IntegrityError:  # another wrote the same cell at the same moment
        return _stale(door, wanted, column, _Cell(door, wanted.pupil, column))


class _Cell:
    """What stands in a cell now: the pupil's marks and absence at the lesson. One query, so that all of it, and how
    many changes there were, is of one moment."""

    def __init__(self, door: Door, pupil: int, column: _Column):
        self.where = {"gradebook": door.gradebook, "date": column.date, "slot": column.slot, "pupil_id": pupil}
        self.place, self.is_first = column.place, column.place == 1
        self.mark = self.absence = None
        self.others, self.changes, self.comment, self.content = 0, 0, "", Content()
        value, number = "", None
        found = _CELL.rows(gradebook=door.gradebook.pk, day=column.date, slot=column.slot, pupil=pupil)
        for what, place, pk, text, figure, comment in found:
            if what == ABSENCE:
                self.absence, self.code = pk, text
            elif what == CHANGES and place == column.place:
                self.changes = figure
            elif what == MARK and place == column.place:
                self.mark, value, number, self.comment = pk, text, figure, comment
            elif what == MARK:
                self.others += 1
        self.content = Content(value, number, self.code if self.absence and self.is_first else "")


ABSENCE, CHANGES, MARK = 1, 2, 3


def _cell(gradebook: int, day: datetime.date, slot: int, pupil: int) -> QuerySet:
    """(what, place, key, text, figure, comment)"""
    where = {"gradebook": gradebook, "date": day, "slot": slot, "pupil": pupil}
    marks = Mark.objects.filter(**where).order_by()
    absences, changes = Absence.objects.filter(**where).order_by(), CellChange.objects.filter(**where).order_by()
    nothing, no_key = Value(""), Cast(Value(0), BigIntegerField())
    return marks.values_list(Value(MARK), "place", "pk", "value", "number", "comment").union(
        absences.values_list(Value(ABSENCE), Value(0), "pk", "code", Value(0), nothing),
        changes.values("place").annotate(last=Max("number")).values_list(
            Value(CHANGES), "place", no_key, nothing, "last", nothing
        ),
        all=True,
    )  # fmt: skip


_CELL = Composed(_cell, gradebook=key(0), day=SOME_DAY, slot=SOME_SLOT, pupil=key(1))


def _write(
    door: Door, wanted: Entry, content: Content, column: _Column, by: Actor, how: str, reason: str
) -> Outcome:  # fmt: skip
    cell = _Cell(door, wanted.pupil, column)
    if not entries.same(entries.shown(cell.content.text, reasons=door.reasons), wanted.was):
        return _stale(door, wanted, column, cell)
    content = _kept_reason(cell, content, how)
    comment = cell.comment if wanted.comment is None else _one_line(wanted.comment)[:300]
    if wanted.remarked is not None and cell.comment not in (_one_line(wanted.remarked), comment):
        return _stale_remark(door, wanted, column, cell)
    if wanted.comment and comment and not content.value:
        return Outcome(State.REFUSED, wanted.was, NO_MARK)
    comment = comment if content.value else ""
    if content == cell.content and comment == cell.comment:
        return _outcome(State.SAME, door, content, comment)
    refusal = _contradiction(cell, content)
    if refusal:
        return Outcome(State.REFUSED, wanted.was, refusal)
    _remember(cell, column, content, comment, by, how, reason)
    _put(cell, column, content, comment)
    return _outcome(State.SAVED, door, content, comment)


def _one_line(words: str) -> str:
    return " ".join(words.split())


def _outcome(state: str, door: Door, content: Content, comment: str) -> Outcome:
    return Outcome(state, entries.shown(content.text, reasons=door.reasons), comment=comment)


def _kept_reason(cell: _Cell, content: Content, how: str) -> Content:
    """«н» over a reason that the class teacher has given leaves the reason; undoing brings it back."""
    if content.code != Absence.Code.ABSENT:
        return content
    if cell.content.is_missed:
        return Content(content.value, content.number, cell.content.code)
    if how == CellChange.How.UNDONE:
        rows = CellChange.objects.filter(**cell.where, place=cell.place).order_by("number")
        was = entries.before_undone(
            (was, became, how == CellChange.How.UNDONE) for was, became, how in rows.values_list("was", "became", "how")
        )
        before = next((code for code in Absence.MISSED if WITH_REASONS[code] == was), content.code)
        return Content(content.value, content.number, before)
    return content


def _contradiction(cell: _Cell, content: Content) -> str:
    if not cell.is_first and content.code:
        return "Пропуск ставят в первой колонке урока."
    if not cell.is_first and content.value and cell.absence and cell.code in Absence.MISSED:
        return "Обучающегося на уроке не было: сначала уберите «н»."
    if cell.is_first and content.is_missed and cell.others:
        return "У обучающегося есть отметки в других колонках этого урока: сначала уберите их."
    return ""


def _remember(
    cell: _Cell, column: _Column, content: Content, comment: str, by: Actor, how: str, reason: str
) -> None:  # fmt: skip
    """First of all: its number refuses the second of two writers (IntegrityError)."""
    CellChange.objects.create(
        **cell.where, place=column.place, number=cell.changes + 1,
        was=cell.content.text, became=content.text, comment=comment, how=how, reason=reason, by=by.person,
    )  # fmt: skip


def _put(cell: _Cell, column: _Column, content: Content, comment: str) -> None:
    if cell.is_first:
        _put_absence(cell, content.code)
    own = Mark.objects.filter(pk=cell.mark)
    fields = {"value": content.value, "number": content.number, "comment": comment, "work": column.work}
    fields |= {"weight": column.weight, "batch": None}
    if not content.value:
        if cell.mark:
            own.delete()
    elif cell.mark:
        own.update(**fields)
    else:
        Mark.objects.create(**cell.where, place=column.place, **fields)


def _put_absence(cell: _Cell, code: str) -> None:
    own = Absence.objects.filter(pk=cell.absence)
    if not code:
        if cell.absence:
            own.delete()
    elif not cell.absence:
        Absence.objects.create(**cell.where, code=code)
    elif cell.code != code:
        own.update(code=code, batch=None)


def _stale(door: Door, wanted: Entry, column: _Column, cell: _Cell) -> Outcome:
    """Both values: the person's own is still in the page, the other one with who and when stands here."""
    text = entries.shown(cell.content.text, reasons=door.reasons)
    what = f"«{text}»" if text else "пусто"
    message = f"Пока вы печатали, клетка изменилась: теперь в ней {what}{_by_whom(door, wanted, column)}."
    return Outcome(State.STALE, text, message, cell.comment)


def _stale_remark(door: Door, wanted: Entry, column: _Column, cell: _Cell) -> Outcome:
    """The mark is as it was seen, the remark is another's by now."""
    text = entries.shown(cell.content.text, reasons=door.reasons)
    what = f"его изменили: теперь там «{cell.comment}»" if cell.comment else "его убрали"
    message = f"Пока вы писали замечание, {what}{_by_whom(door, wanted, column)}."
    return Outcome(State.STALE, text, message, cell.comment, is_remark=True)


def _by_whom(door: Door, wanted: Entry, column: _Column) -> str:
    last = CellChange.objects.of_cell(door.gradebook, wanted.pupil, column.date, column.slot, column.place)
    change = last.select_related("by").order_by("-number").first()
    if change is None:
        return ""
    author = change.by.initials if change.by else "портал"
    return f" ({author}, {timezone.localtime(change.at):%d.%m.%Y %H:%M})"
