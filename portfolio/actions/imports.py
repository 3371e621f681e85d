"""The verbs of the portfolio's imports: take a file, apply it in one transaction, undo it (11.1-11.3)."""

import datetime
import hashlib
import json

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts import audit
from accounts.actions.dictionaries import delete_row
from accounts.actions.imports import (
    begin_applying,
    begin_batch,
    begin_undoing,
    end_applying,
    end_undoing,
    keep_file,
    refuse_unseen,
    remember,
)
from accounts.actor import Actor
from accounts.batches.packing import packed, unpacked
from accounts.batches.unpacking import Given
from accounts.models import ImportBatch
from eios.lib.dates import today
from eios.lib.tables import TableError
from portfolio import rights
from portfolio.actions.events import drop, occasion_of, refuse_frozen_among, save_event
from portfolio.actions.telling import tell_entered
from portfolio.file_owners import IMPORT
from portfolio.importing.columns import OLYMPIAD, RECORD
from portfolio.importing.plan import Plan, Wanted, plan_of
from portfolio.models import Achievement, Event, Origin, State, title_key

BATCH = 500
# What a batch may change of an entry, and what tells whether it has been changed since.
FIELDS = (
    "title", "title_key", "sphere", "level", "stage", "mode", "date", "subject_id", "organiser", "outcome", "place",
    "team", "mentor", "grade_performed", "grade", "as_of", "batch_id",
)  # fmt: skip
UNTOLD = ("title_key", "grade", "batch_id")
WRITTEN = [name.removesuffix("_id") for name in FIELDS]


@transaction.atomic
def take_file(
    file: UploadedFile, *, purpose: str, source: str, head: dict, as_of: datetime.date | None = None,
    whole: tuple[datetime.date, datetime.date] | None = None, by: Actor,
) -> ImportBatch:  # fmt: skip
    """Keeps the file, beside what was said of it; nothing of portfolios changes yet. Audited.

    `whole`: from what day to what day the record has everything of the pupils whom it names. Raises ValidationError
    for a file that the store refuses.
    """
    options = {"head": head, "as_of": as_of.isoformat() if as_of else ""}
    if whole:
        options["whole"] = [day.isoformat() for day in whole]
    batch = begin_batch(purpose=purpose, source=source, options=options, by=by)
    row = keep_file(batch, Given(file.name or "файл", file.read()), kind=IMPORT, by=by)
    if row.error:
        raise ValidationError(row.error)
    return batch


@transaction.atomic
def decide(
    batch: ImportBatch, decisions: list[tuple[str, str, str, str]], *, skip_unknown: bool = False, by: Actor
) -> None:
    """Whom names mean: remembered for the next files of the same source. With `skip_unknown` the other strangers of
    this file are passed over: a list of the district has pupils of all its schools. Audited."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != ImportBatch.State.UPLOADED:
        raise ValidationError("Эта загрузка уже применена или отклонена.")
    if decisions:
        remember(batch, decisions, by=by)
    if skip_unknown:
        batch.options["skip_unknown"] = True
        batch.save(update_fields=["options"])
        audit.record(by, "import_batch.decided", batch, {"skip_unknown": [None, True]})


@transaction.atomic
def apply_batch(batch: ImportBatch, *, seen: str, despite_errors: bool = False, by: Actor) -> dict[str, int]:
    """Carries the plan that was seen out, whole or not at all. Returns counts by outcome. Audited.

    Effects: events that were missing; entries of the school's or of the record written and changed; records as of
    a later day; records that are no longer in the source gone, from what was shown too; families are told of new
    entries, once for a batch. Raises ValidationError: applied already, questions open, errors not accepted, another
    plan was seen.
    """
    batch = begin_applying(batch)
    _lock_events(batch)
    plan = _plan(batch, by)
    refuse_unseen(plan, seen=seen, despite_errors=despite_errors)
    made = plan.new_events
    for event in made:
        save_event(event, by=by)
    touched = [*plan.changed, *plan.fresh]
    before = [[one.row.pk, _fields_of(one.row)] for one in touched]
    for one in touched:
        _change(one, plan, batch)
    changed = [one.row for one in touched]
    _overwrite(changed)
    new = Achievement.objects.bulk_create([_made(one, plan, batch, by) for one in plan.new], batch_size=BATCH)
    _trail(new, plan, dict(before), by)
    _keep(batch, made, before, new, changed, [[row.pk, packed(row)] for row in plan.gone])
    drop(plan.gone, by=by)
    tell_entered(new, deed=f"batch:{batch.pk}", by=by)
    return end_applying(batch, plan, as_of=plan.as_of, by=by)


def _lock_events(batch: ImportBatch) -> None:
    """Nobody enters participants of the same events by hand meanwhile."""
    if batch.purpose == OLYMPIAD:
        head = batch.options["head"]
        same = Event.objects.filter(title_key=title_key(head["title"]), date=head["date"])
        list(same.order_by("pk").select_for_update(of=("self",)))


def _plan(batch: ImportBatch, by: Actor) -> Plan:
    try:
        return plan_of(batch, asker=by.person, date=today())
    except TableError as error:
        raise ValidationError(str(error)) from error


def _change(one: Wanted, plan: Plan, batch: ImportBatch) -> None:
    for name, value in one.fields.items():
        setattr(one.row, name, value)
    one.row.title_key = title_key(one.row.title)
    if one.event is None:
        one.row.as_of, one.row.grade = plan.as_of, one.grade
    one.row.batch = batch


def _overwrite(rows: list[Achievement]) -> None:
    """By key, every row is there: to write rows over themselves takes a tenth of the time of bulk_update."""
    Achievement.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, update_fields=WRITTEN, unique_fields=["pk"]
    )


def _made(one: Wanted, plan: Plan, batch: ImportBatch, by: Actor) -> Achievement:
    row = Achievement(
        pupil=one.pupil, state=State.CONFIRMED, grade=one.grade, batch=batch, created_by=by.person, event=one.event
    )
    if one.event:
        row.origin = Origin.STAFF
        fields = occasion_of(one.event) | one.fields
    else:
        row.origin, row.source, row.record_key, row.as_of = Origin.RECORD, batch.source, one.key, plan.as_of
        fields = one.fields
    for name, value in fields.items():
        setattr(row, name, value)
    row.title_key = title_key(row.title)
    return row


def _trail(new: list[Achievement], plan: Plan, before: dict[int, dict], by: Actor) -> None:
    entries = [audit.entry(by, "achievement.added", row, {"origin": [None, row.origin]}) for row in new]
    for row in (one.row for one in plan.changed):
        entries.append(audit.entry(by, "achievement.changed", row, _changes(before[row.pk], _fields_of(row))))
    audit.record_many(entries)


def _changes(before: dict, after: dict) -> dict:
    """By names of fields, without what only serves the portal."""
    told = {name: audit.difference(before, {name: after[name]}) for name in FIELDS if name not in UNTOLD}
    return {name.removesuffix("_id"): found[name] for name, found in told.items() if found}


def _keep(batch: ImportBatch, made: list[Event], before: list, new: list, changed: list, gone: list) -> None:
    """For the undoing: what stood before, what was made, and how everything stands now."""
    file = batch.files.get()
    file.before = {"changed": before, "gone": gone}
    rows = Achievement.objects.filter(pk__in=[row.pk for row in (*new, *changed)])
    file.facts = {
        "new": [row.pk for row in new],
        "events": [event.pk for event in made],
        "after": {str(row.pk): _digest(row) for row in rows},
    }
    file.save(update_fields=["before", "facts"])


def _fields_of(row: Achievement) -> dict:
    found = {name: getattr(row, name) for name in FIELDS}
    return {name: value.isoformat() if isinstance(value, datetime.date) else value for name, value in found.items()}


def _from_json(fields: dict) -> dict:
    found = dict(fields)
    found["date"] = datetime.date.fromisoformat(fields["date"])
    found["as_of"] = fields["as_of"] and datetime.datetime.fromisoformat(fields["as_of"])
    return found


def _digest(row: Achievement) -> str:
    text = json.dumps(_fields_of(row), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


# Undoing


@transaction.atomic
def undo_batch(batch: ImportBatch, *, reason: str, by: Actor) -> None:
    """Portfolios as they were before: what the file added goes, from what was shown too; what it changed comes back.

    Audited. Raises ValidationError: not applied, its rows were changed since, somebody was added to its events, a
    portfolio is frozen, rows of a class that one leads no more.
    """
    batch = begin_undoing(batch)
    file = batch.files.get()
    rows = {row.pk: row for row in Achievement.objects.filter(pk__in=file.facts["after"]).select_for_update()}
    gone = [unpacked(Achievement, values, pk=pk) for pk, values in file.before["gone"]]
    _refuse_changed(batch, file.facts, rows)
    _refuse_back(gone)
    pupils = {row.pupil_id for row in (*rows.values(), *gone)}
    refuse_frozen_among(pupils)
    _refuse_foreign(batch, pupils, by)
    drop([rows[pk] for pk in file.facts["new"]], by=by)
    back = []
    for pk, values in file.before["changed"]:
        for name, value in _from_json(values).items():
            setattr(rows[pk], name, value)
        back.append(rows[pk])
    _overwrite(back)
    _bring_back(gone, by)
    for event in Event.objects.filter(pk__in=file.facts["events"]):
        delete_row(event, by=by, basis=reason)
    file.before, file.facts = {}, {}
    file.save(update_fields=["before", "facts"])
    end_undoing(batch, reason=reason, by=by)


def _refuse_changed(batch: ImportBatch, facts: dict, rows: dict[int, Achievement]) -> None:
    changed = [pk for pk, digest in facts["after"].items() if int(pk) not in rows or _digest(rows[int(pk)]) != digest]
    added = Achievement.objects.filter(event__in=facts["events"]).exclude(pk__in=facts["new"])
    if not changed and not added.exists():
        return
    later = ImportBatch.objects.applied().filter(pk__in={row.batch_id for row in rows.values()} - {batch.pk})
    names = ", ".join(f"№ {one.pk}" for one in later)
    if names:
        raise ValidationError(f"После неё те же записи изменила загрузка {names}: сначала отмените её.")
    if changed:
        raise ValidationError(
            f"После загрузки изменены или убраны её записи: {len(changed)}. Отменить её целиком уже нельзя; "
            "лишнее уберите в самих мероприятиях."
        )
    raise ValidationError("В мероприятия этой загрузки потом добавили участников: сначала уберите их.")


def _refuse_foreign(batch: ImportBatch, pupils: set[int], by: Actor) -> None:
    """A class teacher takes back what concerns the own class only."""
    if batch.purpose != RECORD or rights.manages(by.person):
        return
    led = set(rights.pupils_led(by.person, today()).values_list("pk", flat=True))
    if pupils - led:
        raise ValidationError("Среди записей есть ученики не вашего класса: загрузку отменит руководство школы.")


def _refuse_back(gone: list[Achievement]) -> None:
    """What the batch removed and a later one has brought again is not brought a second time."""
    for row in gone:
        if Achievement.objects.filter(source=row.source, record_key=row.record_key).exists():
            raise ValidationError(
                f"Убранное этой загрузкой потом загрузили снова: {row}. Сначала отмените более позднее."
            )


def _bring_back(gone: list[Achievement], by: Actor) -> None:
    """Under the same keys; whose double it was is kept while that entry is there."""
    there = set(Achievement.objects.filter(pk__in={row.same_as_id for row in gone}).values_list("pk", flat=True))
    moments = {row.pk: row.created_at for row in gone}
    for row in gone:
        row.same_as_id = row.same_as_id if row.same_as_id in there else None
    Achievement.objects.bulk_create(gone, batch_size=BATCH)
    for row in gone:
        row.created_at = moments[row.pk]
    Achievement.objects.bulk_update(gone, ["created_at"], batch_size=BATCH)
    audit.record_many([audit.entry(by, "achievement.added", row, {"origin": [None, row.origin]}) for row in gone])
