"""The verbs of imports: take files, read them, apply a batch in one transaction, undo it (7.1, 11.2)."""

import datetime
import itertools
from collections import defaultdict
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

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
from accounts.actions.jobs import start_job
from accounts.actor import Actor
from accounts.batches.packing import packed, unpacked
from accounts.batches.unpacking import BatchRefused, Given, unpack
from accounts.importing.plan import read_source
from accounts.models import ImportBatch, ImportedFile, ImportMapping, Job
from eios.lib import tables
from eios.lib.dates import today
from eios.lib.memory import no_collecting
from eios.lib.tables import TableError
from journal.importing import importers
from journal.importing.importers.base import UnknownHead
from journal.importing.plan import Plan, plan_of
from journal.models import Absence, Gradebook, Mark, Result

PURPOSE, FILE_KIND, JOB, COLUMN = "journal", "journal_import", "journal-import", "column"
State = ImportBatch.State
# So many files are read at once; of more a job is made.
AT_ONCE = 8
BATCH = 2000
# Of so many files at a time what they replaced is kept in mind.
FILES = 50
TABLES = {"mark": Mark, "absence": Absence, "result": Result}
NAMES = {model: name for name, model in TABLES.items()}


def take_files(files: list[Given], *, source: str, by: Actor) -> ImportBatch:
    """Keeps the files, those in archives each by itself; few are read at once, of many a job is started.

    Raises ValidationError: nothing there, too many, a damaged archive.
    """
    try:
        given = unpack(files)
    except BatchRefused as refusal:
        raise ValidationError(str(refusal)) from refusal
    with transaction.atomic():
        batch = begin_batch(purpose=PURPOSE, source=source, by=by)
        rows = [keep_file(batch, one, kind=FILE_KIND, by=by) for one in given]
    if len(rows) <= AT_ONCE:
        for row in rows:
            read_file(row)
    else:
        title = f"Чтение файлов: {len(rows)}"
        job = start_job(JOB, title=title, total=len(rows), params={"batch": batch.pk}, by=by)
        batch.options["job"] = job.pk
        batch.save(update_fields=["options"])
    return batch


def read_step(job: Job, by: Actor) -> None:
    """One file of the job's batch."""
    row = ImportedFile.objects.filter(batch=job.params["batch"]).order_by("pk")[job.done]
    read_file(row)
    job.done += 1
    if job.done == job.total:
        job.message = "Файлы прочитаны: посмотрите, что изменится."
        job.next_url = f"/journal/imports/{job.params['batch']}/"


def read_file(row: ImportedFile, said: dict | None = None) -> None:
    """Reads the kept file by its importer; what it says, or why it can't be read, stands in the row."""
    if row.file is None:
        return
    said = said or row.facts.get("said", {})
    row.facts, row.error, row.importer, row.title = {"said": said}, "", "", ""
    try:
        sheets = tables.read(read_source(row.file), words=True)
        reading = importers.read(sheets, said | {"columns": _columns(row.batch)})
    except UnknownHead as error:
        row.error, row.facts["titles"] = str(error)[:500], error.titles
    except TableError as error:
        row.error = str(error)[:500]
    else:
        row.importer = reading.importer
        row.title = ", ".join(
            filter(None, [reading.title, reading.class_name, *_one(reading.pupils), *_one(reading.subjects)])
        )
        row.title = row.title[:300]
        row.facts["reading"] = reading.to_json()
    row.save()


def _columns(batch: ImportBatch) -> dict[str, list[str]]:
    """How columns of names are called in files of this source, as people have said once."""
    found: dict[str, list[str]] = {}
    rows = ImportMapping.objects.filter(purpose=PURPOSE, source=batch.source, kind=COLUMN)
    for text, meaning in rows.values_list("text", "meaning"):
        found.setdefault(meaning, []).append(text)
    return found


def _one(names: list[str]) -> list[str]:
    return names if len(names) == 1 else []


@transaction.atomic
def say(row: ImportedFile, said: dict[str, str], *, by: Actor) -> None:
    """What the file leaves open is told by a person: period, class, subject, year, pupil. It is read anew."""
    if row.batch.state != State.UPLOADED:
        raise ValidationError("Эта загрузка уже применена.")
    said = {key: text for key, text in said.items() if text}
    if column := said.pop(COLUMN, ""):
        meaning, _, title = column.partition("|")
        remember(row.batch, [(COLUMN, "", title, meaning)], by=by)
    read_file(row, {**row.facts.get("said", {}), **said})


def decide(batch: ImportBatch, decisions: list[tuple[str, str, str, str]], *, by: Actor) -> None:
    """Answers of the manual step: remembered for the next files of the same source."""
    remember(batch, decisions, by=by)


@no_collecting()
@transaction.atomic
def apply_batch(batch: ImportBatch, *, seen: str, despite_errors: bool = False, by: Actor) -> dict[str, int]:
    """Carries the plan that was seen out, whole or not at all. Returns counts by outcome. Audited.

    Effects: gradebooks that were missing; marks, absences and results written, changed and removed; mirrors' freshness.
    Raises ValidationError: applied already, questions open, errors not accepted, the plan is not the one that was seen.
    """
    batch = begin_applying(batch)
    plan = plan_of(batch, asker=by.person, date=today())
    refuse_unseen(plan, seen=seen, despite_errors=despite_errors)
    made = _make_books(plan)
    batch.options["made"] = made
    batch.options["mirrored"] = _refresh(plan, batch)
    before: dict[int, list] = {}
    for model in TABLES.values():
        _write(plan, model, batch, before)
    for row in batch.files.all():
        row.before = before.get(row.pk, [])
        row.facts = {"said": row.facts.get("said", {}), "summary": row.title}
        row.save(update_fields=["before", "facts"])
    as_of = max((one for one in map(_as_of, plan.matched) if one), default=batch.created_at)
    return end_applying(batch, plan, as_of=as_of, by=by)


def _as_of(matched) -> datetime.datetime | None:
    found = matched.reading.as_of
    return timezone.make_aware(found) if found else None


def _make_books(plan: Plan) -> list[int]:
    rows = [row for row in plan.books.values() if row.pk is None]
    return [row.pk for row in Gradebook.objects.bulk_create(rows)]


def _refresh(plan: Plan, batch: ImportBatch) -> list:
    """How fresh each mirror is from now on. Returns what stood there: (key, when, by which batch)."""
    fresh = {
        plan.books[key].pk: max(timezone.make_aware(at) if at else batch.created_at for at in times)
        for key, times in plan.spoken.items()
        if plan.books[key].is_mirror
    }
    rows = [row for row in plan.books.values() if row.pk in fresh]
    before = [[row.pk, row.mirrored_at and row.mirrored_at.isoformat(), row.mirrored_by_id] for row in rows]
    for row in rows:
        row.mirrored_at, row.mirrored_by = max(fresh[row.pk], row.mirrored_at or fresh[row.pk]), batch
    Gradebook.objects.bulk_update(rows, ["mirrored_at", "mirrored_by"], batch_size=500)
    return before


def _write(plan: Plan, model: type, batch: ImportBatch, before: dict[int, list]) -> None:
    for key, row in plan.stored[model].items():
        before.setdefault(plan.origin[model, key][0], []).append([NAMES[model], packed(row)])
    gone = [plan.stored[model][key].pk for key in plan.gone[model]]
    for start in range(0, len(gone), BATCH):
        model.objects.filter(pk__in=gone[start : start + BATCH]).delete()
    changed = []
    for key, fields in plan.changed[model].items():
        row = plan.stored[model][key]
        _fill(plan, model, row, fields)
        row.batch_id = batch.pk
        changed.append(row)
    names = {Mark: ["value", "number"], Absence: ["code"], Result: ["value", "average", "gradebook"]}[model]
    # By key, every row is there: to write rows over themselves takes a tenth of the time of bulk_update.
    model.objects.bulk_create(
        changed, batch_size=BATCH, update_conflicts=True, update_fields=[*names, "batch"], unique_fields=["pk"]
    )
    new = iter(plan.new[model].items())
    while some := list(itertools.islice(new, BATCH)):
        model.objects.bulk_create([_made(plan, model, batch, key, fields) for key, fields in some])


def _made(plan: Plan, model: type, batch: ImportBatch, key: tuple, fields: tuple) -> models.Model:
    row = model(batch_id=batch.pk, **_place(plan, model, key))
    _fill(plan, model, row, fields)
    return row


def _place(plan: Plan, model: type, key: tuple) -> dict:
    if model is Result:
        return dict(zip(("pupil_id", "year_id", "subject_id", "kind", "number"), key, strict=True))
    names = ("pupil_id", "date", "slot", "place")[: len(key) - 1]
    return {"gradebook_id": plan.books[key[0]].pk, **dict(zip(names, key[1:], strict=True))}


def _fill(plan: Plan, model: type, row, fields: tuple) -> None:
    if model is Mark:
        row.value, row.number = fields
    elif model is Absence:
        (row.code,) = fields
    else:
        row.value, row.average = fields[:2]
        row.gradebook_id = plan.books[fields[2]].pk


# Undoing


@no_collecting()
@transaction.atomic
def undo_batch(batch: ImportBatch, *, reason: str, by: Actor) -> None:
    """The journal as it was before the batch: what it wrote goes, what it changed or removed comes back. Audited.

    Raises ValidationError: not applied, or a later batch has changed the same rows.
    """
    batch = begin_undoing(batch)
    _refuse_overwritten(batch)
    for model in TABLES.values():
        model.objects.filter(batch=batch).delete()
    for replaced in _replaced(batch):
        for model, rows in replaced.items():
            model.objects.bulk_create(rows, batch_size=BATCH)
    _restore_freshness(batch)
    _drop_books(batch)
    batch.files.update(before=[])
    end_undoing(batch, reason=reason, by=by)


def _replaced(batch: ImportBatch) -> Iterator[dict[type, list[models.Model]]]:
    """Rows that the batch has changed or removed, as they stood: of some files at a time, for they may be many."""
    keys = list(batch.files.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), FILES):
        found = defaultdict(list)
        for before in ImportedFile.objects.filter(pk__in=keys[start : start + FILES]).values_list("before", flat=True):
            for table, fields in before:
                found[TABLES[table]].append(unpacked(TABLES[table], fields))
        yield found


def _restore_freshness(batch: ImportBatch) -> None:
    """Of mirrors that no later batch has made fresher."""
    before = {pk: rest for pk, *rest in batch.options.get("mirrored", [])}
    rows = list(Gradebook.objects.filter(pk__in=before, mirrored_by=batch).select_for_update(no_key=True))
    for row in rows:
        at, row.mirrored_by_id = before[row.pk]
        row.mirrored_at = at and datetime.datetime.fromisoformat(at)
    Gradebook.objects.bulk_update(rows, ["mirrored_at", "mirrored_by"], batch_size=500)


def _drop_books(batch: ImportBatch) -> None:
    """Gradebooks that the batch has made go, but for those that something speaks of by now."""
    made = batch.options.get("made", [])
    used = set()
    for relation in Gradebook._meta.related_objects:
        rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": made})
        used.update(rows.values_list(relation.field.attname, flat=True).distinct())
    Gradebook.objects.filter(pk__in=set(made) - used).delete()


def _refuse_overwritten(batch: ImportBatch) -> None:
    """Rows that this batch wrote are still its own, and nobody has put others where it removed some."""
    counts = batch.counts
    own = sum(model.objects.filter(batch=batch).count() for model in TABLES.values())
    is_whole = own == counts.get("new", 0) + counts.get("changed", 0)
    later = (
        ImportBatch.objects.applied().filter(purpose=PURPOSE, applied_at__gt=batch.applied_at).order_by("applied_at")
    )
    if is_whole and not any(_taken(batch, *some) for replaced in _replaced(batch) for some in replaced.items()):
        return
    names = ", ".join(f"№{one.pk}" for one in later) or "правки на портале"
    raise ValidationError(
        f"После этой загрузки те же отметки изменило другое: {names}. Сначала отмените более позднее."
    )


def _taken(batch: ImportBatch, model: type, rows: list[models.Model]) -> bool:
    """Do rows of others stand now where these were? Of their gradebooks, or pupils, all are read at once."""
    places = {tuple(getattr(row, name) for name in _IDENTITY[model]) for row in rows}
    others = model.objects.exclude(batch=batch)
    if model is Result:
        pupils, subjects, years = zip(*((row.pupil_id, row.subject_id, row.year_id) for row in rows), strict=True)
        others = others.filter(pupil__in=set(pupils), subject__in=set(subjects), year__in=set(years))
    else:
        days = {row.date for row in rows}
        books = {row.gradebook_id for row in rows}
        others = others.filter(gradebook__in=books, date__gte=min(days), date__lte=max(days))
    return any(place in places for place in others.values_list(*_IDENTITY[model]).iterator(chunk_size=BATCH))


_IDENTITY = {
    Mark: ("gradebook_id", "pupil_id", "date", "slot", "place"),
    Absence: ("gradebook_id", "pupil_id", "date", "slot"),
    Result: ("pupil_id", "year_id", "subject_id", "kind", "number"),
}
