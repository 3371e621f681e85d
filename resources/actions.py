"""The verbs that write the registry; every one is one transaction, audited, and stales cached public pages."""

from collections.abc import Iterable

from django.db import transaction

from accounts import audit
from accounts.actions.dictionaries import save_row
from accounts.actor import Actor
from accounts.models import SchoolCard, Training
from resources import importing
from resources.models import DEFAULT_CLOSURE, Element, Level, TrainingElement

AUDITED = (
    "slug", "parent", "number", "name", "kind", "component", "address", "outside_access", "own_closure", "purpose",
    "how_to_get_in", "procedure_url", "contact", "icon", "doubtful", "is_listed", "order",
)  # fmt: skip


class CyclicParts(ValueError):
    """An element was to become a part of its own part."""


@transaction.atomic
def save_element(element: Element, *, by: Actor, basis: str = "") -> Element:
    """Adds or changes an element, the closure in force of it and of all parts below. Raises CyclicParts."""
    old = Element.objects.select_for_update().filter(pk=element.pk).first() if element.pk else None
    _refuse_cycles(element)
    element.closure = _effective(element)
    element.save()
    _spread_closure(element)
    before = audit.snapshot(old, AUDITED) if old else {}
    changes = audit.difference(before, audit.snapshot(element, AUDITED))
    if changes:
        audit.record(by, "element.changed" if old else "element.added", element, changes, basis)
    SchoolCard.touch_public()
    return element


@transaction.atomic
def rename_level(level: Level, *, by: Actor, basis: str = "") -> Level:
    """Changes what a level of closure is called (5.2); its number stays. Raises ValidationError."""
    saved = save_row(level, by=by, basis=basis)
    SchoolCard.touch_public()
    return saved


def record_opening(element: Element, *, page: str, by: Actor) -> None:
    """Every opening of level 4-5 material leaves a trace (access.md): who, when, from where, which page."""
    audit.record(by, "element.opened", element, basis=page[:300])


def _refuse_cycles(element: Element) -> None:
    above, seen = element.parent, set()
    while above is not None:
        if above.pk == element.pk or above.pk in seen:
            raise CyclicParts("Элемент не может быть частью собственной части.")
        seen.add(above.pk)
        above = above.parent


def _effective(element: Element) -> int:
    """Own closure, or the nearest above; a new root element starts at 4."""
    if element.own_closure is not None:
        return element.own_closure
    return element.parent.closure if element.parent else DEFAULT_CLOSURE


def _spread_closure(element: Element) -> None:
    """Parts that set none of their own inherit; they are few, and change seldom."""
    for part in Element.objects.filter(parent=element, own_closure__isnull=True).exclude(closure=element.closure):
        Element.objects.filter(pk=part.pk).update(closure=element.closure)
        part.closure = element.closure
        _spread_closure(part)


@transaction.atomic
def load_registry(*, by: Actor, update: bool = False) -> importing.Plan:
    """The 18 rows of clause 4.5, the built-in sections and the levels. What the school changed stays, unless `update`.

    Raises importing.RegistryFileError where a data file is damaged or a row is wrong; nothing is then saved.
    """
    rows = importing.read_toml(importing.DATA / "platforms.toml", Element.Kind.EXTERNAL)
    rows += importing.read_toml(importing.DATA / "sections.toml", Element.Kind.BUILT_IN)
    plan = importing.plan(rows)
    if plan.errors:
        raise importing.RegistryFileError("\n".join(plan.errors))
    for element in plan.new:
        save_element(element, by=by, basis="Таблица пункта 4.5 Положения")
    for element, changes in plan.changed if update else []:
        for name, (_, value) in changes.items():
            setattr(element, name, value)
        save_element(element, by=by, basis="Таблица пункта 4.5 Положения")
    Level.objects.bulk_create(importing.read_levels(), ignore_conflicts=True)
    return plan


@transaction.atomic
def tie_trainings(element: Element, titles: Iterable[str], *, by: Actor) -> int:
    """Confirmed trainings of these topics, and no others, prepare for the element (3.2, 5.11).

    Effects: ties added and taken away, each with an audit entry. Returns how many records are tied now.
    """
    # Two who save at once come here one after another.
    Element.objects.select_for_update().get(pk=element.pk)
    wanted = set(Training.objects.confirmed().filter(title__in=list(titles)).values_list("pk", flat=True))
    ties = {tie.training_id: tie for tie in TrainingElement.objects.filter(element=element)}
    gone = [tie for key, tie in ties.items() if key not in wanted]
    new = [TrainingElement(element=element, training_id=key) for key in sorted(wanted - ties.keys())]
    entries = [_tie_entry(by, "training_element.deleted", tie, added=False) for tie in gone]
    TrainingElement.objects.filter(pk__in=[tie.pk for tie in gone]).delete()
    TrainingElement.objects.bulk_create(new, batch_size=1000)
    audit.record_many([*entries, *(_tie_entry(by, "training_element.added", tie, added=True) for tie in new)])
    return len(wanted)


def _tie_entry(by: Actor, action: str, tie: TrainingElement, *, added: bool):
    values = audit.snapshot(tie, ("training", "element"))
    return audit.entry(by, action, tie, {k: [None, v] if added else [v, None] for k, v in values.items()})
