"""Objects of the pages of entry, histories and absences, for the matrix of pages and people."""

from accounts.models import User
from eios.lib.dates import today
from journal.models import EntryOpening, Gradebook
from tests.factories import make_class, make_subject
from tests.journal.factories import make_gradebook, make_load

OF_GRADEBOOK = ("cell_history", "cell_history_export")


def entry_variants(people: dict[str, User | None]) -> dict[str, dict[str, dict]]:
    """The teacher's gradebook of 8 «А» and one of 8 «Б», an opening, both classes; one kept here to ask for."""
    subject, school_class, other = make_subject(), make_class(grade=8), make_class(grade=8, letter="Б")
    here = _book(school_class, make_subject("Информатика"))
    books = {"own": _book(school_class, subject), "other": _book(other, subject), "here": here}
    books = {name: {"pk": one.pk} for name, one in books.items()}
    if not here.loads.exists():
        make_load(people["teacher"], here)
    Gradebook.objects.filter(pk=here.pk).update(kept="here")
    days = dict.fromkeys(("starts", "ends", "until"), today())
    opening, _ = EntryOpening.objects.get_or_create(gradebook=here, reason="Болел", defaults=days)
    # Closed by whoever may: open again for the next one who asks.
    EntryOpening.objects.filter(pk=opening.pk).update(until=today())
    classes = {"own": {"pk": school_class.pk}, "other": {"pk": other.pk}, "none": {}}
    return {
        **{f"journal:{page}": {**books, "none": {}} for page in OF_GRADEBOOK},
        "journal:entry_ask": {"here": {"pk": here.pk}, "mirror": books["own"], "none": {}},
        "journal:opening_close": {"one": {"pk": opening.pk}, "none": {}},
        "journal:class_absences": classes,
    }


def _book(school_class, subject) -> Gradebook:
    found = Gradebook.objects.filter(school_class=school_class, subject=subject, subgroup=None).first()
    return found or make_gradebook(school_class=school_class, subject=subject)
