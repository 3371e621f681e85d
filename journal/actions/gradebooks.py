"""The verbs of gradebooks: opening them by the curriculum, and bringing the school's decisions to them (1.3 b, 7.1)."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.actions.dictionaries import delete_row, save_row
from accounts.actor import Actor
from accounts.models import AcademicYear, SchoolClass
from journal import curriculum, decisions
from journal.models import Gradebook
from journal.models.gradebooks import Decision

STALE = "Пока вы смотрели, что изменится, журналы или решения стали другими. Посмотрите ещё раз и подтвердите."


@transaction.atomic
def save_decision(row: Decision, seen: str, *, by: Actor) -> int:
    """Keeps a decision, new or changed, and brings it to the year's gradebooks.

    Effects: `kept` and `scale` of gradebooks; marks and results stay as they are; audit for the decision and for each
    gradebook. Returns how many gradebooks changed. Raises ValidationError: decided already, or not what was seen.
    """
    _refuse_other(row.year, decisions.of_year(row.year).having(row), seen)
    row.decided_by = by.person
    save_row(row, by=by, basis=row.basis)
    return _bring(row.year, by, row.basis)


@transaction.atomic
def remove_decision(row: Decision, seen: str, *, by: Actor) -> int:
    """Takes a decision away: a wider one holds again, or the usual. Effects and refusals as of `save_decision`."""
    row = type(row).objects.select_for_update().select_related("year").get(pk=row.pk)
    _refuse_other(row.year, decisions.of_year(row.year).without(row), seen)
    delete_row(row, by=by)
    return _bring(row.year, by, "Решение убрано")


def _refuse_other(year: AcademicYear, decided: decisions.Decided, seen: str) -> None:
    """Locks the year's gradebooks; what would change must be what was seen."""
    list(Gradebook.objects.of_year(year).select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    if decisions.preview(year, decided)[1] != seen:
        raise ValidationError(STALE)


def _bring(year: AcademicYear, by: Actor, basis: str) -> int:
    found = decisions.changes(Gradebook.objects.of_year(year).listed(), decisions.of_year(year))
    entries = []
    for one in found:
        book = one.gradebook
        before = audit.snapshot(book, ("kept", "scale"))
        book.kept, book.scale = one.kept, one.scale
        differing = audit.difference(before, audit.snapshot(book, ("kept", "scale")))
        entries.append(audit.entry(by, "gradebook.decided", book, differing, basis))
    Gradebook.objects.bulk_update([one.gradebook for one in found], ["kept", "scale"], batch_size=200)
    audit.record_many(entries)
    return len(found)


@transaction.atomic
def open_by_curriculum(classes: Iterable[SchoolClass], *, by: Actor) -> list[Gradebook]:
    """Gradebooks of all subjects that the approved curriculum has for the classes and that are not there yet.

    Effects: gradebooks, each kept and marked as decided; audit. Raises ValidationError where there is none to open.
    """
    classes = list(SchoolClass.objects.select_for_update(of=("self",)).filter(pk__in=[one.pk for one in classes]))
    made = [book for one in curriculum.missing(classes) for book in one.gradebooks]
    if not made:
        raise ValidationError("Открывать нечего: журналы по утверждённому учебному плану уже есть, или плана нет.")
    return add(made, by=by, basis="По учебному плану")


def add(gradebooks: Iterable[Gradebook], *, by: Actor, basis: str = "") -> list[Gradebook]:
    """New gradebooks in one go, settled already; call it in the transaction of the change."""
    made = Gradebook.objects.bulk_create(gradebooks, batch_size=500)
    fields = ("school_class", "subject", "subgroup", "kept", "scale")
    audit.record_many(
        audit.entry(by, "gradebook.added", one, audit.difference({}, audit.snapshot(one, fields)), basis)
        for one in made
    )
    return made
