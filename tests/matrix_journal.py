"""Objects of the pages of imports, diaries and classes at a glance, for the matrix of pages and people."""

from accounts.models import ImportBatch, ImportedFile, Job, User
from journal.importing.items import Reading
from tests.factories import make_class

ASKED = {"said": {}, "reading": Reading(importer="table", title="Отчёт", asks=["period"]).to_json()}


def journal_variants(people: dict[str, User | None]) -> dict[str, dict[str, dict]]:
    """The pupil's and another pupil's diary, both classes, batches of two people that wait, the deputy's job."""
    diaries = {name: {"pk": people[name].pk} for name in ("pupil", "other_pupil", "teacher")}
    classes = {"own": {"pk": make_class(grade=8).pk}, "other": {"pk": make_class(grade=8, letter="Б").pk}, "none": {}}
    batches = {"deputy's": {"pk": _batch(people["deputy"]).pk}, "own": {"pk": _batch(people["classteacher"]).pk}}
    params = {"batch": batches["deputy's"]["pk"]}
    job, _ = Job.objects.get_or_create(
        kind="journal-import", title="Чтение", created_by=people["deputy"], defaults={"params": params, "total": 1}
    )
    return {
        **{f"journal:diary_{page}": diaries for page in ("detail", "export", "what_if", "week")},
        **{f"journal:{page}": classes for page in ("class_glance", "class_glance_export")},
        **{f"journal:import_{page}": {**batches, "none": {}} for page in ("detail", "answer", "apply", "undo", "drop")},
        "journal:import_say": {name: one | {"file": _file(one["pk"])} for name, one in batches.items()},
        **{
            f"accounts:{page}": {"deputy's": {"pk": job.pk}, "none": {}}
            for page in ("job", "job_advance", "job_cancel")
        },
    }


def _batch(person: User) -> ImportBatch:
    """Dropped by whoever may: put in again for the next one who asks."""
    made, _ = ImportBatch.objects.get_or_create(purpose="journal", source="Другая система", created_by=person)
    ImportBatch.objects.filter(pk=made.pk).update(state="uploaded")
    return made


def _file(batch: int) -> int:
    row, _ = ImportedFile.objects.get_or_create(batch_id=batch, name="отчёт.csv", defaults={"facts": ASKED})
    return row.pk
