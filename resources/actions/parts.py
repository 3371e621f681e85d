"""Parts of an element: added, put in order by the administrator of the whole (5.2)."""

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.actor import Actor
from accounts.models import SchoolCard
from eios.lib.russian import transliterate
from resources.actions.elements import save_element
from resources.models import Element

SLUG_LENGTH = 60
STEP = 10


@transaction.atomic
def add_part(parent: Element, *, name: str, by: Actor, purpose: str = "", own_closure: int | None = None) -> Element:
    """A new part stands last; kind, component and door are the whole's, the address of its card comes from its name.

    Its closure is the whole's, or its own: not below, unless the system administrator sets it. Raises ValidationError.
    """
    whole = Element.objects.select_for_update().get(pk=parent.pk)
    is_below = own_closure is not None and own_closure < whole.closure
    if is_below and by.person and not by.person.is_system_administrator:
        raise ValidationError(
            "Часть не может быть открытее своего элемента: ослабляет закрытость системный администратор."
        )
    if whole.parts.filter(name=name).exists():
        raise ValidationError(f"Часть «{name}» у этого элемента уже есть.")
    last = whole.parts.order_by("-order").values_list("order", flat=True).first() or 0
    part = Element(
        slug=_free_slug(whole, name), parent=whole, name=name, kind=whole.kind, component=whole.component,
        outside_access=whole.outside_access, keeping=whole.keeping, purpose=purpose, own_closure=own_closure,
        contact=whole.contact, order=min(last + STEP, 32_000),
    )  # fmt: skip
    part.full_clean()
    return save_element(part, by=by)


@transaction.atomic
def move_part(part: Element, *, up: bool, by: Actor) -> None:
    """The part changes places with the one before it, or after it; the first and the last stay. Audited."""
    whole = Element.objects.select_for_update().get(pk=part.parent_id)
    parts = list(whole.parts.all())
    here = next(n for n, one in enumerate(parts) if one.pk == part.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(parts):
        return
    parts[here], parts[there] = parts[there], parts[here]
    for place, one in enumerate(parts, 1):
        if one.order != place * STEP:
            audit.record(by, "element.changed", one, {"order": [one.order, place * STEP]})
            Element.objects.filter(pk=one.pk).update(order=place * STEP)
    SchoolCard.touch_public()


def _free_slug(whole: Element, name: str) -> str:
    """«neb» and «Как получить код» → neb-kak-poluchit-kod; with a number where that is taken."""
    words = "-".join(filter(None, map(transliterate, name.replace("-", " ").split()))) or "chast"
    stem = f"{whole.slug[:30]}-{words}"[: SLUG_LENGTH - 4].strip("-")
    taken = set(Element.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(slug for slug in (stem, *(f"{stem}-{n}" for n in range(2, 1000))) if slug not in taken)
