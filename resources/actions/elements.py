"""The verbs that write elements and levels; every one is one transaction, audited, and stales what workers remember."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.actions.dictionaries import save_row
from accounts.actor import Actor
from accounts.models import SchoolCard
from eios.lib.access import ADMINISTER
from resources import access, levels, programmes, reach
from resources.asker import asker_by
from resources.models import AUTHORISED, DEFAULT_CLOSURE, LEVELS, Condition, Document, Element, Level, Reach
from resources.tree import Need

AUDITED = (
    "slug", "parent", "number", "name", "kind", "component", "address", "outside_access", "own_closure",
    "closure_ground", "purpose", "how_to_get_in", "procedure_url", "contact", "icon", "doubtful", "is_listed", "order",
    "library_way", "keeping",
)  # fmt: skip
LIBRARY_IS_OPEN = (
    "Право доступа к библиотеке имеют все пользователи (пункт 10.1): закрыть её или её часть выше уровня "
    f"«{LEVELS[AUTHORISED]}» нельзя."
)

# What one who sets a condition does first, so as not to be locked out by it.
HOW = {
    Condition.Kind.ACQUAINTANCE: "Сначала ознакомьтесь с документом.",
    Condition.Kind.TRAINING: "Сначала отнесите к элементу своё подтверждённое обучение.",
    Condition.Kind.SECOND_FACTOR: "Сначала включите второй шаг входа в своём кабинете.",
    Condition.Kind.NETWORK: "Установите его, находясь в сети школы.",
}


class CyclicParts(ValueError):
    """An element was to become a part of its own part."""


@transaction.atomic
def save_element(element: Element, *, by: Actor, basis: str = "") -> Element:
    """Adds or changes an element, the closure in force of it and of all parts below.

    A library, and a part of one, is never closed above 1 (10.1). Raises CyclicParts, ValidationError.
    """
    old = Element.objects.select_for_update().filter(pk=element.pk).first() if element.pk else None
    _refuse_cycles(element)
    element.closure = _effective(element)
    _refuse_closed_library(element)
    element.save()
    _spread_closure(element)
    before = audit.snapshot(old, AUDITED) if old else {}
    changes = audit.difference(before, audit.snapshot(element, AUDITED))
    if old is None or {"parent", "own_closure"} & changes.keys():
        _settle(element, is_new=old is None)
    if changes:
        audit.record(by, "element.changed" if old else "element.added", element, changes, basis)
    SchoolCard.touch_public()
    SchoolCard.touch_access()
    return element


@transaction.atomic
def add_roots(elements: list[Element], *, by: Actor, basis: str = "") -> list[Element]:
    """Adds whole elements, none a part of another, all at once: the same effects as `save_element` for each."""
    for element in elements:
        element.closure = _effective(element)
        _refuse_closed_library(element)
        element.prepare_search()
    added = Element.objects.bulk_create(elements)
    Reach.objects.bulk_create(row for element in added for row in reach.rows_of(element, {}))
    audit.record_many(
        audit.entry(by, "element.added", element, audit.difference({}, audit.snapshot(element, AUDITED)), basis)
        for element in added
    )
    SchoolCard.touch_public()
    SchoolCard.touch_access()
    return added


@transaction.atomic
def tighten(element: Element, closure: int, *, by: Actor, basis: str = "") -> Element:
    """An element's administrator closes the own element or part more; never less (access.md, «Levels»).

    Effects: the closure in force of it and of parts below; audit. Raises ValidationError.
    """
    row = Element.objects.select_for_update().get(pk=element.pk)
    if closure <= row.closure:
        name = levels.names(SchoolCard.current())[row.closure]
        raise ValidationError(
            f"Сейчас уровень «{name}». Администратор элемента может только ужесточить его; "
            "ослабляет системный администратор по политике безопасности школы."
        )
    # The policy that had set the former closure is not the ground of this one.
    row.own_closure, row.closure_ground = closure, None
    return save_element(row, by=by, basis=basis)


@transaction.atomic
def set_closure(
    element: Element, closure: int | None, *, by: Actor, ground: Document | None = None, basis: str = ""
) -> Element:
    """The system administrator sets any closure, under a document of the school's security policy (5.3).

    None takes it from the element above. Effects: as of `tighten`. Raises ValidationError.
    """
    if by.person and not by.person.is_system_administrator:
        raise ValidationError("Любой уровень закрытости устанавливает только системный администратор.")
    row = Element.objects.select_for_update().get(pk=element.pk)
    if closure is None and row.parent_id is None:
        raise ValidationError("Элемент ни в какой другой не входит: взять уровень не у кого.")
    row.own_closure, row.closure_ground = closure, ground
    return save_element(row, by=by, basis=basis)


@transaction.atomic
def change_card(element: Element, values: dict, *, seen: str, by: Actor, basis: str = "") -> Element:
    """An element's administrator changes what its card says: these fields and no others.

    `seen` is when the card that was edited had last been changed (ISO). Raises ValidationError, of a card changed
    since by somebody else too.
    """
    row = Element.objects.select_for_update().get(pk=element.pk)
    if row.updated_at.isoformat() != seen:
        raise ValidationError("Пока вы правили карточку, её изменил кто-то ещё. Откройте страницу заново и повторите.")
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean()
    return save_element(row, by=by, basis=basis)


@transaction.atomic
def describe_library(element: Element, values: dict, *, by: Actor) -> Element:
    """An element's administrator says how one gets into the library (10.4, 10.5): these fields and no others.

    That an element is no library any more, and may be closed (10.1), the system administrator says. Raises
    ValidationError.
    """
    row = Element.objects.select_for_update().get(pk=element.pk)
    if row.is_library and not values["library_way"] and by.person and not by.person.is_system_administrator:
        raise ValidationError({"library_way": "Что это больше не библиотека, решает системный администратор (10.1)."})
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean()
    return save_element(row, by=by)


@transaction.atomic
def govern(element: Element, documents: Iterable[Document], *, by: Actor) -> None:
    """Names the local acts that govern access to the element (3.3), these and no others; audited."""
    before, after = list(element.governed_by.all()), sorted(documents, key=lambda one: one.title)
    if {one.pk for one in before} == {one.pk for one in after}:
        return
    element.governed_by.set(after)
    audit.record(by, "element.governed", element, {"acts": [[str(one) for one in acts] for acts in (before, after)]})
    SchoolCard.touch_public()


@transaction.atomic
def rename_level(level: Level, *, by: Actor, basis: str = "") -> Level:
    """Changes what a level of closure is called (5.2); its number stays. Raises ValidationError."""
    saved = save_row(level, by=by, basis=basis)
    # Guests read the names too, and the sentences of the one rule say them.
    SchoolCard.touch_public()
    SchoolCard.touch_access()
    return saved


@transaction.atomic
def add_condition(condition: Condition, *, by: Actor, basis: str = "") -> Condition:
    """Binds an element by a condition, for its administrators too. Audited. Raises ValidationError.

    Refused: a school network where the school has named none, and what would lock out the one who sets it.
    """
    _refuse_no_network(condition)
    _refuse_lockout(condition, by)
    saved = save_row(condition, by=by, basis=basis)
    SchoolCard.touch_access()
    return saved


@transaction.atomic
def remove_condition(condition: Condition, *, by: Actor, basis: str = "") -> None:
    """The element is not bound by it any more. Audited. Raises ValidationError.

    As with closure, an element's administrator tightens; the system administrator alone loosens (access.md, «Levels»).
    """
    if by.person and not by.person.is_system_administrator:
        raise ValidationError("Условие снимает системный администратор: администратор элемента только ужесточает.")
    changes = {
        name: [value, None] for name, value in audit.snapshot(condition, ("element", "kind", "document")).items()
    }
    audit.record(by, "condition.deleted", condition, changes, basis)
    condition.delete()
    SchoolCard.touch_access()


def record_opening(element: Element, *, page: str, by: Actor) -> None:
    """Every opening of level 4-5 material leaves a trace (access.md): who, when, from where, which page."""
    audit.record(by, "element.opened", element, basis=page[:300])


def _refuse_no_network(condition: Condition) -> None:
    if condition.kind == Condition.Kind.NETWORK and not SchoolCard.current().local_networks.strip():
        raise ValidationError("В карточке школы не указаны её сети: условие не смог бы выполнить никто.")
    if condition.kind == Condition.Kind.NETWORK and programmes.named_below(condition.element):
        raise ValidationError("Элемент назван в рабочих программах: ими пользуются из любой точки (пункт 2.2).")


def _refuse_lockout(condition: Condition, by: Actor) -> None:
    """Whoever administers the element and does not meet the condition would not get in to take it back."""
    if by.person is None:
        return
    asker = asker_by(by)
    need = Need(condition.kind, condition.element_id, condition.element.name, condition.document_id)
    if access.decide(asker, condition.element, ADMINISTER).allowed and not asker.meets(need):
        raise ValidationError(f"Сейчас вы сами не выполняете это условие и закрыли бы элемент себе. {HOW[need.kind]}")


def _refuse_cycles(element: Element) -> None:
    above, seen = element.parent, set()
    while above is not None:
        if above.pk == element.pk or above.pk in seen:
            raise CyclicParts("Элемент не может быть частью собственной части.")
        seen.add(above.pk)
        above = above.parent


def _refuse_closed_library(element: Element) -> None:
    """The element itself, and whatever stands within a library."""
    within = element.is_library or (element.parent is not None and reach.is_within_library(element.parent))
    if within and element.closure > AUTHORISED:
        raise ValidationError({"own_closure": LIBRARY_IS_OPEN})
    if element.is_library and element.pk and _closed_parts(element):
        raise ValidationError({"library_way": f"{LIBRARY_IS_OPEN} У элемента есть закрытые части."})


def _closed_parts(element: Element) -> bool:
    parts = Element.objects.filter(reached_from__above=element).exclude(pk=element.pk)
    return parts.filter(own_closure__gt=AUTHORISED).exists()


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


def _settle(element: Element, *, is_new: bool) -> None:
    """The element's place in the tree; a new root has nothing above and nothing below."""
    if is_new and element.parent_id is None:
        reach.write([element], {})
    else:
        reach.rebuild(element)
