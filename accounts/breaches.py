"""The register of breaches: which rows a list shows, and which entries of the trail may be evidence. Reads only."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import AuditEntry, Breach, BreachEvidence


def listed(filters: dict) -> QuerySet[Breach]:
    """Newest first, with the person and the order of each."""
    found = Breach.objects.all()
    if filters["q"]:
        found = found.matching(filters["q"])
    if filters["state"]:
        found = found.filter(state=filters["state"])
    if filters["kind"]:
        found = found.filter(kind=filters["kind"])
    return found.select_related("person", "order").order_by("-happened_on", "-pk")


def candidates(breach: Breach, filters: dict) -> QuerySet[AuditEntry]:
    """Entries not chosen yet: by the words of who did it, the action and days; `concerned` narrows to what the person
    concerned did or what was done with this person's account."""
    wanted = {name: filters[name] for name in ("q", "action", "starts", "ends")}
    found = AuditEntry.objects.matching(**wanted).filter(~Exists(_chosen(breach)))
    if filters["concerned"] and breach.person_id:
        about = Q(object_type="accounts.user", object_id=str(breach.person_id))
        found = found.filter(Q(actor=breach.person_id) | about)
    return found.select_related("actor").order_by("-pk")


def _chosen(breach: Breach) -> QuerySet[BreachEvidence]:
    return BreachEvidence.objects.filter(breach=breach, entry=OuterRef("pk"))


def evidence_of(breach: Breach) -> QuerySet[BreachEvidence]:
    """The chosen entries in the order in which they were written."""
    return breach.evidence_rows.select_related("entry__actor", "added_by").order_by("entry")
