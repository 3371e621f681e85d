"""Objects of the pages of yearly sheets and final marks, for the matrix of pages and people."""

from django.utils import timezone

from accounts.models import Job, SchoolCard, SchoolClass, StoredFile, User
from journal.actions.sheets import JOB
from journal.models import ArchivedSheet, SheetLayout
from journal.sheets.content import fingerprint
from journal.sheets.source import content_of
from tests.factories import make_class

OF_CLASS = ("detail", "pdf", "export", "notes", "archive")


def yearly_sheet_variants(people: dict[str, User | None]) -> dict[str, dict[str, dict]]:
    """Both classes and their archived sheets, the pupil's final marks and another's, the deputy's finished work."""
    own, other = make_class(grade=8), make_class(grade=8, letter="Б")
    classes = {"own": {"pk": own.pk}, "other": {"pk": other.pk}, "none": {}}
    sheets = {"own": {"pk": _archived(own, 1)}, "other": {"pk": _archived(other, 2)}}
    marks = {name: {"pk": people[name].pk} for name in ("pupil", "other_pupil", "teacher")}
    params = {"year": own.year_id, "files": []}
    job, _ = Job.objects.get_or_create(kind=JOB, created_by=people["deputy"], state="done", params=params)
    return {
        **{f"journal:sheet_{page}": classes for page in OF_CLASS},
        "journal:sheet_archived": {**sheets, "none": {}},
        "journal:sheet_all": {"now": {"pk": own.year_id}, "none": {}},
        "journal:sheet_all_ready": {"deputy's": {"pk": job.pk}, "none": {}},
        "journal:sheet_all_zip": {"deputy's": {"pk": job.pk}, "none": {}},
        **{f"journal:final_marks{tail}": marks for tail in ("", "_export", "_pdf")},
    }


def _archived(school_class: SchoolClass, number: int) -> int:
    standing = ArchivedSheet.objects.filter(school_class=school_class).first()
    if standing:
        return standing.pk
    content = content_of(school_class, SheetLayout(version=0), SchoolCard.current())
    file = StoredFile.objects.create(kind="journal_sheet", name="лист.pdf", media_type="application/pdf", size=9)
    return ArchivedSheet.objects.create(
        year=school_class.year, school_class=school_class, number=number, content=content, file=file,
        sha256=fingerprint(content), archived_at=timezone.now(),
    ).pk  # fmt: skip
