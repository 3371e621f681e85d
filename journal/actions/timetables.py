"""The verbs of the timetable: an edition begun, its lines, a file, put in force, removed (6.2)."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.actions.dictionaries import delete_row, save_row
from accounts.actor import Actor
from accounts.marks import Seen, digest, refuse_stale
from accounts.models import AcademicYear
from eios.lib import russian
from journal import editions
from journal.actions import lessons
from journal.models import Gradebook, Room, TeachingLoad, Timetable, TimetableLine

State = Timetable.State
COPIED = ("gradebook_id", "weekday", "number", "week", "teacher_id", "room_id")
LINE = ("gradebook", "weekday", "number", "week", "teacher", "room")
STALE = "Пока вы смотрели, расписание изменилось. Посмотрите ещё раз и подтвердите."


@transaction.atomic
def begin(timetable: Timetable, *, like: Timetable | None = None, by: Actor) -> Timetable:
    """A draft, empty or with the lessons of another edition of the year.

    Effects: audit. Raises ValidationError: a day of another year, or one from which another edition is in force.
    """
    timetable.made_by = by.person
    _refuse_foreign_day(timetable)
    _refuse_taken_day(timetable)
    save_row(timetable, by=by)
    if like is not None:
        rows = like.lines.values(*COPIED)
        TimetableLine.objects.bulk_create([TimetableLine(timetable=timetable, **row) for row in rows], batch_size=500)
    return timetable


@transaction.atomic
def save_line(row: TimetableLine, *, by: Actor, seen: Seen | None = None) -> TimetableLine:
    """A lesson of the week; without a teacher the one of the load gives it.

    Effects: audit; in an edition in force lessons from today on follow. Raises ValidationError: a gradebook of another
    year, the same lesson twice; in an edition in force also whatever clashes; Stale.
    """
    table = _locked(row.timetable)
    refuse_stale(row, seen)
    if row.gradebook.school_class.year_id != table.year_id:
        raise ValidationError({"gradebook": "Это журнал другого учебного года."})
    if row.teacher_id is None:
        row.teacher = _teacher(row.gradebook, table)
    if table.state == State.IN_FORCE:
        found = editions.clashes_with(row)
        if found:
            raise ValidationError([one.words for one in found])
    before = [row.gradebook_id]
    if row.pk:
        before.append(TimetableLine.objects.values_list("gradebook", flat=True).get(pk=row.pk))
    save_row(row, by=by)
    _follow(table, Gradebook.objects.filter(pk__in=before), by)
    return row


@transaction.atomic
def remove_line(row: TimetableLine, *, by: Actor) -> None:
    """Effects: audit; in an edition in force empty lessons to come go."""
    table = _locked(row.timetable)
    book = row.gradebook
    delete_row(row, by=by)
    _follow(table, [book], by)


@transaction.atomic
def fill(timetable: Timetable, rows: Sequence[TimetableLine], rooms: Sequence[Room], *, by: Actor) -> int:
    """The lines of a file in the place of the draft's own. Effects: rooms that there were not; one audit entry. Raises
    ValidationError: not a draft."""
    table = _locked(timetable)
    if table.state != State.DRAFT:
        raise ValidationError("Из файла заполняют черновик: сделайте копию расписания и загрузите файл в неё.")
    for room in rooms:
        save_row(room, by=by)
    removed = table.lines.count()
    table.lines.all().delete()
    for row in rows:
        row.timetable = table
        row.room = row.room  # its key is known only now
    TimetableLine.objects.bulk_create(rows, batch_size=500)
    audit.record(
        by, "timetable.filled", table, {"lessons_removed": [None, removed], "lessons_added": [None, len(rows)]}
    )
    return len(rows)


@transaction.atomic
def put_in_force(timetable: Timetable, *, seen: str, by: Actor) -> Timetable:
    """From its first day until the next edition's.

    Effects: audit; lessons of gradebooks kept here follow, from today on. Raises ValidationError: no lines, clashes,
    another edition from the same day, or not the lines that were `seen`.
    """
    # Two drafts of one day are not put in force at once.
    AcademicYear.objects.select_for_update().get(pk=timetable.year_id)
    table = _locked(timetable)
    if table.state != State.DRAFT:
        raise ValidationError("Это расписание уже действует.")
    lines = list(editions.lines_of(table))
    if not lines:
        raise ValidationError("В расписании нет ни одного урока.")
    if mark_of(lines) != seen:
        raise ValidationError(STALE)
    found = editions.clashes(lines)
    if found:
        raise ValidationError(f"Сначала уберите накладки: их {len(found)}.")
    table.state = State.IN_FORCE
    table.full_clean()
    table.save(update_fields=["state"])
    audit.record(by, "timetable.put_in_force", table, {"state": [State.DRAFT, State.IN_FORCE]}, table.basis)
    _follow(table, Gradebook.objects.of_year(table.year), by)
    return table


@transaction.atomic
def remove(timetable: Timetable, *, by: Actor) -> None:
    """A draft that nobody needs. Raises ValidationError: it is in force."""
    table = _locked(timetable)
    if table.state != State.DRAFT:
        raise ValidationError("Действующее расписание не удаляют: введите новое с нужного дня.")
    delete_row(table, by=by)


def mark_of(lines: Sequence[TimetableLine]) -> str:
    """What a page showed."""
    return digest([[one.pk, *(getattr(one, name) for name in COPIED)] for one in lines])


def _locked(timetable: Timetable) -> Timetable:
    return Timetable.objects.select_for_update(of=("self",)).select_related("year").get(pk=timetable.pk)


def _refuse_foreign_day(timetable: Timetable) -> None:
    year = timetable.year
    if not year.starts <= timetable.starts <= year.ends:
        days = f"{russian.short_date(year.starts)} — {russian.short_date(year.ends)}"
        raise ValidationError({"starts": f"День — в пределах учебного года: {days}."})


def _refuse_taken_day(timetable: Timetable) -> None:
    taken = Timetable.objects.filter(year=timetable.year, starts=timetable.starts, state=State.IN_FORCE)
    if taken.exists():
        raise ValidationError(
            {"starts": "С этого дня уже действует другое расписание: выберите другой день или поправьте действующее."}
        )


def _teacher(gradebook: Gradebook, table: Timetable):
    load = TeachingLoad.objects.on(table.starts).filter(gradebook=gradebook, replaces=None).order_by("pk").first()
    return load.teacher if load else None


def _follow(table: Timetable, gradebooks, by: Actor) -> None:
    if table.state == State.IN_FORCE:
        lessons.follow(gradebooks, table.starts, editions.last_day(table), by=by)
