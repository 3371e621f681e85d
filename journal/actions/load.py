"""The verbs of the teaching load: adding, changing, ending, replacing for some days, a whole file (1.3 b, 7.2)."""

import datetime

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from accounts import audit
from accounts.actions import files
from accounts.actions.dictionaries import save_row
from accounts.actor import Actor
from accounts.importing.plan import read_source
from accounts.marks import Seen, refuse_stale
from accounts.models import AcademicYear, StoredFile, User
from eios.lib import russian
from eios.lib.dates import today
from journal.actions import change_notices, gradebooks
from journal.load_plan import Item, Outcome, Plan, fields_of, plan_of
from journal.models import Gradebook, TeachingLoad

FILE_KIND = "teaching_load"
AUDITED = ("gradebook", "teacher", "hours", "starts", "ends", "replaces")
STALE = "Пока вы смотрели, нагрузка изменилась. Посмотрите ещё раз, что получится, и подтвердите."


@transaction.atomic
def save_load(row: TeachingLoad, *, by: Actor, seen: Seen | None = None) -> TeachingLoad:
    """Adds or changes a line of the load.

    Effects: who sees the gradebook and enters marks in it, from the first day to the last; of a replacement that has
    other days or another substitute now, those whom it concerns are told; audit. Raises ValidationError: days outside
    the year, the same teacher and gradebook twice at a time; Stale.
    """
    Gradebook.objects.select_for_update(of=("self",)).get(pk=row.gradebook_id)
    refuse_stale(row, seen)
    _refuse_foreign_days(row)
    _refuse_overlap(row)
    before = TeachingLoad.objects.filter(pk=row.pk, replaces__isnull=False).select_related("teacher").first()
    save_row(row, by=by, basis=row.basis)
    if before is not None:
        change_notices.tell_other_days(before, row, by=by)
    return row


@transaction.atomic
def end_load(row: TeachingLoad, last_day: datetime.date, *, by: Actor, basis: str = "") -> TeachingLoad:
    """The teacher teaches the gradebook until the day, inclusive. Effects and refusals as of `save_load`."""
    row = TeachingLoad.objects.select_for_update(of=("self",)).get(pk=row.pk)
    row.ends, row.basis = last_day, basis or row.basis
    return save_load(row, by=by)


@transaction.atomic
def replace_teacher(
    row: TeachingLoad, teacher: User, starts: datetime.date, ends: datetime.date, *, by: Actor, basis: str = ""
) -> TeachingLoad:
    """Another teacher teaches the gradebook for these days; the load of the replaced one stays.

    Effects as of `save_load`; both hear of it once, with the days and lessons. Raises ValidationError: days on which
    the replaced one does not teach.
    """
    made = put_replacement(row, teacher, starts, ends, by=by, basis=basis)
    change_notices.tell_replaced([made], by=by)
    return made


def put_replacement(
    row: TeachingLoad, teacher: User, starts: datetime.date, ends: datetime.date, *, by: Actor, basis: str = ""
) -> TeachingLoad:
    """The same, and whoever calls it tells them."""
    if row.starts > starts or (row.ends and row.ends < ends):
        days = f"с {russian.short_date(row.starts)}" + (f" по {russian.short_date(row.ends)}" if row.ends else "")
        raise ValidationError(f"{row.teacher.initials} ведёт этот журнал {days}: заменяют в эти дни.")
    made = TeachingLoad(
        gradebook=row.gradebook, teacher=teacher, hours=row.hours, starts=starts, ends=ends, replaces=row.teacher,
        basis=basis,
    )  # fmt: skip
    return save_load(made, by=by)


def _refuse_foreign_days(row: TeachingLoad) -> None:
    year = row.gradebook.school_class.year
    if row.starts > year.ends or row.starts < year.starts or (row.ends and row.ends > year.ends):
        days = f"{russian.short_date(year.starts)} — {russian.short_date(year.ends)}"
        raise ValidationError(f"Дни нагрузки — в пределах учебного года: {days}.")


def _refuse_overlap(row: TeachingLoad) -> None:
    if row.ends and row.ends < row.starts:
        raise ValidationError({"ends": "Последний день не может быть раньше первого."})
    others = TeachingLoad.objects.filter(gradebook=row.gradebook_id, teacher=row.teacher_id).exclude(pk=row.pk)
    other = others.overlapping(row.starts, row.ends).first()
    if other:
        until = f" по {russian.short_date(other.ends)}" if other.ends else ""
        raise ValidationError(
            f"{row.teacher.initials} уже ведёт этот журнал с {russian.short_date(other.starts)}{until}: "
            "исправьте ту строку."
        )


# Files


def keep_file(upload: UploadedFile, *, by: Actor) -> StoredFile:
    """Keeps the file to be looked at; it goes a day later by itself, and the load stays. Raises FileRefused."""
    return files.store(upload, kind=FILE_KIND, by=by, owner=by.person)


def load_file(file: StoredFile, year: AcademicYear, seen: str, *, by: Actor) -> Plan:
    """Carries out the plan of the file that was seen, all or nothing.

    Effects: gradebooks opened where there were none, lines of the load added and changed; an audit entry for each and
    one for the file. Raises ValidationError: another plan by now, mistakes in the file; TableError.
    """
    try:
        with transaction.atomic():
            return _load(file, year, seen, by)
    except IntegrityError as error:
        # Somebody added the same line this very moment.
        raise ValidationError(STALE) from error


def _load(file: StoredFile, year: AcademicYear, seen: str, by: Actor) -> Plan:
    list(Gradebook.objects.of_year(year).select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    plan = plan_of(read_source(file), year, today())
    if plan.mark != seen:
        raise ValidationError(STALE)
    if plan.has_errors:
        raise ValidationError("В файле есть ошибки: исправьте их и загрузите файл снова.")
    gradebooks.add(plan.new_books, by=by, basis="Нагрузка из файла")
    new = [one.load for one in plan.items if one.outcome == Outcome.NEW]
    changed = [one for one in plan.items if one.outcome == Outcome.CHANGED]
    replacing = [one.load for one in changed if one.load.replaces_id and _is_otherwise(one)]
    for load in new:
        load.gradebook = load.gradebook  # its key is known only now
    TeachingLoad.objects.bulk_create(new, batch_size=500)
    TeachingLoad.objects.bulk_update([one.load for one in changed], ["hours", "ends", "replaces"], batch_size=200)
    entries = [audit.entry(by, "teaching_load.added", one, audit.difference({}, audit.snapshot(one, AUDITED)))
               for one in new]  # fmt: skip
    entries += [audit.entry(by, "teaching_load.changed", one.load, _differing(one.before, one.load)) for one in changed]
    audit.record_many(entries)
    counts = {one.name.lower(): [None, count] for one, count in plan.counts if one != Outcome.ERROR}
    audit.record(by, "teaching_load.loaded", file, counts)
    change_notices.tell_replaced([*(one for one in new if one.replaces_id), *replacing], by=by)
    return plan


def _is_otherwise(item: Item) -> bool:
    """Does the file give a line other days or another who is replaced."""
    after = fields_of(item.load)
    return any(item.before[name] != after[name] for name in ("ends", "replaces"))


def _differing(before: dict, load: TeachingLoad) -> dict:
    plain = [{key: audit.plain(getattr(value, "pk", value)) for key, value in one.items()}
             for one in (before, fields_of(load))]  # fmt: skip
    return audit.difference(*plain)
