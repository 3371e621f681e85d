"""Objects of the pages of the paper journal, for the matrix of pages and people."""

from accounts.models import Job, User
from journal.actions.paper import JOB
from journal.models import Gradebook
from tests.factories import make_class, make_subject
from tests.journal.factories import make_gradebook


def paper_variants(people: dict[str, User | None]) -> dict[str, dict[str, dict]]:
    """The teacher's gradebook of 8 «А» and one of 8 «Б», both classes, the deputy's finished work without its file."""
    subject, own, other = make_subject(), make_class(grade=8), make_class(grade=8, letter="Б")
    books = {"own": {"pk": _book(own, subject)}, "other": {"pk": _book(other, subject)}, "none": {}}
    params = {"class": own.pk, "parts": [], "file": None}
    job, _ = Job.objects.get_or_create(kind=JOB, created_by=people["deputy"], state="done", params=params)
    made = {"deputy's": {"pk": job.pk}, "none": {}}
    return {
        **{f"journal:gradebook_paper{tail}": books for tail in ("", "_pdf")},
        "journal:class_paper": {"own": {"pk": own.pk}, "other": {"pk": other.pk}, "none": {}},
        **{f"journal:class_paper_{tail}": made for tail in ("ready", "pdf")},
    }


def _book(school_class, subject) -> int:
    found = Gradebook.objects.filter(school_class=school_class, subject=subject, subgroup=None).first()
    return (found or make_gradebook(school_class=school_class, subject=subject)).pk
