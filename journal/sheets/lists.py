"""Lists of yearly sheets: classes of a year with what lies in the archive, and the archive itself. Reads only."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from accounts.models import AcademicYear, SchoolClass, User
from journal import rights
from journal.models import ArchivedSheet


@dataclass(frozen=True)
class ClassLine:
    school_class: SchoolClass
    archived: ArchivedSheet | None


def years_of(person: User) -> QuerySet[AcademicYear]:
    """Years with a class whose sheet the person sees, newest first."""
    rows = rights.classes_seen(person).values("year")
    return AcademicYear.objects.filter(pk__in=rows).order_by("-starts")


def classes_of(person: User, year: AcademicYear) -> list[ClassLine]:
    """Two queries, whatever the number of classes."""
    classes = rights.classes_seen(person).filter(year=year).select_related("year").order_by("grade", "letter")
    classes = list(classes)
    rows = ArchivedSheet.objects.standing().filter(school_class__in=classes)
    sheets = {row.school_class_id: row for row in rows.defer("content").select_related("archived_by")}
    return [ClassLine(one, sheets.get(one.pk)) for one in classes]


def archive_of(person: User) -> QuerySet[ArchivedSheet]:
    """Archived sheets that the person may read."""
    return ArchivedSheet.objects.filter(school_class__in=rights.classes_seen(person)).select_related(
        "school_class", "year", "file", "archived_by", "superseded_by", "supersedes"
    )


def registry(person: User, *, q: str, year: AcademicYear | None) -> QuerySet[ArchivedSheet]:
    """The archive's list without contents, newest first."""
    rows = archive_of(person).defer("content", "superseded_by__content", "supersedes__content")
    if year:
        rows = rows.filter(year=year)
    return rows.filter(_matching(q)) if q else rows


def _matching(q: str) -> Q:
    """«7А» or «№ 3»; what is neither finds nothing."""
    number = q.lstrip("№ ").strip()
    if number.isdecimal() and len(number) < 9:
        return Q(number=int(number)) | Q(school_class__grade=int(number))
    try:
        return Q(school_class__in=SchoolClass.objects.named(q))
    except ValidationError:
        return Q(pk__in=[])
