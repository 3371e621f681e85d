"""Objects of the pages of lessons, plan against fact and kinds of work, for the matrix of pages and people."""

from accounts.models import User
from journal.models import Gradebook, Lesson, WorkKind
from tests.factories import make_class, make_subject
from tests.journal.factories import make_gradebook, make_lesson, make_load

OF_GRADEBOOK = (
    "lesson_list", "lesson_add", "lesson_topics", "lesson_programme", "lesson_generate", "plan_detail",
    "plan_detail_export", "cell_save",
)  # fmt: skip
OF_LESSON = ("lesson_detail", "lesson_remove", "lesson_marks")
SUBJECT = "Предмет на портале"


def lesson_variants(people: dict[str, User | None]) -> dict[str, dict[str, dict]]:
    """The teacher's gradebook of 8 «А» that is kept here and one of 8 «Б», a lesson of each, a kind of work."""
    subject = make_subject(SUBJECT)
    books = {
        "own": _book(make_class(grade=8), subject, people["teacher"]),
        "other": _book(make_class(grade=8, letter="Б"), subject, None),
    }
    kind, _ = WorkKind.objects.get_or_create(code="М", defaults={"name": "Работа матрицы"})
    of_book = {name: {"pk": one.pk} for name, one in books.items()} | {"none": {}}
    of_lesson = {name: {"pk": _lesson(one)} for name, one in books.items()} | {"none": {}}
    return {
        **{f"journal:{page}": of_book for page in OF_GRADEBOOK},
        **{f"journal:{page}": of_lesson for page in OF_LESSON},
        "journal:work_kind_change": {"one": {"pk": kind.pk}, "none": {}},
    }


def _book(school_class, subject, teacher: User | None) -> Gradebook:
    found = Gradebook.objects.filter(school_class=school_class, subject=subject).first()
    if found is None:
        found = make_gradebook(school_class=school_class, subject=subject, kept="here")
        if teacher:
            make_load(teacher, found)
    return found


def _lesson(book: Gradebook) -> int:
    """A lesson taken away by whoever may is put in again for the next one who asks."""
    found = Lesson.objects.filter(gradebook=book).first() or make_lesson(book)
    return found.pk
