"""The audit trail of an element as its administrator reads it, without the audit section (5.6). Reads only."""

import dataclasses
from collections.abc import Iterable

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

from accounts import history
from accounts.models import AuditEntry, User
from resources.asker import Asker
from resources.models import AccessRequest, Condition, Element, ExternalCredential, Privilege, TrainingElement

# Rows about an element that stay on record; those that are deleted are found by what their entries say. What people
# have noted for themselves is theirs alone.
KEPT = {
    Privilege: Privilege.objects.all,
    ExternalCredential: ExternalCredential.objects.issued,
    AccessRequest: AccessRequest.objects.all,
}
DELETED = (Condition, TrainingElement)
ADMINISTRATOR = "administrator"


def of(element: Element) -> QuerySet[AuditEntry]:
    """Entries about the element, its privileges, issued credentials, requests, conditions, trainings; newest first."""
    about = Q(object_type=Element._meta.label_lower, object_id=str(element.pk)) & ~Q(action="element.opened")
    for model, rows in KEPT.items():
        keys = rows().filter(element=element).order_by().annotate(as_text=Cast("pk", CharField())).values("as_text")
        about |= Q(object_type=model._meta.label_lower, object_id__in=keys)
    for model in DELETED:
        mine = Q(changes__element__0=element.pk) | Q(changes__element__1=element.pk)
        about |= Q(object_type=model._meta.label_lower) & mine
    return AuditEntry.objects.filter(about).select_related("actor").order_by("-pk")


def lines(entries: Iterable[AuditEntry], asker: Asker) -> list[history.Line]:
    """In words; addresses and logins of people, and links into the audit section, are the system administrator's."""
    entries = list(entries)
    found = _with_names(entries, history.lines(entries))
    if asker.is_system_administrator:
        return found
    return [dataclasses.replace(line, login="", address="", url="") for line in found]


def _with_names(entries: list[AuditEntry], found: list[history.Line]) -> list[history.Line]:
    """The trail keeps an administrator's key and no name: here the name stands for it, by one query."""
    about = [entry.changes.get(ADMINISTRATOR) or () for entry in entries]
    keys = {key for pair in about for key in pair if key}
    names = {str(one.pk): one.get_full_name() for one in User.objects.filter(pk__in=keys)} if keys else {}
    return [
        dataclasses.replace(line, changes=[_named(change, pair, names) for change in line.changes]) if pair else line
        for line, pair in zip(found, about, strict=True)
    ]


def _named(change: history.Change, pair: list, names: dict[str, str]) -> history.Change:
    before, after = (names.get(key, history.NOTHING) for key in pair)
    return dataclasses.replace(change, before=before, after=after)
