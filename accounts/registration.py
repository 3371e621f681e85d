"""What pages read about registration sheets (9.5). Reads only; constant numbers of queries."""

import datetime
from collections.abc import Iterable

from django.db.models import F, QuerySet

from accounts.importing.columns import Kind
from accounts.importing.known import Known
from accounts.models import Appointment, Enrolment, RegistrationSheet, SchoolClass, SheetRow
from eios.lib.dates import today

State = RegistrationSheet.State
# What a row is waiting for: the look of the tag and its words.
NEW, RETURNS, WORKS, CREDENTIALS, UNDECIDED = (
    ("info", "новый человек"),
    ("info", "запись откроется снова"),
    ("info", "уже работает"),
    ("ok", "в классе: нужны логин и пароль"),
    ("wait", "решите, он ли это"),
)


STANDINGS = (NEW, RETURNS, WORKS, CREDENTIALS, UNDECIDED)


def open_sheet_of(school_class: SchoolClass) -> RegistrationSheet | None:
    return RegistrationSheet.objects.open().filter(school_class=school_class).select_related("source").first()


def settled_sheets_of(school_class: SchoolClass) -> QuerySet[RegistrationSheet]:
    found = RegistrationSheet.objects.filter(school_class=school_class).exclude(state__in=RegistrationSheet.OPEN)
    return found.with_size().select_related("order")


def listed(state: str) -> QuerySet[RegistrationSheet]:
    """Sheets for the management: drafts of class teachers are theirs alone; the longest waiting come first."""
    found = RegistrationSheet.objects.exclude(state=State.DRAFT, school_class__isnull=False)
    found = found.with_size().select_related("school_class", "created_by", "order")
    if state == State.SUBMITTED:
        return found.submitted().order_by("submitted_at", "pk")
    if state == RegistrationSheet.Credentials.WAITING:
        found = found.waiting_for_credentials()
    elif state:
        found = found.filter(state=state)
    return found.order_by(F("settled_at").desc(nulls_first=True), "submitted_at", "pk")


def returned_to(leader_key: int, date: datetime.date) -> QuerySet[RegistrationSheet]:
    """Sheets that the management sent back to the class teacher."""
    led = Appointment.objects.on(date).filter(person=leader_key, position__code="class_teacher").values("school_class")
    return RegistrationSheet.objects.filter(state=State.DRAFT, school_class__in=led).exclude(remark="")


def rows_of(sheet: RegistrationSheet) -> list[SheetRow]:
    """Rows in order, each with `standing`: what it waits for; undecided ones with `candidate`."""
    related = ("school_class", "position", "method_group", "person")
    rows = list(sheet.rows.select_related(*related).order_by("number"))
    for row in rows:
        row.sheet = sheet
    enrolled, working = enrolled_rows(rows), _working(rows)
    undecided = {row.pk for row in undecided_rows(sheet, rows)} if sheet.state in RegistrationSheet.OPEN else set()
    for row in rows:
        row.standing = _standing(row, enrolled, working, undecided)
    return rows


def _standing(row: SheetRow, enrolled: set[int], working: set[int], undecided: set[int]) -> tuple[str, str]:
    if row.pk in undecided:
        return UNDECIDED
    if row.pk in enrolled:
        return CREDENTIALS
    if row.person_id in working:
        return WORKS
    return RETURNS if row.person_id else NEW


def _working(rows: list[SheetRow]) -> set[int]:
    """Keys of people in rows about employees who work here already."""
    people = {row.person_id for row in rows if row.person_id and row.sheet.kind != Kind.PUPILS}
    if not people:
        return set()
    return set(Appointment.objects.on(today()).filter(person__in=people).values_list("person", flat=True))


def enrolled_rows(rows: Iterable[SheetRow]) -> set[int]:
    """Keys of rows about pupils who are at school already: for them only the logins are asked."""
    rows = [row for row in rows if row.person_id and row.sheet.kind == Kind.PUPILS]
    if not rows:
        return set()
    people = {row.person_id for row in rows}
    here = set(Enrolment.objects.overlapping(today(), None).filter(pupil__in=people).values_list("pupil", flat=True))
    return {row.pk for row in rows if row.person_id in here}


def undecided_rows(sheet: RegistrationSheet, rows: Iterable[SheetRow] | None = None) -> list[SheetRow]:
    """Rows that may be about somebody who has an account, and nobody has said yet; each gets `candidate`."""
    if sheet.kind == Kind.CLASSES:
        return []
    rows = list(sheet.rows.select_related("sheet")) if rows is None else list(rows)
    waiting = [row for row in rows if row.person_id is None and not row.is_other]
    known = Known(waiting, sheet, today())
    for row in waiting:
        row.candidate = next(iter(known.namesakes(row)), None)
    return [row for row in waiting if row.candidate]


def credentials_waiting() -> QuerySet[SheetRow]:
    """Pupils enrolled already whose logins class teachers have asked for (9.4), oldest request first."""
    rows = SheetRow.objects.asking_credentials(today()).select_related("sheet__school_class", "person")
    return rows.order_by("sheet__settled_at", "sheet", "number")
