"""Objects of the pages of attestation, debts, state exams and councils, for the matrix of pages and people."""

from accounts.models import SchoolClass, User
from journal.models import AcademicDebt, Gradebook, Result
from tests.factories import LONG_AGO, make_class, make_subject
from tests.journal.attesting import make_council, make_debt, make_retake
from tests.journal.factories import make_gradebook, make_load, make_result

ASSESSMENTS = ("detail", "change", "delete")
RETAKES = ("change", "cancel", "result")
COUNCILS = ("detail", "freeze", "unfreeze", "confirm", "call_off")
ATTESTED, ALSO = "Астрономия", "Черчение"


def attestation_variants(people: dict[str, User | None]) -> dict[str, dict[str, dict]]:
    """Of 8 «А», whose chemistry the teacher teaches: the pupil has a debt with a retake that waits for its result."""
    eight = make_class(grade=8)
    book = Gradebook.objects.filter(school_class=eight, subject__name=ATTESTED).first() or _book(people, eight)
    debt = AcademicDebt.objects.get(gradebook=book)
    bare = AcademicDebt.objects.get(gradebook__subject__name=ALSO)
    result = Result.objects.get(gradebook=book, kind="term")
    council = result.council
    retake = {"pk": debt.pk, "number": 1}
    classes = {"own": {"pk": eight.pk}, "none": {}}
    return {
        "journal:attestation_class": classes,
        "journal:attestation_make": classes,
        "journal:attestation_days": classes,
        **{
            f"journal:assessment_{verb}": {"own": {"pk": book.interim_assessment.pk}, "none": {}}
            for verb in ASSESSMENTS
        },
        "journal:debt_detail": {"own": {"pk": debt.pk}, "none": {}},
        "journal:retake_add": {"own": {"pk": bare.pk}, "none": {}},
        **{f"journal:retake_{verb}": {"own": retake, "none": {}} for verb in RETAKES},
        "journal:exam_class": {"nine": {"pk": make_class(grade=9).pk}, "none": {}},
        "journal:exam_enter": {"nine": {"pk": make_class(grade=9).pk}, "none": {}},
        **{f"journal:council_{verb}": {"own": {"pk": council.pk}, "none": {}} for verb in COUNCILS},
        "journal:council_gradebook": {"own": {"pk": council.pk, "book": book.pk}, "none": {}},
        "journal:council_result": {"own": {"pk": council.pk, "result": result.pk}, "none": {}},
    }


def _book(people: dict[str, User | None], eight: SchoolClass) -> Gradebook:
    """The rows that all the variants stand on; made once."""
    book = make_gradebook(school_class=eight, subject=make_subject(ATTESTED), kept="here")
    make_load(people["teacher"], book)
    make_retake(make_debt(book, people["pupil"], opened_on=LONG_AGO))
    make_debt(make_gradebook(school_class=eight, subject=make_subject(ALSO)), people["pupil"])
    make_result(book, people["pupil"], council=make_council(eight, state="confirmed"))
    return book
