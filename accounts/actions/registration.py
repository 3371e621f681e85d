"""The verbs about registration sheets (9.5): filling in, loading, submitting, and taking into an order."""

import datetime

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from accounts import audit
from accounts.actions import files, orders
from accounts.actions.school import add_class
from accounts.actor import Actor
from accounts.fact_rules import CLASS_TEACHER
from accounts.importing.columns import Kind
from accounts.importing.known import Known
from accounts.importing.plan import Outcome, Plan, plan_of
from accounts.models import (
    Order,
    OrderKind,
    OrderLine,
    Position,
    RegistrationSheet,
    SchoolClass,
    SheetRow,
)
from accounts.registration import enrolled_rows, undecided_rows
from eios.lib import russian
from eios.lib.dates import today

FILE_KIND = "registration"
State, Credentials = RegistrationSheet.State, RegistrationSheet.Credentials
FIELDS = (
    "surname", "name", "patronymic", "birth_date", "email", "phone", "file_number", "parents", "school_class",
    "position", "method_group", "note", "person", "is_other",
)  # fmt: skip


class StalePlan(ValidationError):
    """The file or the portal has changed since the plan was seen."""


@transaction.atomic
def open_sheet(*, kind: str = Kind.PUPILS, school_class: SchoolClass | None = None, by: Actor) -> RegistrationSheet:
    """The open sheet of the class, or of the whole school for this kind; a draft where there is none."""
    if found := _open_sheets(kind, school_class).first():
        return found
    try:
        with transaction.atomic():
            sheet = RegistrationSheet.objects.create(kind=kind, school_class=school_class, created_by=by.person)
    except IntegrityError:
        # Somebody opened it this very moment: of two clicks there is one sheet.
        return _open_sheets(kind, school_class).get()
    audit.record(by, "registration_sheet.opened", sheet)
    return sheet


def _open_sheets(kind: str, school_class: SchoolClass | None):
    return RegistrationSheet.objects.open().filter(kind=kind, school_class=school_class)


# Rows


@transaction.atomic
def save_row(row: SheetRow, *, by: Actor) -> SheetRow:
    """Adds or corrects a row of a draft, checked before by the form. Raises ValidationError."""
    sheet = _draft(row.sheet)
    is_new = row._state.adding
    row.sheet = sheet
    if is_new:
        row.number = (sheet.rows.aggregate(last=Max("number"))["last"] or 0) + 1
    before = {} if is_new else audit.snapshot(SheetRow.objects.get(pk=row.pk), FIELDS)
    row.full_clean(exclude=["sheet"])
    row.save()
    if changes := audit.difference(before, audit.snapshot(row, FIELDS)):
        audit.record(by, "sheet_row.added" if is_new else "sheet_row.changed", row, changes)
    return row


@transaction.atomic
def remove_row(row: SheetRow, *, by: Actor) -> None:
    """Takes a row out of a draft. Raises ValidationError."""
    _draft(row.sheet)
    audit.record(by, "sheet_row.removed", row)
    row.delete()


@transaction.atomic
def recognise(row: SheetRow, person, *, by: Actor) -> SheetRow:
    """«Это он»: the row is about this account, which opens again; None: another human being of the same name.

    Raises ValidationError.
    """
    sheet = RegistrationSheet.objects.select_for_update(of=("self",)).get(pk=row.sheet_id)
    if sheet.state not in RegistrationSheet.OPEN:
        raise ValidationError("Ведомость уже рассмотрена.")
    before = audit.snapshot(row, ("person", "is_other"))
    row.person, row.is_other = person, person is None
    row.save(update_fields=["person", "is_other"])
    audit.record(by, "sheet_row.recognised", row, audit.difference(before, audit.snapshot(row, ("person", "is_other"))))
    return row


# Files


@transaction.atomic
def keep_file(upload: UploadedFile, *, kind: str = Kind.PUPILS, school_class: SchoolClass | None = None, by: Actor):
    """Keeps the file beside the open sheet, to be looked at; nothing else changes. Returns the sheet.

    Raises FileRefused, and ValidationError where the sheet is submitted already.
    """
    sheet = _draft(open_sheet(kind=kind, school_class=school_class, by=by))
    sheet.source = files.store(upload, kind=FILE_KIND, by=by, owner=by.person)
    sheet.save(update_fields=["source"])
    return sheet


@transaction.atomic
def confirm_file(sheet: RegistrationSheet, seen: str, *, by: Actor) -> Plan:
    """Carries out the plan of the sheet's file that was seen: adds and corrects rows; of classes, adds the classes.

    All or nothing. Raises StalePlan where the plan is another by now, ValidationError for mistakes, TableError.
    """
    sheet = _draft(sheet)
    if sheet.source is None:
        raise StalePlan("Файл ещё не загружен.")
    plan = plan_of(sheet, asker=by.person, date=today())
    if plan.mark != seen:
        raise StalePlan("Пока вы смотрели, данные изменились. Посмотрите ещё раз и подтвердите.")
    if plan.has_errors:
        raise ValidationError("В файле есть ошибки: исправьте их и загрузите файл снова.")
    if sheet.kind == Kind.CLASSES:
        _add_classes(plan, by)
    _apply(plan)
    sheet.sha256 = sheet.source.sha256
    sheet.save(update_fields=["sha256"])
    counts = {outcome.name.lower(): plan.count(outcome) for outcome in Outcome}
    audit.record(by, "registration_sheet.loaded", sheet, {name: [None, count] for name, count in counts.items()})
    if sheet.kind == Kind.CLASSES and not sheet.rows.exists():
        _move(sheet, State.DRAFT, State.ANSWERED, "registration_sheet.settled", by, settled_at=timezone.now())
    return plan


def _add_classes(plan: Plan, by: Actor) -> None:
    """Classes that are not there yet; a row stays in the sheet only for the sake of its class teacher."""
    for item in plan.items:
        record = item.record
        if record.row.school_class is None:
            name = f"{record.grade[0]}{record.grade[1]}"
            record.row.school_class = add_class(year=record.year, name=name, by=by, basis="Загрузка классов из файла")


def _apply(plan: Plan) -> None:
    """New rows after the last one; changed ones keep their place and their recognised account."""
    number = plan.sheet.rows.aggregate(last=Max("number"))["last"] or 0
    new, changed = [], []
    for item in plan.items:
        if item.outcome == Outcome.NEW and item.row.surname:
            number += 1
            item.row.number = number
            new.append(item.row)
        elif item.outcome == Outcome.CHANGED:
            for name in item.changed:
                setattr(item.existing, name, getattr(item.row, name))
            item.existing.person, item.existing.is_other = item.row.person, item.row.is_other
            item.existing.prepare()
            changed.append(item.existing)
    SheetRow.objects.bulk_create(new, batch_size=500)
    SheetRow.objects.bulk_update(changed, [*FIELDS, "name_key"], batch_size=200)


# States


@transaction.atomic
def submit(sheet: RegistrationSheet, *, by: Actor) -> RegistrationSheet:
    """To the management (9.5). Raises ValidationError: no rows, or somebody still to be recognised."""
    sheet = _draft(sheet)
    _require_ready(sheet)
    moved = {"submitted_at": timezone.now(), "remark": ""}
    return _move(sheet, State.DRAFT, State.SUBMITTED, "registration_sheet.submitted", by, **moved)


@transaction.atomic
def recall(sheet: RegistrationSheet, *, by: Actor) -> RegistrationSheet:
    """Back to the draft, as long as nobody has taken it. Raises ValidationError."""
    return _move(sheet, State.SUBMITTED, State.DRAFT, "registration_sheet.recalled", by, submitted_at=None)


@transaction.atomic
def send_back(sheet: RegistrationSheet, remark: str, *, by: Actor) -> RegistrationSheet:
    """The management asks to mend something. Raises ValidationError."""
    remark = " ".join(remark.split())
    if not remark:
        raise ValidationError("Напишите, что исправить.")
    changes = {"submitted_at": None, "remark": remark}
    return _move(sheet, State.SUBMITTED, State.DRAFT, "registration_sheet.returned", by, basis=remark, **changes)


@transaction.atomic
def take(sheet: RegistrationSheet, *, by: Actor) -> Order | None:
    """One click: people who are not at school yet become lines of a draft order, logins are asked for the others.

    A class's sheet goes into a new enrolment order, a sheet of the whole school into the draft of the initial load,
    made if there is none. Returns the order, or None where nobody is to be enrolled. Of two who press at once the
    second is refused. Raises ValidationError.
    """
    sheet = RegistrationSheet.objects.select_for_update(of=("self",)).get(pk=sheet.pk)
    if not sheet.can_be_taken:
        raise ValidationError(f"Ведомость уже {sheet.get_state_display()}.")
    _require_ready(sheet)
    rows = list(sheet.rows.select_related("school_class", "position", "method_group", "person").order_by("number"))
    enrolled = enrolled_rows(rows)
    lines = _lines_of(sheet, [row for row in rows if row.pk not in enrolled])
    order = _put_into_order(sheet, lines, by) if lines else None
    changes = {"order": order, "settled_at": timezone.now()}
    if enrolled:
        changes["credentials"] = Credentials.WAITING
    state = State.TAKEN if order else State.ANSWERED
    _move(sheet, sheet.state, state, "registration_sheet.settled", by, **changes)
    return order


@transaction.atomic
def close_requests(*, by: Actor) -> int:
    """Sheets of which nobody waits for a login any more are done with; called after something was issued (9.4)."""
    asking = SheetRow.objects.asking_credentials(today()).filter(sheet=OuterRef("pk"))
    done = list(RegistrationSheet.objects.waiting_for_credentials().filter(~Exists(asking)))
    change = {"credentials": [Credentials.WAITING.value, Credentials.ISSUED.value]}
    RegistrationSheet.objects.filter(pk__in=[sheet.pk for sheet in done]).update(credentials=Credentials.ISSUED)
    audit.record_many(audit.entry(by, "registration_sheet.credentials_issued", sheet, change) for sheet in done)
    return len(done)


def _put_into_order(sheet: RegistrationSheet, lines: list[OrderLine], by: Actor) -> Order:
    """The one place where a sheet meets orders."""
    order = None
    if sheet.school_class_id is None:
        order = Order.objects.filter(kind=OrderKind.INITIAL_LOAD, state=Order.State.DRAFT).order_by("-pk").first()
    if order is None:
        order = orders.create_order(kind=_order_kind(sheet), by=by, basis=_basis(sheet))
    orders.add_lines(order, lines, by=by)
    return order


def _order_kind(sheet: RegistrationSheet) -> str:
    return OrderKind.ENROLMENT if sheet.school_class_id else OrderKind.INITIAL_LOAD


def _basis(sheet: RegistrationSheet) -> str:
    if sheet.school_class_id is None:
        return "Списки обучающихся и работников школы"
    date: datetime.date = timezone.localtime(sheet.submitted_at).date() if sheet.submitted_at else today()
    return f"Регистрационная ведомость {sheet.school_class} от {russian.short_date(date)}"


def _lines_of(sheet: RegistrationSheet, rows: list[SheetRow]) -> list[OrderLine]:
    if sheet.kind == Kind.PUPILS:
        return [_line(row, school_class=row.school_class or sheet.school_class, parents=row.parents) for row in rows]
    leading = Position.objects.filter(code=CLASS_TEACHER).first()
    if sheet.kind == Kind.CLASSES:
        return _leaders(sheet, rows, leading)
    lines = []
    for row in rows:
        lines.append(_line(row, position=row.position, method_group=row.method_group))
        if row.school_class and row.position != leading:
            lines.append(_line(row, position=leading, school_class=row.school_class))
        elif row.school_class:
            lines[-1].school_class = row.school_class
    return lines


def _line(row: SheetRow, **values) -> OrderLine:
    """A line about the account that the row recognises, else about somebody new."""
    line = OrderLine(person=row.person, note=row.note, file_number=row.file_number, **values)
    if row.person is None:
        for name in ("surname", "name", "patronymic", "birth_date", "email", "phone"):
            setattr(line, name, getattr(row, name))
        line.is_other = row.is_other
    return line


def _leaders(sheet: RegistrationSheet, rows: list[SheetRow], leading: Position | None) -> list[OrderLine]:
    """Class teachers named in the file of classes: found among employees, or among those who come by the same order.

    Raises ValidationError with the names of those who are neither.
    """
    known = Known(rows, sheet, today())
    coming = SheetRow.objects.pending().filter(sheet__kind=Kind.STAFF, name_key__in=[row.name_key for row in rows])
    by_name = {row.name_key: row for row in coming.select_related("person")}
    lines, missing = [], []
    for row in rows:
        working = next((one for one in known.namesakes(row) if known.posts(one)), None)
        source = row if working else by_name.get(row.name_key)
        if source is None:
            missing.append(f"{row.full_name} ({row.school_class})")
            continue
        line = _line(source, position=leading, school_class=row.school_class)
        line.person = working or line.person
        line.note = line.file_number = ""
        lines.append(line)
    if missing:
        raise ValidationError(f"Нет среди работников: {', '.join(missing)}. Сначала загрузите работников.")
    return lines


def _require_ready(sheet: RegistrationSheet) -> None:
    if not sheet.rows.exists():
        raise ValidationError("В ведомости нет ни одной строки.")
    if undecided := undecided_rows(sheet):
        names = ", ".join(row.full_name for row in undecided[:5])
        raise ValidationError(f"Решите, те ли это люди, что уже были в школе: {names}.")


# What the verbs have in common


def _draft(sheet: RegistrationSheet) -> RegistrationSheet:
    """The sheet, locked. Raises ValidationError where it is submitted or settled."""
    sheet = RegistrationSheet.objects.select_for_update(of=("self",)).get(pk=sheet.pk)
    if not sheet.is_draft:
        raise ValidationError(f"Ведомость {sheet.get_state_display()}: исправить её можно, когда она снова черновик.")
    return sheet


def _move(sheet: RegistrationSheet, before: str, after: str, action: str, by: Actor, basis: str = "", **fields):
    """From one state to another, once: of several who press at the same time the first wins."""
    if not RegistrationSheet.objects.filter(pk=sheet.pk, state=before).update(state=after, **fields):
        raise ValidationError("Ведомость уже в другом состоянии: обновите страницу.")
    sheet.refresh_from_db()
    audit.record(by, action, sheet, {"state": [str(before), str(after)]}, basis)
    return sheet
