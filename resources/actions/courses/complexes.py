"""The verbs of e-learning complexes (ЭУМК): begun from a programme, filled topic by topic, opened (4.5 row 18)."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.actor import Actor
from accounts.models import SchoolCard
from resources.models import ComplexItem, Programme, StudyComplex, Topic

KINDS = ("course", "material", "resource", "edition")


@transaction.atomic
def begin(programme: Programme, *, by: Actor) -> StudyComplex:
    """A complex of an approved programme; what stood in last year's comes along by the names of topics. Audited.

    Raises ValidationError: not approved, there is one.
    """
    row = Programme.objects.select_for_update(of=("self",)).select_related("subject", "year").get(pk=programme.pk)
    if not row.is_approved:
        raise ValidationError("Комплекс составляют по утверждённой рабочей программе.")
    if StudyComplex.objects.filter(programme=row).exists():
        raise ValidationError("У этой программы комплекс уже есть.")
    one = StudyComplex.objects.create(programme=row, keeper=by.person or row.author)
    carried = _carry(row.renewed_from, one)
    audit.record(by, "study_complex.begun", one, {"things": [0, carried]})
    return one


@transaction.atomic
def describe(one: StudyComplex, *, annotation: str, by: Actor) -> None:
    """A few words about the complex. Audited."""
    before, one.annotation = one.annotation, annotation
    one.full_clean()
    one.save(update_fields=["annotation", "changed_at"])
    audit.record(by, "study_complex.changed", one, {"annotation": [before, annotation]})
    _tell(one)


@transaction.atomic
def fill(one: StudyComplex, topic: Topic | None, chosen: dict[str, Iterable], *, among: dict, by: Actor) -> None:
    """Puts what is chosen at the topic, None for the whole, and takes away what is not. Audited.

    `among`: kind → keys that were offered; what was not shown stays. Raises ValidationError: a topic of another plan.
    """
    StudyComplex.objects.select_for_update().get(pk=one.pk)
    if topic is not None and topic.programme_id != one.programme_id:
        raise ValidationError("Тема не из программы этого комплекса.")
    stand = one.items.filter(topic=topic)
    before = stand.count()
    for kind in KINDS:
        wanted = {row.pk for row in chosen.get(kind, ())}
        stand.filter(**{f"{kind}__in": set(among.get(kind, ())) - wanted}).delete()
        there = set(stand.filter(**{f"{kind}__isnull": False}).values_list(f"{kind}_id", flat=True))
        ComplexItem.objects.bulk_create(
            ComplexItem(study_complex=one, topic=topic, **{f"{kind}_id": key}) for key in sorted(wanted - there)
        )
    one.save(update_fields=["changed_at"])
    audit.record(by, "study_complex.filled", one, {"things": [before, stand.count()]})
    _tell(one)


@transaction.atomic
def take_from_programme(one: StudyComplex, *, by: Actor) -> int:
    """Outside resources and editions that the programme lists, for the whole; those there already stay. Audited."""
    StudyComplex.objects.select_for_update().get(pk=one.pk)
    added = 0
    for kind, listed in (("resource", one.programme.resources), ("edition", one.programme.editions)):
        there = set(one.items.filter(topic=None, **{f"{kind}__isnull": False}).values_list(f"{kind}_id", flat=True))
        keys = [row.pk for row in listed.all() if row.pk not in there]
        ComplexItem.objects.bulk_create(ComplexItem(study_complex=one, **{f"{kind}_id": key}) for key in keys)
        added += len(keys)
    audit.record(by, "study_complex.filled", one, {"things": [None, added]})
    _tell(one)
    return added


@transaction.atomic
def set_open(one: StudyComplex, *, is_open: bool, by: Actor) -> None:
    """Everybody reads the complex from now on, or nobody but those who keep it. Audited."""
    row = StudyComplex.objects.select_for_update().get(pk=one.pk)
    if row.is_open != is_open:
        row.is_open = is_open
        row.save(update_fields=["is_open", "changed_at"])
        audit.record(
            by, "study_complex.opened" if is_open else "study_complex.closed", row, {"is_open": [not is_open, is_open]}
        )
        SchoolCard.touch_public()


def _tell(one: StudyComplex) -> None:
    if one.is_open:
        SchoolCard.touch_public()


def _carry(former: Programme | None, one: StudyComplex) -> int:
    """Last year's things, at topics of the same name; of a topic that is gone they stand at the whole."""
    old = StudyComplex.objects.filter(programme=former).first() if former else None
    if old is None:
        return 0
    topics = {topic.name.casefold(): topic for topic in one.programme.topics.all()}
    made = {}
    for item in old.items.select_related("topic"):
        topic = topics.get(item.topic.name.casefold()) if item.topic else None
        keys = {f"{kind}_id": getattr(item, f"{kind}_id") for kind in KINDS}
        made[topic and topic.pk, *keys.values()] = ComplexItem(study_complex=one, topic=topic, note=item.note, **keys)
    ComplexItem.objects.bulk_create(made.values())
    return len(made)
