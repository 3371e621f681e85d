"""Objects of the pages of gradebooks and load, for the matrix of pages and people."""

from accounts.models import User
from journal.models import Gradebook, KeepingDecision, ScaleRule, Subgroup, TeachingLoad
from tests.factories import make_class, make_subject
from tests.journal.factories import make_gradebook, make_load

OF_GRADEBOOK = ("gradebook_detail", "gradebook_export")
OF_LOAD = ("load_change", "load_end", "load_replace")
OF_SUBGROUP = ("subgroup_change", "subgroup_distribute")


def book_variants(people: dict[str, User | None]) -> dict[str, dict[str, dict]]:
    """The teacher's gradebook of 8 «А», one of 8 «Б», the teacher's load, a subgroup, a decision of each kind."""
    subject, school_class = make_subject(), make_class(grade=8)
    books = {"own": _book(school_class, subject), "other": _book(make_class(grade=8, letter="Б"), subject)}
    load = TeachingLoad.objects.first() or make_load(people["teacher"], books["own"])
    group, _ = Subgroup.objects.get_or_create(school_class=school_class, subject=subject, name="1-я группа")
    Gradebook.objects.get_or_create(school_class=school_class, subject=subject, subgroup=group)
    keeping, _ = KeepingDecision.objects.get_or_create(year=school_class.year, kept="elsewhere")
    scale, _ = ScaleRule.objects.get_or_create(year=school_class.year, scale="five")
    return {
        **_named(OF_GRADEBOOK, {name: {"pk": one.pk} for name, one in books.items()}),
        **_named(OF_LOAD, {"teacher": {"pk": load.pk}}),
        **_named(OF_SUBGROUP, {"class": {"pk": group.pk}}),
        **_named(("rule_keeping_change", "rule_keeping_remove"), {"one": {"pk": keeping.pk}}),
        **_named(("rule_scale_change", "rule_scale_remove"), {"one": {"pk": scale.pk}}),
    }


def _book(school_class, subject) -> Gradebook:
    found = Gradebook.objects.filter(school_class=school_class, subject=subject, subgroup=None).first()
    return found or make_gradebook(school_class=school_class, subject=subject)


def _named(pages: tuple[str, ...], objects: dict[str, dict]) -> dict[str, dict[str, dict]]:
    return {f"journal:{page}": {**objects, "none": {}} for page in pages}
