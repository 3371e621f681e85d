"""The registry from a file: kept to be looked at, then carried out as it was seen (issue of the registry, 3.4)."""

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.actions import files
from accounts.actor import Actor
from accounts.importing.plan import read_source
from accounts.models import AuditEntry, SchoolCard, StoredFile
from resources import reach
from resources.actions.elements import AUDITED
from resources.importing.columns import COLUMNS
from resources.importing.file_plan import FilePlan, Outcome, plan_of
from resources.models import Element

FILE_KIND = "registry"
WRITTEN = [column.key for column in COLUMNS if column.key != "slug"] + ["closure", "search", "updated_at"]
BASIS = "Загрузка реестра из файла"


class StalePlan(ValidationError):
    """The file or the registry has changed since the plan was seen."""


STALE = StalePlan("Пока вы смотрели, реестр изменился. Посмотрите ещё раз, что получится, и подтвердите.")


def keep_file(upload: UploadedFile, *, by: Actor) -> StoredFile:
    """Keeps the file to be looked at; it goes a day later by itself, and the registry stays. Raises FileRefused."""
    return files.store(upload, kind=FILE_KIND, by=by, owner=by.person)


def load_file(file: StoredFile, seen: str, *, by: Actor, basis: str = "") -> FilePlan:
    """Carries out the plan of the file that was seen, all or nothing.

    Effects: elements added and changed, closures in force and places in the tree of them and of parts below; an audit
    entry for each and one for the file. Raises StalePlan where the plan is another by now, ValidationError for mistakes
    and for anybody but the system administrator (closure is his, 5.3), TableError.
    """
    if by.person and not by.person.is_system_administrator:
        raise ValidationError("Реестр из файла загружает системный администратор.")
    try:
        with transaction.atomic():
            return _load(file, seen, by, basis.strip() or BASIS)
    except IntegrityError as error:
        # Somebody added the same element this very moment.
        raise STALE from error


def _load(file: StoredFile, seen: str, by: Actor, basis: str) -> FilePlan:
    elements = {one.slug: one for one in Element.objects.select_for_update().order_by("pk")}
    plan = plan_of(read_source(file))
    if plan.mark != seen:
        raise STALE
    if plan.has_errors:
        raise ValidationError("В файле есть ошибки: исправьте их и загрузите файл снова.")
    before = {slug: audit.snapshot(one, AUDITED) for slug, one in elements.items()}
    _free_numbers(plan)
    new = _add(plan, elements)
    _change(plan, elements, added=new)
    reach.rebuild_all()
    audit.record_many(_entries(plan, elements, before, by, basis))
    counts = {outcome.name.lower(): plan.count(outcome) for outcome in Outcome if outcome != Outcome.ERROR}
    audit.record(by, "registry.loaded", file, {name: [None, count] for name, count in counts.items()}, basis)
    SchoolCard.touch_public()
    SchoolCard.touch_access()
    return plan


def _free_numbers(plan: FilePlan) -> None:
    """Numbers may change places: each is free before it is given."""
    changing = [item.slug for item in plan.items if item.known and "number" in item.differing]
    Element.objects.filter(slug__in=changing).update(number=None)


def _add(plan: FilePlan, elements: dict[str, Element]) -> set[str]:
    """New elements, wholes before parts. Returns their slugs."""
    by_depth: dict[int, list[str]] = {}
    for item in plan.items:
        if item.outcome == Outcome.NEW:
            elements[item.slug] = _filled(Element(slug=item.slug), item.values)
            by_depth.setdefault(plan.tree.depth(item.slug), []).append(item.slug)
    for _, slugs in sorted(by_depth.items()):
        for slug in slugs:
            _place(slug, elements, plan)
        Element.objects.bulk_create([elements[slug] for slug in slugs], batch_size=500)
    return {slug for slugs in by_depth.values() for slug in slugs}


def _change(plan: FilePlan, elements: dict[str, Element], *, added: set[str]) -> None:
    """What the file has otherwise; and the closure in force of whatever stands below."""
    touched = []
    for item in plan.items:
        if item.outcome == Outcome.CHANGED:
            element = _filled(elements[item.slug], {key: item.values[key] for key in item.differing})
            element.updated_at = timezone.now()
            touched.append(item.slug)
    inheriting = [
        slug for slug, one in elements.items()
        if slug not in added and slug not in touched and one.closure != plan.tree.closure(slug)
    ]  # fmt: skip
    for slug in touched + inheriting:
        _place(slug, elements, plan)
    Element.objects.bulk_update([elements[slug] for slug in touched + inheriting], WRITTEN, batch_size=200)


def _filled(element: Element, values: dict) -> Element:
    for key, value in values.items():
        if key != "parent":
            setattr(element, key, value)
    element.prepare_search()
    return element


def _place(slug: str, elements: dict[str, Element], plan: FilePlan) -> None:
    parent = plan.tree.parents[slug]
    elements[slug].parent = elements[parent] if parent else None
    elements[slug].closure = plan.tree.closure(slug)


def _entries(
    plan: FilePlan, elements: dict[str, Element], before: dict[str, dict], by: Actor, basis: str
) -> list[AuditEntry]:
    found = []
    for item in plan.items:
        element, old = elements[item.slug], before.get(item.slug)
        changes = audit.difference(old or {}, audit.snapshot(element, AUDITED))
        if changes:
            found.append(audit.entry(by, "element.changed" if old else "element.added", element, changes, basis))
    return found
