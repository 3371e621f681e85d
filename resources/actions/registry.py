"""Loading the registry that the Regulation prints, and the portal's own sections."""

from django.db import transaction

from accounts.actor import Actor
from resources import importing
from resources.actions.elements import add_roots, save_element
from resources.models import Element, Level


@transaction.atomic
def load_registry(*, by: Actor, update: bool = False) -> importing.Plan:
    """The 18 rows of clause 4.5, the built-in sections and the levels. What the school changed stays, unless `update`.

    Raises importing.RegistryFileError where a data file is damaged or a row is wrong; nothing is then saved.
    """
    rows = importing.read_elements(importing.DATA / "platforms.toml", Element.Kind.EXTERNAL)
    rows += importing.read_elements(importing.DATA / "sections.toml", Element.Kind.BUILT_IN)
    plan = importing.plan(rows)
    if plan.errors:
        raise importing.RegistryFileError("\n".join(plan.errors))
    add_roots(plan.new, by=by, basis="Таблица пункта 4.5 Положения")
    for element, changes in plan.changed if update else []:
        for name, (_, value) in changes.items():
            setattr(element, name, value)
        save_element(element, by=by, basis="Таблица пункта 4.5 Положения")
    Level.objects.bulk_create(importing.read_levels(), ignore_conflicts=True)
    return plan
