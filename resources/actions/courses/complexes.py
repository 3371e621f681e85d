"""A complex (ЭУМК) is begun after a programme, filled topic by topic, opened, carried on to the next year (1.3 a)."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions.dictionaries import save_row
from accounts.actor import Actor
from accounts.marks import Seen, Stale, refuse_stale
from accounts.models import SchoolCard
from resources.asker import asker_by
from resources.courses import complexes
from resources.courses.matching import match
from resources.models import ComplexItem, Programme, StudyComplex, Topic

# A topic with its kind of thing and the thing itself.
Placed = tuple[Topic | None, str, object]


@transaction.atomic
def begin(study_complex: StudyComplex, *, by: Actor) -> StudyComplex:
    """A complex of an approved programme, closed until it is opened; whoever begins it keeps it. Audited.

    Raises ValidationError: the programme is not approved, or has a complex.
    """
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=study_complex.programme_id)
    if not programme.is_approved:
        raise ValidationError(f"«{programme}» ещё не утверждена: комплекс составляют по утверждённой программе.")
    if StudyComplex.objects.filter(programme=programme).exists():
        raise ValidationError(f"У программы «{programme}» комплекс уже есть.")
    study_complex.keeper = by.person
    return save_row(study_complex, by=by)


@transaction.atomic
def save_complex(study_complex: StudyComplex, *, by: Actor, seen: Seen | None = None) -> StudyComplex:
    """The words about the complex. Audited. Raises Stale."""
    refuse_stale(study_complex, seen)
    study_complex.is_open = _locked(study_complex).is_open
    save_row(study_complex, by=by)
    _shown(study_complex)
    return study_complex


@transaction.atomic
def add(study_complex: StudyComplex, placed: Iterable[Placed], *, note: str = "", by: Actor) -> int:
    """Puts things at topics, None being the whole; what stands there already is passed over. Returns how many. Audited.

    Raises ValidationError: a topic of another programme.
    """
    row, placed = _locked(study_complex), list(placed)
    if any(topic is not None and topic.programme_id != row.programme_id for topic, _, _ in placed):
        raise ValidationError("Тема не из программы этого комплекса.")
    there = set(row.items.values_list("topic", *complexes.THINGS))
    fresh = {}
    for topic, kind, thing in placed:
        item = ComplexItem(study_complex=row, topic=topic, note=note, **{kind: thing})
        place = (item.topic_id, *(getattr(item, f"{name}_id") for name in complexes.THINGS))
        if place not in there:
            fresh.setdefault(place, item)
    if fresh:
        ComplexItem.objects.bulk_create(fresh.values())
        audit.record(by, "study_complex.filled", row, {"things": [None, _names(fresh.values())]})
        _shown(row)
    return len(fresh)


@transaction.atomic
def remove(item: ComplexItem, *, by: Actor) -> None:
    """The thing stands at the topic no more; the thing itself stays. Audited."""
    row = _locked(item.study_complex)
    audit.record(by, "study_complex.thing_removed", row, {"things": [_names([item]), None]})
    item.delete()
    _shown(row)


@transaction.atomic
def take_from_programme(study_complex: StudyComplex, *, seen: str | None = None, by: Actor) -> int:
    """Adds what the programme's topics link to, the rest of its lists to the whole. Returns how many. Raises Stale."""
    row = _locked(study_complex)
    _refuse_other(row, seen)
    return add(row, complexes.named_by_programme(row, asker_by(by)), by=by)


@transaction.atomic
def set_open(study_complex: StudyComplex, is_open: bool, *, seen: str | None = None, by: Actor) -> StudyComplex:
    """Opens it to everybody or closes it. Audited; public pages are stale. Raises Stale, ValidationError: is so."""
    row = _locked(study_complex)
    if row.is_open == is_open:
        raise ValidationError("Комплекс уже открыт." if is_open else "Комплекс уже закрыт.")
    _refuse_other(row, seen)
    row.is_open = is_open
    row.save(update_fields=["is_open", "changed_at"])
    audit.record(by, f"study_complex.{'opened' if is_open else 'closed'}", row)
    SchoolCard.touch_public()
    return row


@transaction.atomic
def carry(study_complex: StudyComplex, programme: Programme, *, seen: str | None = None, by: Actor) -> StudyComplex:
    """A closed complex of a later year's programme with all of the same topics; the rest is passed over. Audited.

    Things that are out of use, or that the one who acts may not open, are not carried.
    Raises Stale, ValidationError: as `begin`, or the year is not a later one.
    """
    row = _locked(study_complex)
    _refuse_other(row, seen)
    if programme.year.starts <= row.programme.year.starts:
        raise ValidationError("Комплекс переносят на следующий учебный год.")
    copy = begin(StudyComplex(programme=programme, annotation=row.annotation), by=by)
    same = match(row.programme.topics.all(), programme.topics.all())
    items = complexes.items_open_to(asker_by(by)).filter(study_complex=row)
    things = {f"{name}_id" for name in complexes.THINGS}
    carried = [
        ComplexItem(
            study_complex=copy, note=item.note, topic=same[item.topic_id] if item.topic_id else None,
            **{name: getattr(item, name) for name in things},
        )
        for item in items
        if item.topic_id is None or item.topic_id in same
    ]  # fmt: skip
    ComplexItem.objects.bulk_create(carried)
    audit.record(by, "study_complex.carried", copy, {"things": [None, f"{len(carried)}: {row}, {row.programme.year}"]})
    return copy


@transaction.atomic
def delete_complex(study_complex: StudyComplex, *, seen: str | None = None, by: Actor) -> None:
    """A closed complex goes with its list; the things themselves stay. Audited. Raises Stale, ValidationError."""
    row = _locked(study_complex)
    if row.is_open:
        raise ValidationError("Комплекс открыт всем: сначала закройте его.")
    _refuse_other(row, seen)
    audit.record(by, "study_complex.deleted", row, {"things": [_names(row.items.all()), None]}, basis=str(row))
    row.delete()


def _locked(study_complex: StudyComplex) -> StudyComplex:
    """The row as it stands, until the end of the transaction."""
    rows = StudyComplex.objects.select_for_update(of=("self",)).select_related("programme__subject", "programme__year")
    return rows.get(pk=study_complex.pk)


def _refuse_other(row: StudyComplex, seen: str | None) -> None:
    if seen is not None and seen != complexes.mark(row):
        raise Stale(row)


def _shown(row: StudyComplex) -> None:
    """The desk's list goes by the last change; everybody's pages, by the public version."""
    StudyComplex.objects.filter(pk=row.pk).update(changed_at=timezone.now())
    if row.is_open:
        SchoolCard.touch_public()


def _names(items: Iterable[ComplexItem]) -> str:
    """«Линейная функция (тема 3)», twenty at most: the trail is read by people."""
    items = list(items)
    words = [f"{item.thing} ({f'тема {item.topic.position}' if item.topic_id else 'весь комплекс'})" for item in items]
    return "; ".join(words[:20]) + (f" и ещё {len(words) - 20}" if len(words) > 20 else "")
