"""What a mark was given for, as an expression of a query (1.3 b)."""

from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from journal.models import LessonWork


def work_words() -> Coalesce:
    """Of a mark: the title of its column's work, else the name of the kind; of a mark from another system what that
    system says."""
    where = {
        "lesson__gradebook": OuterRef("gradebook"),
        "lesson__date": OuterRef("date"),
        "lesson__slot": OuterRef("slot"),
        "place": OuterRef("place"),
    }
    title = Coalesce(NullIf("title", Value("")), "kind__name")
    found = Subquery(LessonWork.objects.filter(**where).order_by().values_list(title)[:1])
    return Coalesce(found, "work", output_field=CharField())
