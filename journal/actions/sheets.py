"""The verbs of yearly sheets: how they look, what is written in, into the archive, all of the school (7.3)."""

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.actions.dictionaries import delete_row, save_row
from accounts.actions.files import store
from accounts.actions.jobs import start_job
from accounts.actor import Actor
from accounts.models import AcademicYear, Job, SchoolCard, SchoolClass, StoredFile
from eios.lib.filetypes import FileRefused
from journal import rights
from journal.models import ArchivedSheet, SheetLayout, SheetMinutes, SheetNote
from journal.sheets import printing
from journal.sheets.content import fingerprint
from journal.sheets.source import content_of

SHEET_FILE, DRAFT_FILE, JOB = "journal_sheet", "journal_sheet_draft", "journal-sheets"


@transaction.atomic
def save_layout(values: dict, *, seen: int, by: Actor) -> SheetLayout:
    """A new version of the layout; archived sheets keep theirs. Audited. Raises ValidationError: another was first."""
    newest = SheetLayout.objects.select_for_update().order_by("-version").first()
    version = newest.version if newest else 0
    if version != seen:
        raise ValidationError("Пока вы выбирали, вид ведомости изменил другой человек. Посмотрите, что получилось.")
    return save_row(SheetLayout(version=version + 1, made_by=by.person, **values), by=by)


@transaction.atomic
def save_notes(
    school_class: SchoolClass, notes: dict[int, tuple[str, str]], minutes: tuple | None, *, by: Actor
) -> None:
    """Behaviour and decisions by pupil, and the minutes (number, date), None where a council says them.

    Effects: rows written, changed, removed when emptied; audit of each.
    """
    standing = {row.pupil_id: row for row in SheetNote.objects.select_for_update().filter(school_class=school_class)}
    for pupil, (behaviour, decision) in notes.items():
        row = standing.get(pupil) or SheetNote(school_class=school_class, pupil_id=pupil)
        row.behaviour, row.decision = behaviour, decision
        if behaviour or decision:
            save_row(row, by=by)
        elif row.pk:
            delete_row(row, by=by)
    if minutes is None:
        return
    row = SheetMinutes.objects.filter(school_class=school_class).first() or SheetMinutes(school_class=school_class)
    row.number, row.date = minutes
    if row.number:
        save_row(row, by=by)
    elif row.pk:
        delete_row(row, by=by)


@transaction.atomic
def archive_sheet(school_class: SchoolClass, *, seen: str = "", reason: str = "", by: Actor) -> ArchivedSheet:
    """Freezes the class's sheet as it is now under the next number of the year; an earlier one stays, superseded.

    Effects: a row with the content, its sum and its PDF; audit. `seen` is the sum of what the person looked at.
    Raises ValidationError: not one's right, nobody in the class, changed meanwhile, no reason, nothing new.
    """
    _refuse_others(by)
    # Numbers go one by one, and a class has one chain: whoever archives in the year waits here.
    year = AcademicYear.objects.select_for_update().get(pk=school_class.year_id)
    layout, school = SheetLayout.current(), SchoolCard.current()
    content = content_of(school_class, layout, school)
    sha256 = fingerprint(content)
    former = ArchivedSheet.objects.standing().filter(school_class=school_class).first()
    _check(content, former, seen=seen, sha256=sha256, reason=reason)
    number = (ArchivedSheet.objects.filter(year=year).aggregate(most=Max("number"))["most"] or 0) + 1
    now = timezone.now()
    file = _stored(
        printing.sheet(content, printing.Stamp(now, number, sha256)), _name(school_class, number), SHEET_FILE, by
    )
    row = ArchivedSheet.objects.create(
        year=year, school_class=school_class, number=number, layout_version=layout.version, content=content,
        sha256=sha256, file=file, archived_by=by.person, archived_at=now, supersedes=former,
        reason=reason if former else "",
    )  # fmt: skip
    changes = {"number": [None, number], "supersedes": [None, former.pk if former else None]}
    audit.record(by, "archived_sheet.added", row, changes, basis=row.reason)
    return row


def _check(content: dict, former: ArchivedSheet | None, *, seen: str, sha256: str, reason: str) -> None:
    if not content["pupils"] or not content["subjects"]:
        raise ValidationError("В классе нет обучающихся или предметов: сдавать в архив нечего.")
    if seen and seen != sha256:
        raise ValidationError("Пока вы смотрели, ведомость изменилась. Посмотрите её ещё раз.")
    if former and former.sha256 == sha256:
        raise ValidationError(f"Такая ведомость уже в архиве под № {former.number}: с тех пор ничего не изменилось.")
    if former and not reason:
        raise ValidationError("Ведомость класса уже в архиве. Чтобы выдать новую взамен, назовите причину.")


def _refuse_others(by: Actor) -> None:
    if by.person is None or not rights.manages(by.person):
        raise ValidationError("Ведомости сдаёт в архив директор или его заместитель по учебной работе.")


def _stored(content: bytes, name: str, kind: str, by: Actor) -> StoredFile:
    try:
        return store(ContentFile(content, name), kind=kind, by=by, owner=None)
    except FileRefused as refusal:
        raise ValidationError(str(refusal)) from refusal


def _name(school_class: SchoolClass, number: int | None) -> str:
    what = f"№ {number}" if number else "проект"
    letters = f"{school_class.grade}{school_class.letter}"
    return f"Сводная ведомость {letters} {str(school_class.year).replace('/', '-')} {what}.pdf"


# All sheets of the school


def start_all(year: AcademicYear, *, archives: bool, by: Actor) -> Job:
    """Effects: a long work that draws a sheet for each class of the year; with `archives` those not in the archive yet
    go there, otherwise they are drawn as drafts. Raises ValidationError: not one's right, no classes.
    """
    _refuse_others(by)
    classes = list(year.classes.order_by("grade", "letter").values_list("pk", flat=True))
    if not classes:
        raise ValidationError("В этом учебном году классов нет.")
    params = {"year": year.pk, "classes": classes, "archives": archives, "files": [], "passed": []}
    return start_job(JOB, title=f"Сводные ведомости за {year} учебный год", total=len(classes), params=params, by=by)


def all_step(job: Job, by: Actor) -> None:
    """The sheet of one class: from the archive, into the archive, or a draft."""
    _refuse_others(by)
    school_class = SchoolClass.objects.select_related("year").get(pk=job.params["classes"][job.done])
    sheet = ArchivedSheet.objects.standing().filter(school_class=school_class).select_related("file").first()
    file = sheet.file if sheet else _new_file(school_class, archives=job.params["archives"], by=by)
    if file is None:
        job.params["passed"].append(school_class.name)
    else:
        job.params["files"].append(str(file.pk))
    job.done += 1
    if job.done == job.total:
        passed = ", ".join(job.params["passed"])
        job.message = f"Ведомостей: {len(job.params['files'])}."
        job.message += f" Пропущены классы без обучающихся или предметов: {passed}." if passed else ""
        job.message = job.message[:500]
        job.next_url = reverse("journal:sheet_all_ready", args=[job.pk])


def _new_file(school_class: SchoolClass, *, archives: bool, by: Actor) -> StoredFile | None:
    """None of a class that has nothing to show."""
    content = content_of(school_class, SheetLayout.current(), SchoolCard.current())
    if not content["pupils"] or not content["subjects"]:
        return None
    if archives:
        return archive_sheet(school_class, by=by).file
    return _stored(printing.sheet(content, printing.Stamp(timezone.now())), _name(school_class, None), DRAFT_FILE, by)
