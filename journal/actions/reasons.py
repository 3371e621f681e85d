"""Why pupils were absent: said for days at once, each cell with its history (access.md, 7.2).

No certificate and no diagnosis is stored: the code says all.
"""

import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts.actor import Actor
from accounts.models import SchoolClass, User
from journal import rights
from journal.absences import frozen_days
from journal.entries import Content
from journal.models import Absence, CellChange, Kept, Mark

TRIES = 3
CODES = Absence.MISSED
BUSY = "Эти клетки прямо сейчас меняет кто-то ещё. Попробуйте ещё раз."
NOTHING = "В журналах портала у обучающегося в эти дни нет пропусков без этой причины."
FROZEN = "Период закрыт педсоветом: причину в нём меняет заместитель директора по УВР или директор и пишет, почему."


def give_reason(
    school_class: SchoolClass, pupil: User, *, starts: datetime.date, ends: datetime.date, code: str, why: str = "",
    by: Actor,
) -> int:  # fmt: skip
    """The pupil's missed lessons from–to in the class's gradebooks kept here get this reason; how many got it.

    Effects: codes of absence; a row of each changed cell's history. Raises ValidationError: nothing to change, another
    writes the same cells, a term closed by a council and no word why, a code that is no reason, wrong days.
    """
    _refuse(school_class, starts, ends, code, why, by)
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                count = _give(school_class, pupil, (starts, ends), code, " ".join(why.split())[:300], by)
        except IntegrityError:  # another wrote one of the cells at the same moment
            continue
        if not count:
            raise ValidationError(NOTHING)
        return count
    raise ValidationError(BUSY)


def _refuse(
    school_class: SchoolClass, starts: datetime.date, ends: datetime.date, code: str, why: str, by: Actor
) -> None:  # fmt: skip
    if not rights.sees_reasons(by.person, school_class):
        raise ValidationError("Причины указывает классный руководитель.")
    if code not in CODES:
        raise ValidationError("Такой причины пропуска нет.")
    if ends < starts:
        raise ValidationError({"ends": "Последний день не может быть раньше первого."})
    if frozen_days(school_class, starts, ends) and not (rights.manages(by.person) and why.strip()):
        raise ValidationError(FROZEN)


def _give(
    school_class: SchoolClass, pupil: User, days: tuple[datetime.date, datetime.date], code: str, why: str, by: Actor
) -> int:  # fmt: skip
    place = {"gradebook__school_class": school_class, "gradebook__kept": Kept.HERE, "pupil": pupil, "date__range": days}
    # Before the contents: whoever writes between the two takes the number that this writer will ask for.
    numbers = _numbers(place)
    rows = Absence.objects.filter(**place, code__in=Absence.MISSED).exclude(code=code)
    rows = list(rows.order_by("gradebook", "date", "slot"))
    marks = _marks(place) if rows else {}
    changes = [_change(row, code, numbers.get(_cell(row), 0) + 1, marks.get(_cell(row), ""), why, by) for row in rows]
    # First of all: their numbers refuse the second of two writers (IntegrityError).
    CellChange.objects.bulk_create(changes)
    Absence.objects.filter(pk__in=[one.pk for one in rows]).update(code=code, batch=None)
    return len(rows)


def _cell(row: Absence) -> tuple:
    return row.gradebook_id, row.date, row.slot


def _numbers(place: dict) -> dict[tuple, int]:
    rows = CellChange.objects.filter(**place, place=1).order_by().values_list("gradebook", "date", "slot")
    return {(book, date, slot): last for book, date, slot, last in rows.annotate(Max("number"))}


def _marks(place: dict) -> dict[tuple, str]:
    """Marks beside an absence in the same cell: only a source from elsewhere puts them there."""
    rows = Mark.objects.filter(**place, place=1).values_list("gradebook", "date", "slot", "value")
    return {(book, date, slot): value for book, date, slot, value in rows}


def _change(row: Absence, code: str, number: int, mark: str, why: str, by: Actor) -> CellChange:
    return CellChange(
        gradebook_id=row.gradebook_id, pupil_id=row.pupil_id, date=row.date, slot=row.slot, place=1, number=number,
        was=Content(value=mark, code=row.code).text, became=Content(value=mark, code=code).text,
        how=CellChange.How.REASON, reason=why, by=by.person,
    )  # fmt: skip
