"""Which trainings prepare for an element."""

from collections.abc import Iterable

from django.db import transaction

from accounts import audit
from accounts.actor import Actor
from accounts.models import Training
from resources.models import Element, TrainingElement


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
